package vault

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Protect rewraps the root secret of an open vault by another method. Crash-safe: the new wrapping is written, read
// back and opened before the old one is deleted, so at every moment one of them works. Once it returns nil, the old one
// does not.
func (d Door) Protect(ctx context.Context, v *Vault, method, secret string) error {
	if err := d.protect(ctx, v.id, method, secret); err != nil {
		return err
	}
	v.setMethod(method)
	return nil
}

func (v *Vault) setMethod(method string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.method = method
}

// Authenticate is the step-up check before the person sees or changes what protects the vault: by the PIN or password
// of its method, or by the recovery key. With the method Keychain there is no such secret, and every person passes.
func (d Door) Authenticate(ctx context.Context, v *Vault, secret string) error {
	if IsRecoveryKey(secret) {
		if !sameSecret(v.id, secret) {
			return lang.E("recovery-wrong").Kind(ErrSecret)
		}
		return nil
	}
	method := Keychain
	id, err := d.identity(ctx, noting(&method, Given(secret)))
	if v.Method() == Keychain && (errors.Is(err, ErrKeychain) || errors.Is(err, ErrNoKey)) {
		return nil // the keychain broke meanwhile, and this is the way out of it
	}
	if err == nil && id.String() != v.id.String() {
		err = lang.E("vault-other-key", "Path", d.path()).Kind(ErrSecret)
	}
	if err == nil { // another session may have changed it
		v.setMethod(method)
	}
	return err
}

// IsRecoveryKey says whether a text is meant to be a recovery key; it may still be mistyped.
func IsRecoveryKey(text string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "AGE-")
}

// RecoveryKey is the root secret of an open vault in words for the person.
func (v *Vault) RecoveryKey() string { return v.id.String() }

// Recover opens the vault with the recovery key, where its method does not work any more, and sets a new one. Of a
// vault that is damaged or gone, while backups are left that the key opens, it sets the method and returns what is
// wrong.
func (d Door) Recover(ctx context.Context, key, method, secret string) (*Vault, error) {
	switch exists, err := Exists(d.Dir); {
	case err != nil:
		return nil, err
	case !exists && !d.HasBackups():
		return nil, d.none()
	}
	if method == "" {
		method = Keychain
	}
	id, err := seal.ParseIdentity(key)
	if err != nil {
		return nil, lang.E("recovery-form").Kind(ErrSecret)
	}
	v, openErr := d.open(id, method)
	if err := v.sayRenewed(); err != nil {
		return nil, err
	}
	if errors.Is(openErr, ErrNone) {
		openErr = d.none()
	}
	if openErr != nil && len(v.Backups()) == 0 {
		// Neither the vault nor a backup says that this is the key.
		if errors.Is(openErr, ErrDamaged) {
			openErr = lang.E("recovery-other", "Path", d.path()).Kind(ErrSecret)
		}
		return nil, openErr
	}
	if err := d.protect(ctx, id, method, secret); err != nil {
		return nil, err
	}
	v.KeepRecovery() // who types it has it
	return v, openErr
}

// Fit is the strength policy for a new PIN or password: nil, or ErrWeak with a sentence.
func Fit(method, secret string) error {
	switch method {
	case PIN:
		return checkPIN(secret)
	case Password:
		return checkPassword(secret)
	case Keychain:
		return nil
	default:
		return lang.E("protect-unknown", "Method", method).Kind(ErrInvalid)
	}
}

func (d Door) protect(ctx context.Context, id *seal.Identity, method, secret string) error {
	if err := Fit(method, secret); err != nil {
		return err
	}
	leave, err := d.exclusive(ctx)
	if err != nil {
		return err
	}
	defer leave()
	was := d.recall().Method
	if was != Password || method != Password { // else the keychain is not touched, and there may be none
		d.rememberMethod(changing)
	}
	if method == Password {
		if err := d.writeKeyFile(id, secret); err != nil {
			return err
		}
		d.reached("written")
		return d.deleteFromKeychain(ctx, id, was)
	}
	k, text := keychain{d.path()}, id.String()
	if method == PIN {
		if text, err = d.sealPIN(id, secret); err != nil {
			return err
		}
	}
	if err := k.store(ctx, text); err != nil {
		return err
	}
	d.reached("written")
	if err := d.deleteKeyFile(); err != nil {
		_ = k.remove(ctx) // the password goes on
		return err
	}
	if method == PIN {
		if err := k.removeCopies(ctx, id); err != nil {
			return lang.E("protect-old-left", "Reason", err)
		}
	}
	d.reached("removed")
	d.rememberMethod(method)
	return nil
}

// deleteFromKeychain deletes the key there, under former paths too. Where there never was one, that is no error.
func (d Door) deleteFromKeychain(ctx context.Context, id *seal.Identity, was string) error {
	k := keychain{d.path()}
	err := k.remove(ctx)
	if err == nil {
		err = k.removeCopies(ctx, id)
	}
	usedBefore := was != "" && was != Password
	if err != nil && (usedBefore || !errors.Is(err, ErrKeychain)) {
		return lang.E("protect-old-left", "Reason", err)
	}
	d.reached("removed")
	d.rememberMethod(Password)
	return nil
}

// deleteKeyFile returns when the deletion is on the disk. Idempotent.
func (d Door) deleteKeyFile() error {
	err := disk.Remove(d.keyFile())
	if err == nil {
		err = disk.SyncFolder(filepath.Dir(d.keyFile()))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.E("vault-unwritable", "Path", d.keyFile(), "Reason", err)
	}
	return nil
}

// finishPassword completes a change to the password that was cut off, or that was made on another machine: it deletes
// the key from this machine's keychain. Best effort; the next unlocking tries again.
func (d Door) finishPassword(ctx context.Context, id *seal.Identity) {
	leave, err := d.exclusive(ctx)
	if err != nil {
		return
	}
	defer leave()
	_ = d.deleteFromKeychain(ctx, id, d.recall().Method)
}
