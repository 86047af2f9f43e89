package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"time"

	"kapu/internal/build"
	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Archive is a full backup in one passphrase-encrypted file, made to be carried to a new machine: accounts and clients,
// the settings, and the recovery key, so that the vault there is the same vault.
type Archive struct {
	*Contents
	Config string // the text of config.toml; "" if there was none
	id     *seal.Identity
}

// archiveFormat is the version of an archive's JSON, beside that of the vault's body in it.
const archiveFormat = 1

// archiveBody is the JSON in the file; docs/formats.md specifies it.
type archiveBody struct {
	Backup      int             `json:"backup"` // archiveFormat
	Program     string          `json:"program"`
	Made        time.Time       `json:"made"`
	RecoveryKey string          `json:"recovery_key"`
	Config      string          `json:"config"`
	Vault       json.RawMessage `json:"vault"` // as in the vault's own file
}

// maxArchive is the largest archive that is read: a vault of a hundred thousand clients is half of it.
const maxArchive = 64 << 20

// Archive serializes an open vault with the person's settings and encrypts it to a passphrase. Accounts for which leave
// is true stay out; then the undo history does too, for it may hold them.
func (v *Vault) Archive(settings, passphrase string, leave func(*Account) bool) ([]byte, error) {
	if err := checkPassword(passphrase); err != nil {
		return nil, err
	}
	program := "kapu " + build.Version
	body, err := encode(v.Contents().without(leave), program)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(archiveBody{archiveFormat, program, time.Now().UTC().Truncate(time.Second), v.id.String(), settings, body})
	if err != nil {
		return nil, err
	}
	return seal.SealPassphrase(plain, passphrase, seal.WorkPassword)
}

// without is a filtered copy, no save but the successor of one: the same contents without some accounts, their clients,
// and the undo history.
func (c *Contents) without(leave func(*Account) bool) *Contents {
	gone := map[string]bool{}
	for i := range c.Accounts {
		if leave(&c.Accounts[i]) {
			gone[c.Accounts[i].ID] = true
		}
	}
	next := newContents(
		slices.DeleteFunc(slices.Clone(c.Accounts), func(a Account) bool { return gone[a.ID] }),
		slices.DeleteFunc(slices.Clone(c.Clients), func(l Client) bool { return gone[l.Account] }))
	next.Generation, next.Saved, next.Formers = c.Generation, c.Saved, slices.Clone(c.Formers)
	next.follow(c)
	next.logEnds = nil // the log is not in an archive
	if len(gone) == 0 {
		next.Undos = c.Undos
	} else {
		next.dropFormers()
	}
	return next
}

// IsArchive is a magic-number check: the file is an age file with a passphrase recipient, and so may be an archive.
func IsArchive(data []byte) bool {
	return bytes.HasPrefix(data, []byte("age-encryption.org/v1\n-> scrypt "))
}

// EmptyArchive is an archive without clients, for a vault of which only the recovery key is left. The restored vault
// has the old identity, so the office replicates to it what was the office's.
func EmptyArchive(recoveryKey string) (*Archive, error) {
	id, err := seal.ParseIdentity(recoveryKey)
	if err != nil {
		return nil, lang.E("recovery-form").Kind(ErrSecret)
	}
	return &Archive{Contents: newContents(nil, nil), id: id}, nil
}

// OpenCopy decrypts a copy of a vault's file, or one of its backups, with the recovery key.
func OpenCopy(data []byte, recoveryKey string) (*Archive, error) {
	a, err := EmptyArchive(recoveryKey)
	if err != nil {
		return nil, err
	}
	if a.Contents, err = (&Vault{id: a.id}).unseal(data); err != nil {
		return nil, lang.E("copy-other", "Reason", err).Kind(ErrDamaged)
	}
	return a, nil
}

// OpenArchive decrypts and parses an archive: ErrSecret for a wrong passphrase, ErrDamaged, ErrNewer.
func OpenArchive(data []byte, passphrase string) (*Archive, error) {
	plain, err := seal.OpenPassphrase(data, passphrase, maxArchive)
	if errors.Is(err, seal.ErrPassphrase) {
		return nil, lang.E("archive-passphrase").Kind(ErrSecret)
	}
	if err != nil {
		return nil, lang.E("archive-damaged", "Reason", err).Kind(ErrDamaged)
	}
	var body archiveBody
	if err := json.Unmarshal(plain, &body); err != nil || body.Backup < 1 {
		return nil, lang.E("archive-other").Kind(ErrDamaged)
	}
	if body.Backup > archiveFormat {
		return nil, lang.E("vault-newer", "Program", body.Program).Kind(ErrNewer)
	}
	a := &Archive{Config: body.Config}
	a.id, err = seal.ParseIdentity(body.RecoveryKey)
	if err == nil {
		a.Contents, err = decode(body.Vault)
	}
	if errors.Is(err, ErrNewer) {
		return nil, err
	}
	if err != nil {
		return nil, lang.E("archive-damaged", "Reason", err).Kind(ErrDamaged)
	}
	return a, nil
}

// RestoreArchive makes the vault of an archive where there is none, with a way to unlock it that works here.
func (d Door) RestoreArchive(ctx context.Context, a *Archive, method, secret string) (*Vault, error) {
	switch exists, err := Exists(d.Dir); {
	case err != nil:
		return nil, err
	case exists:
		return nil, lang.E("archive-vault-exists", "Path", d.path()).Kind(ErrExists)
	}
	if err := disk.Folder(d.Dir); err != nil {
		return nil, lang.E("vault-unwritable", "Path", d.Dir, "Reason", err)
	}
	if err := d.free(ctx, a.id); err != nil {
		return nil, err
	}
	if method == "" {
		method = Keychain
	}
	if err := d.protect(ctx, a.id, method, secret); err != nil {
		if errors.Is(err, ErrKeychain) {
			return nil, lang.E("archive-no-keychain", "Reason", err).Kind(err)
		}
		return nil, err
	}
	contents := newContents(a.Accounts, a.Clients)
	contents.Generation, contents.Undos, contents.Formers = a.Generation, a.Undos, a.Formers
	contents.follow(a.Contents)
	contents.logEnds = nil
	if err := d.at(a.id, method).create(contents); err != nil {
		return nil, err
	}
	return d.open(a.id, method)
}

// free makes sure that no other vault's key would be lost: the vault of this path may only be out of reach.
func (d Door) free(ctx context.Context, id *seal.Identity) error {
	if newest, ok := at(d.Dir, nil).backups.newest(); ok {
		return lang.E("vault-missing", "Path", d.path(), "Backup", newest).Kind(ErrNone)
	}
	if _, err := os.Stat(d.keyFile()); err == nil {
		return lang.E("archive-key-exists", "Where", d.keyFile()).Kind(ErrExists)
	}
	k := keychain{d.path()}
	switch text, err := k.load(ctx); {
	case errors.Is(err, ErrNoKey) || errors.Is(err, ErrKeychain): // nothing there, or nothing to lose it from
		return nil
	case err != nil:
		return err
	case text != id.String():
		return lang.E("archive-key-exists", "Where", k.item()).Kind(ErrExists)
	}
	return nil
}
