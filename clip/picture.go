package clip

import (
	"context"
	"errors"
	"time"

	"golang.design/x/clipboard"

	"kapu/lang"
)

const (
	// pictureTime is how long the program that holds the picture may take to hand it over.
	pictureTime = 5 * time.Second
	// maxPicture is the largest picture taken.
	maxPicture = 64 << 20
)

const errPictureBig = lang.Cause("cause-picture-big")

// Picture returns the picture on the clipboard, as PNG.
func Picture(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	type answer struct {
		png []byte
		err error
	}
	done := make(chan answer, 1)
	go func() { // what hangs does not know of contexts
		png, err := readPicture(ctx)
		done <- answer{png, err}
	}()
	var a answer
	select {
	case a = <-done:
	case <-ctx.Done():
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	case ctx.Err() != nil:
		a.err = errSlow
	case a.err == nil && len(a.png) > maxPicture:
		a.err = errPictureBig
	}
	if a.err != nil {
		return nil, lang.E("clipboard-picture-failed", "Reason", a.err)
	}
	if len(a.png) == 0 {
		return nil, lang.E("clipboard-picture-none")
	}
	return a.png, nil
}

// libraryPicture is the picture as the clipboard's library reads it.
func libraryPicture(ctx context.Context) ([]byte, error) {
	if err := clipboard.Init(); err != nil {
		return nil, errNone
	}
	return clipboard.Read(ctx, clipboard.FmtImage)
}

var errNone = errors.New("there is no clipboard")
