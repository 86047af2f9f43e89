package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/99designs/keyring"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault/internal/quietbus" // initialised before keyring
)

func init() { quietbus.Restore() } // keyring has been initialised by now

// ErrKeychain means that the system's keychain is missing, locked or silent.
var ErrKeychain = errors.New("the system's keychain cannot be used")

// Method is the name of the one way to unlock that this program knows so far.
const Method = "keychain"

// keychain is the system's store of secrets, with one item per vault: the identity's text, nothing else
// (Windows allows 2,560 bytes). The item is named after the vault's path, so that a person who looks into
// their keychain sees what it is for.
type keychain struct{ vault string }

const itemPrefix = "kapu "

// The keychain may ask the person for its own password, which takes a while; a keychain that is open answers
// at once or is broken.
const (
	promptTime = 2 * time.Minute
	answerTime = 10 * time.Second
)

// OpenWithKeychain opens the vault of a folder with the key in the system's keychain.
func OpenWithKeychain(ctx context.Context, dir string) (*Vault, error) {
	switch exists, err := Exists(dir); {
	case err != nil:
		return nil, err
	case !exists:
		return nil, lang.E("vault-none", "Path", Path(dir)).Kind(ErrNone)
	}
	k := keychain{Path(dir)}
	id, err := k.load(ctx)
	if err == nil {
		return Open(dir, id)
	}
	if !errors.Is(err, ErrNoKey) {
		return nil, err
	}
	// The vault may have been moved to another folder: look for its key under other names.
	ids, errAll := k.loadAll(ctx)
	if errAll != nil {
		return nil, errAll
	}
	for _, id := range ids {
		if v, openErr := Open(dir, id); openErr == nil {
			return v, k.store(ctx, id)
		}
	}
	return nil, err
}

// CreateWithKeychain makes an empty vault in a folder and puts its key into the keychain, the key first: a
// vault without a key is worth nothing. A key that is already there for this path is used again, never
// replaced, because the vault it belongs to may only be out of reach.
func CreateWithKeychain(ctx context.Context, dir string) (*Vault, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, lang.E("vault-unwritable", "Path", dir, "Reason", err)
	}
	k := keychain{Path(dir)}
	id, err := k.load(ctx)
	if errors.Is(err, ErrNoKey) {
		if id, err = seal.NewIdentity(); err == nil {
			err = k.store(ctx, id)
		}
	}
	if err != nil {
		return nil, err
	}
	return Create(dir, id)
}

// CheckKeychain says whether the keychain can be used, by looking for an item in it. `kapu doctor` asks.
func CheckKeychain(ctx context.Context, dir string) error {
	_, err := keychain{Path(dir)}.load(ctx)
	if errors.Is(err, ErrNoKey) {
		return nil
	}
	return err
}

func (k keychain) item() string { return itemPrefix + filepath.ToSlash(k.vault) }

func (k keychain) load(ctx context.Context) (*seal.Identity, error) {
	return ask(ctx, func(ring keyring.Keyring) (*seal.Identity, error) {
		it, err := ring.Get(k.item())
		if errors.Is(err, keyring.ErrKeyNotFound) {
			return nil, lang.E("keychain-no-key", "Item", k.item(), "Path", k.vault).Kind(ErrNoKey)
		}
		if err != nil {
			return nil, err
		}
		id, err := seal.ParseIdentity(string(it.Data))
		if err != nil {
			return nil, lang.E("keychain-bad-key", "Item", k.item()).Kind(ErrNoKey)
		}
		return id, nil
	})
}

// loadAll returns every identity of ours in the keychain.
func (k keychain) loadAll(ctx context.Context) ([]*seal.Identity, error) {
	return ask(ctx, func(ring keyring.Keyring) ([]*seal.Identity, error) {
		names, err := ring.Keys()
		if err != nil {
			return nil, err
		}
		var ids []*seal.Identity
		for _, name := range names {
			if !strings.HasPrefix(name, itemPrefix) {
				continue
			}
			if it, err := ring.Get(name); err == nil {
				if id, err := seal.ParseIdentity(string(it.Data)); err == nil {
					ids = append(ids, id)
				}
			}
		}
		return ids, nil
	})
}

// store puts the identity into the keychain and reads it back: a keychain may say yes and keep nothing.
func (k keychain) store(ctx context.Context, id *seal.Identity) error {
	_, err := ask(ctx, func(ring keyring.Keyring) (struct{}, error) {
		err := ring.Set(keyring.Item{Key: k.item(), Label: k.item(), Data: []byte(id.String())})
		if err == nil {
			var it keyring.Item
			if it, err = ring.Get(k.item()); err == nil && string(it.Data) != id.String() {
				err = errors.New("it gave back something else than was stored")
			}
		}
		return struct{}{}, err
	})
	return err
}

// ask runs a question to the keychain behind a time limit. The library has none: a question that is never
// answered stays behind in its goroutine until the process ends.
func ask[T any](ctx context.Context, question func(keyring.Keyring) (T, error)) (T, error) {
	var none T
	wait, err := ready(ctx)
	if err != nil {
		return none, err
	}
	limit, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		ring, err := keyring.Open(keyring.Config{
			ServiceName: "kapu",
			AllowedBackends: []keyring.BackendType{
				keyring.SecretServiceBackend, keyring.KWalletBackend, keyring.WinCredBackend, keyring.KeychainBackend,
			},
			LibSecretCollectionName:  "login", // any other name makes the keychain ask for a new collection
			KWalletAppID:             "kapu",
			KWalletFolder:            "kapu",
			WinCredPrefix:            "kapu",
			KeychainTrustApplication: true,
		})
		if err != nil {
			done <- result{none, err}
			return
		}
		value, err := question(ring)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		var sentence *lang.Error
		if r.err != nil && !errors.As(r.err, &sentence) {
			r.err = lang.E("keychain-missing-"+runtime.GOOS, "Reason", r.err).Kind(ErrKeychain)
		}
		return r.value, r.err
	case <-limit.Done():
		if ctx.Err() != nil {
			return none, ctx.Err() // it was not the keychain that took too long
		}
		return none, lang.E("keychain-silent", "Seconds", int(wait.Seconds())).Kind(ErrKeychain)
	}
}
