package credstore

import (
	"context"
	"errors"
)

// both is the store of a desktop on which the Secret Service is one program, and KWallet another: gnome-keyring beside
// KDE. Which of the two was there first when an item was made is chance. So an item is read, changed and removed where
// it is; a new one goes to the Secret Service. The wallet says what it has without asking the person, and is opened for
// that alone.
type both struct {
	*secretService
	wallet *kwallet
}

func (b both) MayAsk(ctx context.Context) (bool, error) {
	asks, err := b.secretService.MayAsk(ctx) // the first question of a connection is its
	if err == nil && !asks {
		asks, err = b.wallet.used(ctx)
	}
	return asks, err
}

func (b both) Get(ctx context.Context, name string) (string, error) {
	text, err := b.secretService.Get(ctx, name)
	if !errors.Is(err, ErrNotFound) {
		return text, err
	}
	switch there, err := b.wallet.has(ctx, name); {
	case err != nil:
		return "", err
	case !there:
		return "", ErrNotFound
	}
	return b.wallet.Get(ctx, name)
}

func (b both) Set(ctx context.Context, name, text string) error {
	found, err := b.items(ctx, name)
	there := false
	if err == nil && len(found) == 0 {
		there, err = b.wallet.has(ctx, name)
	}
	switch {
	case err != nil:
		return err
	case there:
		return b.wallet.Set(ctx, name, text)
	}
	return b.secretService.Set(ctx, name, text)
}

// Remove removes it from both.
func (b both) Remove(ctx context.Context, name string) error {
	removed := b.secretService.Remove(ctx, name)
	if removed != nil && !errors.Is(removed, ErrNotFound) {
		return removed
	}
	there, err := b.wallet.has(ctx, name)
	switch {
	case err != nil:
		return err
	case !there:
		return removed
	}
	return b.wallet.Remove(ctx, name)
}

func (b both) Names(ctx context.Context) ([]string, error) {
	names, err := b.secretService.Names(ctx)
	used := false
	if err == nil {
		used, err = b.wallet.used(ctx)
	}
	if err != nil || !used {
		return names, err
	}
	others, err := b.wallet.Names(ctx)
	return append(names, others...), err
}
