//go:build !linux

package credstore

import (
	"context"
	"errors"

	"github.com/99designs/keyring"
)

// library is the store of Windows and macOS, by github.com/99designs/keyring. It knows no time limit: a call that is
// never answered leaks its goroutine until the process ends, and may still take effect later.
type library struct{ ring keyring.Keyring }

func open(context.Context) (Store, error) {
	ring, err := keyring.Open(keyring.Config{
		ServiceName:              "kapu",
		AllowedBackends:          []keyring.BackendType{keyring.WinCredBackend, keyring.KeychainBackend},
		WinCredPrefix:            "kapu",
		KeychainTrustApplication: true,
	})
	if errors.Is(err, keyring.ErrNoAvailImpl) {
		err = ErrNoService
	}
	return library{ring}, err
}

func (l library) Close() {}

// MayAsk is always true: here the system gives no way to know.
func (l library) MayAsk(context.Context) (bool, error) { return true, nil }

func (l library) Get(ctx context.Context, name string) (string, error) {
	return limited(ctx, func() (string, error) {
		item, err := l.ring.Get(name)
		return string(item.Data), err
	})
}

func (l library) Set(ctx context.Context, name, text string) error {
	_, err := limited(ctx, func() (struct{}, error) {
		return struct{}{}, l.ring.Set(keyring.Item{Key: name, Label: name, Data: []byte(text)})
	})
	return err
}

func (l library) Remove(ctx context.Context, name string) error {
	_, err := limited(ctx, func() (struct{}, error) { return struct{}{}, l.ring.Remove(name) })
	return err
}

func (l library) Names(ctx context.Context) ([]string, error) { return limited(ctx, l.ring.Keys) }

// limited waits for a call of the library as long as the context allows.
func limited[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		if errors.Is(err, keyring.ErrKeyNotFound) {
			err = ErrNotFound
		}
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var nothing T
		return nothing, ctx.Err()
	}
}
