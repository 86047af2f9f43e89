package agent

import (
	"context"
	"errors"

	"kapu/config"
	"kapu/vault"
)

func door(paths config.Paths) vault.Door { return vault.Door{Dir: paths.Vault, State: paths.State} }

// unlock opens the vault in the way the options say, asking the person where a PIN or password is wanted.
func unlock(ctx context.Context, d vault.Door, opts StartOptions, p prompt) (*vault.Vault, error) {
	for wrong := error(nil); ; {
		v, err := unlockOnce(ctx, d, opts, p.ask(opts.Secret, wrong))
		if opts.Secret != "" || opts.RecoveryKey != "" || !errors.Is(err, vault.ErrSecret) {
			return v, err
		}
		wrong = err // the person mistyped in a dialog: it comes again, with the reason
	}
}

func unlockOnce(ctx context.Context, d vault.Door, opts StartOptions, ask vault.Ask) (*vault.Vault, error) {
	switch {
	case opts.RecoveryKey != "":
		return d.Recover(ctx, opts.RecoveryKey, opts.Method, opts.Secret)
	case opts.List:
		return d.UnlockBackups(ctx, ask)
	case opts.Restore != "":
		v, err := d.UnlockBackups(ctx, ask)
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
