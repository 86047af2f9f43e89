package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
	"kapu/vault/internal/credstore"
)

// The keys to an office's store are guarded as the vault is: where the keychain alone opens that, in an item of their
// own; where a PIN or a password is wanted, or there is no keychain, in a file that only the open vault can read.

const (
	storeItemPrefix  = "kapu-store " // not that of vaults' keys, among which a moved vault's is looked for
	storeKeysFile    = "office/store-keys.age"
	storeKeysContext = "store-keys"
)

// KeepStoreKeys stores the credentials of an office's store, by address.
func (d Door) KeepStoreKeys(ctx context.Context, v *Vault, address, access, secret string) error {
	if d.Method() == Keychain {
		if storeItem(ctx, storeItemPrefix+address, access+"\n"+secret) == nil {
			return d.changeStoreKeys(v, func(keys map[string][2]string) { delete(keys, address) })
		}
	}
	return d.changeStoreKeys(v, func(keys map[string][2]string) { keys[address] = [2]string{access, secret} })
}

// StoreKeys returns the credentials of an office's store; two empty texts if none are stored.
func (d Door) StoreKeys(ctx context.Context, v *Vault, address string) (access, secret string, err error) {
	keys, err := d.storeKeys(v)
	if pair, ok := keys[address]; ok || err != nil {
		return pair[0], pair[1], err
	}
	text, err := loadItem(ctx, storeItemPrefix+address)
	if errors.Is(err, credstore.ErrNotFound) || errors.Is(err, ErrKeychain) {
		return "", "", nil // they may be in the environment
	}
	access, secret, _ = strings.Cut(text, "\n")
	return access, secret, err
}

// DropStoreKeys deletes the credentials of an office's store. Idempotent.
func (d Door) DropStoreKeys(ctx context.Context, v *Vault, address string) error {
	err := removeItem(ctx, storeItemPrefix+address)
	if errors.Is(err, ErrKeychain) { // then there is nothing to be had from it either
		err = nil
	}
	return errors.Join(err, d.changeStoreKeys(v, func(keys map[string][2]string) { delete(keys, address) }))
}

func (d Door) storeKeysPath() string { return d.beside(storeKeysFile) }

func (d Door) storeKeys(v *Vault) (map[string][2]string, error) {
	keys := map[string][2]string{}
	sealed, err := disk.ReadFile(d.storeKeysPath())
	if errors.Is(err, fs.ErrNotExist) {
		return keys, nil
	}
	if err == nil {
		var body []byte
		if body, err = seal.Open(storeKeysContext, sealed, v.id, v.id.Public()); err == nil {
			err = json.Unmarshal(body, &keys)
		}
	}
	if err != nil {
		return nil, lang.E("store-keys-unreadable", "Path", d.storeKeysPath(), "Reason", err)
	}
	return keys, nil
}

// changeStoreKeys rewrites the file; without keys there is none.
func (d Door) changeStoreKeys(v *Vault, change func(map[string][2]string)) error {
	keys, err := d.storeKeys(v)
	if err != nil {
		return err
	}
	change(keys)
	path := d.storeKeysPath()
	if len(keys) == 0 {
		err = disk.Remove(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		var body, sealed []byte
		if body, err = json.Marshal(keys); err == nil {
			sealed, err = seal.Seal(storeKeysContext, body, v.id, v.id.Public())
		}
		if err == nil {
			err = disk.Subfolder(filepath.Dir(path))
		}
		if err == nil {
			err = disk.Replace(path, sealed)
		}
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", path, "Reason", err)
	}
	return nil
}
