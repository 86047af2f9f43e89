package qr

import (
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"kapu/lang"
)

// screenTime bounds how long the desktop may take to give its picture: where it asks the person first, long enough
// for an answer.
const screenTime = time.Minute

// Screen returns every QR code on the screens of this desktop session. The picture of them stays in
// memory.
func Screen(ctx context.Context) ([]Symbol, error) {
	ctx, cancel := context.WithTimeout(ctx, screenTime)
	defer cancel()
	type answer struct {
		pictures []image.Image
		err      error
	}
	done := make(chan answer, 1)
	go func() { // a display that hangs does not know of contexts
		pictures, err := screens(ctx)
		done <- answer{pictures, err}
	}()
	var a answer
	select {
	case a = <-done:
	case <-ctx.Done():
		a.err = errSlow
	}
	switch {
	case errors.Is(a.err, context.DeadlineExceeded):
		a.err = errSlow
	case ctx.Err() == context.Canceled:
		return nil, ctx.Err()
	}
	if a.err != nil {
		return nil, lang.E("qr-screen-failed", "Reason", a.err)
	}
	var symbols []Symbol
	for _, picture := range a.pictures {
		found, err := Find(ctx, picture)
		if err != nil && !errors.Is(err, ErrNone) {
			return nil, err
		}
		for _, s := range found {
			if !slices.Contains(symbols, s) { // mirrored screens
				symbols = append(symbols, s)
			}
		}
	}
	if len(symbols) == 0 {
		return nil, lang.E("qr-screen-none").Kind(ErrNone)
	}
	return symbols, nil
}

var (
	errSlow    = lang.Cause("cause-desktop-slow")
	errRefused = lang.Cause("cause-desktop-refused")
)
