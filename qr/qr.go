// Package qr detects, decodes and encodes QR codes: in a picture, a file or on the screen.
//
//	qr.go          reading a picture; picture.go its file formats, and what one may cost
//	gray.go        greyscale and the image pyramid; threshold.go adaptive thresholding
//	finder.go      finder patterns; frame.go candidate symbols of three of them, by their timing patterns
//	perspective.go the homography of a candidate, by its edges; alignment.go alignment patterns
//	find.go        sampling, Reed–Solomon correction and decoding; symbol.go structured append
//	budget.go      the limit of work
//	screen.go      screenshots; portal_linux.go by the desktop's portal
//	make.go        encoding, as modules, PNG, SVG and for a terminal
//
// Its promise: whatever a picture holds, what it may cost is known before it is decoded, and its reading ends; every
// code that a person can point a phone at is found, upside down, tiny in a large screen, cropped to its edge, or light
// on dark; and what it read goes nowhere but to the caller.
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
