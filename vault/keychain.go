package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault/internal/credstore"
)

// ErrKeychain means that the system's keychain is missing, locked or silent.
var ErrKeychain = errors.New("the system's keychain cannot be used")

// keychain is one item in the system's credential store; each vault has one, nothing else (Windows allows 2,560
// bytes). The item is named after the vault's path, so that a person who looks into their keychain sees what it
// is for. It holds the identity's text, or the same sealed to a PIN.
type keychain struct{ vault string }

const itemPrefix = "kapu "

// The keychain may ask the person for its own password, which takes a while; a keychain that is open answers
// at once or is broken, as is one that does not say which of them it is.
const (
	openTime   = 3 * time.Second
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
	if errors.Is(err, credstore.ErrNotFound) {
		err = lang.E("keychain-no-key", "Item", k.item(), "Path", k.vault).Kind(ErrNoKey)
	}
	return text, err
}

// loadAll returns the items of all other vaults of this person.
func (k keychain) loadAll(ctx context.Context) (map[keychain]string, error) {
	return withStore(ctx, func(ctx context.Context, store credstore.Store) (map[keychain]string, error) {
		names, err := store.Names(ctx)
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
			if text, err := store.Get(ctx, name); err == nil {
				items[other] = text
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

// loadItem returns an item's text; without one it is credstore.ErrNotFound.
func loadItem(ctx context.Context, name string) (string, error) {
	return withStore(ctx, func(ctx context.Context, store credstore.Store) (string, error) {
		return store.Get(ctx, name)
	})
}

// storeItem writes an item and verifies it by reading it back: a keychain may say yes and keep nothing.
func storeItem(ctx context.Context, name, text string) error {
	_, err := withStore(ctx, func(ctx context.Context, store credstore.Store) (struct{}, error) {
		err := store.Set(ctx, name, text)
		if err == nil {
			var kept string
			if kept, err = store.Get(ctx, name); errors.Is(err, credstore.ErrNotFound) || err == nil && kept != text {
				err = lang.Cause("cause-not-kept")
			}
		}
		return struct{}{}, err
	})
	return err
}

// removeItem deletes an item and verifies that it is gone. Idempotent: a missing item is no error.
func removeItem(ctx context.Context, name string) error {
	_, err := withStore(ctx, func(ctx context.Context, store credstore.Store) (struct{}, error) {
		err := store.Remove(ctx, name)
		if err == nil {
			if _, err = store.Get(ctx, name); err == nil {
				err = lang.Cause("cause-not-deleted")
			}
		}
		return struct{}{}, err
	})
	if errors.Is(err, credstore.ErrNotFound) {
		err = nil
	}
	return err
}

// withStore asks the credential store something, within a time limit. That an item is missing is an answer and no
// failure; all else is a sentence.
func withStore[T any](
	ctx context.Context, question func(context.Context, credstore.Store) (T, error),
) (value T, err error) {
	store, wait, err := openStore(ctx)
	if err != nil {
		return value, err
	}
	defer store.Close()
	limit, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	value, err = question(limit, store)
	if err != nil && !errors.Is(err, credstore.ErrNotFound) {
		err = keychainError(ctx, limit, wait, err)
	}
	return value, err
}

// openStore connects to the credential store, and returns how long a question may take.
func openStore(ctx context.Context) (credstore.Store, time.Duration, error) {
	limit, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	store, err := credstore.Open(limit)
	if err != nil {
		return nil, 0, keychainError(ctx, limit, openTime, err)
	}
	asks, err := store.MayAsk(limit)
	if err != nil {
		store.Close()
		return nil, 0, keychainError(ctx, limit, openTime, err)
	}
	if asks {
		return store, promptTime, nil
	}
	return store, answerTime, nil
}

// keychainError says why the credential store did not answer, by which of the contexts has ended too.
func keychainError(asker, limit context.Context, wait time.Duration, err error) error {
	var sentence *lang.Error
	switch {
	case asker.Err() != nil:
		return asker.Err() // it was not the keychain that took too long
	case limit.Err() != nil:
		return lang.E("keychain-silent", "Seconds", int(wait.Seconds())).Kind(ErrKeychain)
	case errors.Is(err, credstore.ErrNoBus):
		return lang.E("keychain-no-bus").Kind(ErrKeychain)
	case errors.Is(err, credstore.ErrDismissed):
		return lang.E("keychain-unanswered").Kind(ErrKeychain)
	case errors.Is(err, credstore.ErrNoService):
		err = lang.Cause("cause-no-service")
	case errors.As(err, &sentence):
		return err
	}
	return lang.E("keychain-missing-"+runtime.GOOS, "Reason", err).Kind(ErrKeychain)
}
