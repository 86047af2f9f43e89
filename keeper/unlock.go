package keeper

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
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
		if opts.Secret != "" || opts.RecoveryKey != "" || opts.Archive != "" || !errors.Is(err, vault.ErrSecret) {
			return v, err
		}
		wrong = err // the person mistyped in a dialog: it comes again, with the reason
	}
}

func unlockOnce(ctx context.Context, d vault.Door, opts agent.StartOptions, settings string, ask vault.Ask) (*vault.Vault, error) {
	switch {
	case opts.RecoveryKey != "" && opts.Create:
		nothing, err := vault.EmptyArchive(opts.RecoveryKey)
		if err != nil {
			return nil, err
		}
		return d.RestoreArchive(ctx, nothing, opts.Method, opts.Secret)
	case opts.RecoveryKey != "":
		return d.Recover(ctx, opts.RecoveryKey, opts.Method, opts.Secret)
	case opts.Archive != "":
		return restoreArchive(ctx, d, opts, settings)
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

// restoreArchive makes the vault of a backup of everything. Its settings are put in place where there are none; a
// failure to do so keeps nobody from their codes.
func restoreArchive(ctx context.Context, d vault.Door, opts agent.StartOptions, settings string) (*vault.Vault, error) {
	data, err := os.ReadFile(opts.Archive)
	if err != nil {
		return nil, lang.E("archive-unreadable", "Path", opts.Archive, "Reason", err)
	}
	archive, err := vault.OpenArchive(data, opts.Passphrase)
	if err != nil {
		return nil, err
	}
	v, err := d.RestoreArchive(ctx, archive, opts.Method, opts.Secret)
	if err == nil && archive.Config != "" && os.MkdirAll(filepath.Dir(settings), 0o700) == nil {
		_ = config.WriteNew(settings, []byte(archive.Config))
	}
	return v, err
}
