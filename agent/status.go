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
	if err == nil {
		return c.Status(ctx)
	}
	if !errors.Is(err, ErrLocked) {
		return Status{}, err
	}
	s := Status{Locked: true, Vault: vault.Path(paths.Vault)}
	exists, err := HasVault(paths)
	if exists {
		door := vault.Door{Dir: paths.Vault, State: paths.State}
		s.Method, s.RecoveryKept = door.Method(), door.RecoveryKept()
	}
	return s, err
}

// HasVault says whether there is a vault, locked or not.
func HasVault(paths config.Paths) (bool, error) { return vault.Exists(paths.Vault) }

// The ways to unlock a vault.
const (
	Keychain = vault.Keychain
	PIN      = vault.PIN
	Password = vault.Password
)

// CheckKey says whether a text can be an account's key, before the person fills in the rest; if not, in a sentence.
func CheckKey(text string) error {
	_, err := vault.ParseKey(text)
	return err
}
