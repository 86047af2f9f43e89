package keeper

import (
	"context"
	"errors"
	"path/filepath"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/disk"
	"kapu/vault"
)

// unlock opens the vault in the way the options say, asking the person where a PIN or password is wanted. settings is
// the path where those of an archive go.
func unlock(
	ctx context.Context, d vault.Door, opts agent.StartOptions, settings string, p prompt, a *auditor,
) (*vault.Vault, error) {
	for wrong := error(nil); ; {
		v, err := unlockOnce(ctx, d, opts, settings, p.ask(opts.Secret, wrong))
		a.refused("locked", err)
		if opts.Secret != "" || opts.RecoveryKey != "" || opts.Archive != nil || !errors.Is(err, vault.ErrSecret) {
			return v, err
		}
		wrong = err // the person mistyped in a dialog: it comes again, with the reason
	}
}

func unlockOnce(ctx context.Context, d vault.Door, opts agent.StartOptions, settings string, ask vault.Ask) (*vault.Vault, error) {
	switch {
	case opts.Archive != nil, opts.RecoveryKey != "" && opts.Create:
		return restoreArchive(ctx, d, opts, settings)
	case opts.RecoveryKey != "":
		return d.Recover(ctx, opts.RecoveryKey, opts.Method, opts.Secret)
	case opts.List:
		return d.UnlockBackups(ctx, ask)
	case opts.Restore != "":
		v, err := d.UnlockBackups(ctx, ask)
		if err == nil {
			err = tellOffice(ctx, v)
		}
		if err == nil {
			_, err = v.Restore(ctx, opts.Restore)
		}
		return v, err
	}
	if opts.Create {
		exists, err := vault.Exists(d.Dir)
		if err != nil {
			return nil, err
		}
		if !exists {
			return d.Create(ctx, opts.Method, ask)
		}
	}
	return d.Unlock(ctx, ask)
}

// restoreArchive makes the vault of a backup of everything, or with the recovery key of a copy of the vault or of
// nothing. The backup's settings are put in place where there are none; a failure to do so keeps nobody from their
// codes.
func restoreArchive(ctx context.Context, d vault.Door, opts agent.StartOptions, settings string) (*vault.Vault, error) {
	archive, err := openArchive(opts)
	if err != nil {
		return nil, err
	}
	v, err := d.RestoreArchive(ctx, archive, opts.Method, opts.Secret)
	if err == nil && opts.RecoveryKey != "" {
		v.KeepRecovery() // who types it has it
	}
	if err == nil && archive.Config != "" && disk.TrustedFolder(filepath.Dir(settings)) == nil {
		_ = config.WriteNew(settings, []byte(archive.Config))
	}
	return v, err
}

func openArchive(opts agent.StartOptions) (*vault.Archive, error) {
	switch {
	case opts.RecoveryKey == "":
		return vault.OpenArchive(opts.Archive, opts.Passphrase)
	case opts.Archive == nil:
		return vault.EmptyArchive(opts.RecoveryKey)
	default:
		return vault.OpenCopy(opts.Archive, opts.RecoveryKey)
	}
}
