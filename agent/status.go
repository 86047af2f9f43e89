package agent

import (
	"context"
	"errors"

	"kapu/config"
	"kapu/vault"
)

// StatusOf says how things stand, locked or not. Of a locked vault it reads what its files say without a key.
func StatusOf(ctx context.Context, paths config.Paths) (Status, error) {
	c, err := Dial(ctx, paths)
	var s Status
	if err == nil {
		s, err = c.Status(ctx)
	}
	if !errors.Is(err, ErrLocked) { // which an agent that ends meanwhile is too
		return s, err
	}
	if err := paths.Trusted(); err != nil {
		return Status{}, err // before the person is asked for anything
	}
	s = Status{Locked: true, Vault: vault.Path(paths.Vault)}
	exists, err := HasVault(paths)
	if exists {
		door := vault.Door{Dir: paths.Vault, State: paths.State}
		s.Method, s.RecoveryKept = door.Method(), door.RecoveryKept()
	}
	return s, err
}

// NoVault returns a sentence if there is no vault yet, or it is gone, or that cannot be said; nil if there is one.
func NoVault(paths config.Paths) error {
	return vault.Door{Dir: paths.Vault, State: paths.State}.Missing()
}

// HasBackups says whether backups are left of a vault, wherever that is.
func HasBackups(paths config.Paths) bool {
	return vault.Door{Dir: paths.Vault, State: paths.State}.HasBackups()
}

// Unopenable says whether an error of unlocking will not pass by trying again: the vault is damaged or gone, or its key
// is. A backup or the recovery key helps.
func Unopenable(err error) bool {
	return errors.Is(err, vault.ErrDamaged) || errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrNone)
}

// HasVault says whether there is a vault, locked or not.
func HasVault(paths config.Paths) (bool, error) { return vault.Exists(paths.Vault) }

// The ways to unlock a vault.
const (
	Keychain = vault.Keychain
	PIN      = vault.PIN
	Password = vault.Password
)

// IsRecoveryKey says whether a text is meant to be a recovery key; it may still be mistyped.
func IsRecoveryKey(text string) bool { return vault.IsRecoveryKey(text) }

// CheckKey says whether a text can be an account's key, before the person fills in the rest; if not, in a sentence.
func CheckKey(text string) error {
	_, err := vault.ParseKey(text)
	return err
}
