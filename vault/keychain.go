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

// keychain is one item in the system's credential store; each vault has one, nothing else (Windows allows 2,560
// bytes). The item is named after the vault's path, so that a person who looks into their keychain sees what it
// is for. It holds the identity's text, or the same sealed to a PIN.
type keychain struct{ vault string }

const itemPrefix = "kapu "

// The keychain may ask the person for its own password, which takes a while; a keychain that is open answers
// at once or is broken.
const (
	promptTime = 2 * time.Minute
	answerTime = 10 * time.Second
)

// CheckKeychain says whether the keychain can be used, and whether it has the key of the vault, if there is one. It
// asks the person nothing: behind a PIN it sees only that there is one. `kapu doctor` asks.
func (d Door) CheckKeychain(ctx context.Context) error {
	exists, err := Exists(d.Dir)
	if err != nil {
		return err
	}
	k := keychain{d.path()}
	text, err := k.load(ctx)
	if errors.Is(err, ErrNoKey) && (!exists || d.keyMoved(ctx)) {
		return nil
	}
	if err != nil || !exists {
		return err
	}
	if isPIN(text) {
		r, err := readPIN(k, text)
		if err == nil && (len(r.Sealed) == 0 || r.Tries >= maxTries) {
			err = lang.E("pin-gone", "N", maxTries).Kind(ErrNoKey)
		}
		return err
	}
	id, err := seal.ParseIdentity(text)
	if err != nil {
		return lang.E("keychain-bad-key", "Item", k.item()).Kind(ErrNoKey)
	}
	_, err = Open(d.Dir, id)
	return err
}

// keyMoved says whether unlocking would find the key under the path where the vault was before: see movedKey.
func (d Door) keyMoved(ctx context.Context) bool {
	items, _ := keychain{d.path()}.loadAll(ctx)
	sealed := 0
	for other, text := range items {
		if !isPIN(text) {
			if id, err := seal.ParseIdentity(text); err == nil && d.opens(id) {
				return true
			}
		} else if _, err := os.Stat(other.vault); err != nil {
			sealed++
		}
	}
	return sealed == 1
}

func (k keychain) item() string { return itemPrefix + filepath.ToSlash(k.vault) }

// load returns the item's text; ErrNoKey without one, ErrKeychain if the keychain cannot be asked.
func (k keychain) load(ctx context.Context) (string, error) {
	text, err := loadItem(ctx, k.item())
	if errors.Is(err, keyring.ErrKeyNotFound) {
		err = lang.E("keychain-no-key", "Item", k.item(), "Path", k.vault).Kind(ErrNoKey)
	}
	return text, err
}

// loadAll returns the items of all other vaults of this person.
func (k keychain) loadAll(ctx context.Context) (map[keychain]string, error) {
	return withRing(ctx, func(ring keyring.Keyring) (map[keychain]string, error) {
		names, err := ring.Keys()
		if err != nil {
			return nil, err
		}
		items := map[keychain]string{}
		for _, name := range names {
			path, ours := strings.CutPrefix(name, itemPrefix)
			other := keychain{filepath.FromSlash(path)}
			if !ours || other == k {
				continue
			}
			if it, err := ring.Get(name); err == nil {
				items[other] = string(it.Data)
			}
		}
		return items, nil
	})
}

func (k keychain) store(ctx context.Context, text string) error {
	return storeItem(ctx, k.item(), text)
}

func (k keychain) remove(ctx context.Context) error { return removeItem(ctx, k.item()) }

// removeCopies deletes the items that the same identity has under the paths where its vault once was: they would
// open it without what protects it now.
func (k keychain) removeCopies(ctx context.Context, id *seal.Identity) error {
	items, err := k.loadAll(ctx)
	for other, text := range items {
		if err == nil && sameSecret(id, text) {
			err = other.remove(ctx)
		}
	}
	return err
}

// loadItem returns an item's text; without one it is keyring.ErrKeyNotFound.
func loadItem(ctx context.Context, name string) (string, error) {
	type found struct {
		text    string
		missing bool
	}
	f, err := withRing(ctx, func(ring keyring.Keyring) (found, error) {
		it, err := ring.Get(name)
		if errors.Is(err, keyring.ErrKeyNotFound) {
			return found{missing: true}, nil // an answer, not a failure of the keychain
		}
		return found{text: string(it.Data)}, err
	})
	if err == nil && f.missing {
		err = keyring.ErrKeyNotFound
	}
	return f.text, err
}

// storeItem writes an item and verifies it by reading it back: a keychain may say yes and keep nothing.
func storeItem(ctx context.Context, name, text string) error {
	_, err := withRing(ctx, func(ring keyring.Keyring) (struct{}, error) {
		err := ring.Set(keyring.Item{Key: name, Label: name, Data: []byte(text)})
		if err == nil {
			var it keyring.Item
			if it, err = ring.Get(name); err == nil && string(it.Data) != text {
				err = lang.Cause("cause-not-kept")
			}
		}
		return struct{}{}, err
	})
	return err
}

// removeItem deletes an item and verifies that it is gone. Idempotent: a missing item is no error.
func removeItem(ctx context.Context, name string) error {
	_, err := withRing(ctx, func(ring keyring.Keyring) (struct{}, error) {
		err := ring.Remove(name)
		if err == nil || errors.Is(err, keyring.ErrKeyNotFound) {
			if _, err = ring.Get(name); err == nil {
				err = lang.Cause("cause-not-deleted")
			}
		}
		if errors.Is(err, keyring.ErrKeyNotFound) {
			err = nil
		}
		return struct{}{}, err
	})
	return err
}

// noService says a keychain that is not there in one way, whoever misses it: the library, or the message bus.
func noService(err error) error {
	if errors.Is(err, keyring.ErrNoAvailImpl) || strings.Contains(err.Error(), "was not provided by any .service files") {
		return lang.Cause("cause-no-service")
	}
	return err
}

func openRing() (keyring.Keyring, error) {
	return keyring.Open(keyring.Config{
		ServiceName: serviceName,
		AllowedBackends: []keyring.BackendType{
			keyring.SecretServiceBackend, keyring.KWalletBackend, keyring.WinCredBackend, keyring.KeychainBackend,
		},
		LibSecretCollectionName:  "login", // any other name makes the keychain ask for a new collection
		KWalletAppID:             "kapu",
		KWalletFolder:            "kapu",
		WinCredPrefix:            "kapu",
		KeychainTrustApplication: true,
	})
}

// withRing calls the credential store with a timeout. The library has none: a call that is never answered leaks its
// goroutine until the process ends. A call that timed out may still take effect later.
func withRing[T any](ctx context.Context, question func(keyring.Keyring) (T, error)) (T, error) {
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
		defer func() {
			if recover() != nil { // the library takes answers for what it expects: a question closed by the person is none
				done <- result{none, lang.E("keychain-unanswered").Kind(ErrKeychain)}
			}
		}()
		ring, err := openRing()
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
			r.err = lang.E("keychain-missing-"+runtime.GOOS, "Reason", noService(r.err)).Kind(ErrKeychain)
		}
		return r.value, r.err
	case <-limit.Done():
		if ctx.Err() != nil {
			return none, ctx.Err() // it was not the keychain that took too long
		}
		return none, lang.E("keychain-silent", "Seconds", int(wait.Seconds())).Kind(ErrKeychain)
	}
}
