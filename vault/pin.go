package vault

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"kapu/lang"
	"kapu/seal"
)

// pinRecord is the root secret wrapped by a PIN, with its try counter: the keychain's item. docs/formats.md specifies
// it.
type pinRecord struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Tries   int       `json:"tries"` // wrong ones since the last right one, and one that is under way
	Last    time.Time `json:"last,omitzero"`
	Sealed  []byte    `json:"sealed"` // age file with a passphrase; empty when the PIN is used up
}

const (
	pinFormat  = "kapu-pin"
	pinVersion = 1
	minPIN     = 4
	maxPIN     = 12
	maxTries   = 10
	freeTries  = 3
	firstDelay = 5 * time.Second
)

func isPIN(item string) bool { return strings.HasPrefix(strings.TrimSpace(item), "{") }

func checkPIN(pin string) error {
	if len(pin) < minPIN || len(pin) > maxPIN || strings.Trim(pin, "0123456789") != "" {
		return lang.E("pin-form", "Least", minPIN, "Most", maxPIN).Kind(ErrWeak)
	}
	return nil
}

// sealPIN makes the item's text and verifies that the PIN opens it.
func (d Door) sealPIN(id *seal.Identity, pin string) (string, error) {
	sealed, err := seal.SealPassphrase([]byte(id.String()), pin, d.work(seal.WorkPIN))
	if err != nil {
		return "", err
	}
	r := pinRecord{Format: pinFormat, Version: pinVersion, Sealed: sealed}
	if again, err := r.open(pin); err != nil || again.String() != id.String() {
		return "", errors.New("what was sealed does not open")
	}
	return r.text(), nil
}

func (r pinRecord) text() string {
	data, err := json.Marshal(r)
	if err != nil {
		panic(err) // numbers, bytes and a time
	}
	return string(data)
}

func readPIN(k keychain, text string) (pinRecord, error) {
	var r pinRecord
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&r)
	if r.Format == pinFormat && r.Version > pinVersion {
		return r, lang.E("vault-newer-envelope", "Version", r.Version).Kind(ErrNewer)
	}
	if err != nil || r.Format != pinFormat || r.Version != pinVersion || r.Tries < 0 {
		return r, lang.E("keychain-bad-key", "Item", k.item()).Kind(ErrNoKey)
	}
	return r, nil
}

func (r pinRecord) open(pin string) (*seal.Identity, error) {
	plain, err := seal.OpenPassphrase(r.Sealed, pin, maxSealedKey)
	if err != nil {
		return nil, err
	}
	return seal.ParseIdentity(string(plain))
}

// delay is the exponential backoff after a wrong try: nothing for the first three, then 5 s, doubled each time.
func (r pinRecord) delay() time.Duration {
	if r.Tries < freeTries {
		return 0
	}
	return firstDelay << min(r.Tries-freeTries, maxTries)
}

// openPIN asks for the PIN and tries it.
func (d Door) openPIN(ctx context.Context, k keychain, text string, ask Ask) (*seal.Identity, error) {
	r, err := readPIN(k, text)
	if err == nil {
		err = d.mayTry(ctx, k, r) // nobody is asked for what will not be looked at
	}
	if err != nil {
		return nil, err
	}
	pin, err := ask(ctx, PIN)
	if err != nil {
		return nil, err
	}
	return d.tryPIN(ctx, k, pin)
}

// tryPIN counts the try before it makes it (write-ahead), so that whoever kills the process in between gains nothing.
func (d Door) tryPIN(ctx context.Context, k keychain, pin string) (*seal.Identity, error) {
	if err := checkPIN(pin); err != nil {
		return nil, lang.E("pin-form", "Least", minPIN, "Most", maxPIN).Kind(ErrSecret) // a slip of the finger, no try
	}
	leave, err := d.exclusive(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	text, err := k.load(ctx) // again: another process may have tried meanwhile
	if err != nil {
		return nil, err
	}
	r, err := readPIN(k, text)
	if err == nil {
		err = d.mayTry(ctx, k, r)
	}
	if err != nil {
		return nil, err
	}
	r.Tries, r.Last = r.Tries+1, d.clock()
	if err := k.store(ctx, r.text()); err != nil {
		return nil, err
	}
	d.reached("counted")
	id, err := r.open(pin)
	switch {
	case errors.Is(err, seal.ErrPassphrase) && r.Tries >= maxTries:
		return nil, d.mayTry(ctx, k, r)
	case errors.Is(err, seal.ErrPassphrase):
		return nil, lang.E("pin-wrong", "N", maxTries-r.Tries).Kind(ErrSecret)
	case err != nil:
		return nil, lang.E("keychain-bad-key", "Item", k.item()).Kind(ErrNoKey)
	}
	r.Tries, r.Last = 0, time.Time{}
	_ = k.store(ctx, r.text()) // at worst a later slip counts for more than it should
	return id, nil
}

// mayTry is the rate limit: it refuses a try that comes before its delay is over. After the tenth wrong one it deletes
// the wrapped secret, and with it the PIN, and refuses for ever.
func (d Door) mayTry(ctx context.Context, k keychain, r pinRecord) error {
	if len(r.Sealed) == 0 || r.Tries >= maxTries {
		if len(r.Sealed) > 0 {
			r.Sealed = []byte{}
			if err := k.store(ctx, r.text()); err != nil {
				return err
			}
		}
		return lang.E("pin-gone", "N", maxTries).Kind(ErrNoKey)
	}
	wait := r.delay() - d.clock().Sub(r.Last)
	if wait > r.delay() {
		// The clock was set back. The wait begins anew: no shorter, but no longer either.
		r.Last = d.clock()
		if err := k.store(ctx, r.text()); err != nil {
			return err
		}
		wait = r.delay()
	}
	if r.delay() > 0 && wait > 0 {
		return lang.E("pin-wait", "N", int(wait/time.Second)+1).Kind(ErrWait)
	}
	return nil
}

// sameSecret is a constant-time comparison of a root secret with what the person gave.
func sameSecret(id *seal.Identity, text string) bool {
	other, err := seal.ParseIdentity(text)
	return err == nil && subtle.ConstantTimeCompare([]byte(other.String()), []byte(id.String())) == 1
}
