// Package qr finds the QR codes in a picture, a file or the screen, and makes pictures of them.
//
// Its promise: whatever a picture holds, what it may cost is known before it is decoded, and its reading ends; every
// code that a person can point a phone at is found, upside down, tiny in a large screen, cropped to its edge, or light
// on dark; and what it read goes nowhere but to the caller.
//
// The steps, each in a file of its own: decoding the picture file (picture.go); grey (gray.go); binarisation
// (threshold.go); finder patterns (finder.go); three of them that may be a code, told by its timing patterns
// (frame.go); the perspective transform (perspective.go) and alignment patterns (alignment.go); sampling the modules,
// Reed–Solomon correction and decoding (find.go); structured append (symbol.go).
package qr

import (
	"context"
	"errors"
	"image"

	"kapu/lang"
)

// ErrNone means that a picture is whole, but holds no QR code.
var ErrNone = errors.New("no QR code")

// Read returns every QR code in a PNG, JPEG, WebP, GIF, BMP or TIFF picture, from top to bottom. That there is none is
// an error. It ends with its context.
func Read(ctx context.Context, data []byte) ([]Symbol, error) {
	img, err := decode(ctx, data)
	if err != nil {
		return nil, err
	}
	return Find(ctx, img)
}

// Find is Read of a picture that is decoded already.
func Find(ctx context.Context, img image.Image) ([]Symbol, error) {
	symbols, whole := find(ctx, grayOf(img))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case len(symbols) > 0:
		return symbols, nil
	case !whole:
		return nil, lang.E("qr-picture-busy").Kind(ErrNone)
	}
	return nil, lang.E("qr-none").Kind(ErrNone)
}
