// Package qr detects, decodes and encodes QR codes: in a picture, a file or on the screen.
//
//	qr.go       pictures, and what one may cost
//	gray.go     greyscale and the image pyramid
//	finder.go   adaptive thresholds and finder patterns; frame.go symbols of three of them; find.go decoding
//	screen.go   screenshots; portal_linux.go by the desktop's portal
//	make.go     encoding, as modules, PNG, SVG and for a terminal
//
// Its promise: whatever a picture holds, what it may cost is known before it is decoded; every code that a person can
// point a phone at is found, upside down, tiny in a large screen, or light on dark; and what it read goes nowhere but
// to the caller.
package qr

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/webp"

	"kapu/lang"
)

const (
	// maxBytes is the largest picture decoded, in memory: 64 million pixels in colour, twice an 8K screen.
	maxBytes = 256 << 20
	// maxSide keeps the arithmetic on coordinates far from overflows, and strips a million pixels long away.
	maxSide = 20_000
)

// ErrNone means that a picture is whole, but holds no QR code.
var ErrNone = errors.New("no QR code")

// IsPicture says whether data begins like a picture that Read knows.
func IsPicture(data []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// Read returns the text of every QR code in a PNG, JPEG, WebP or GIF picture, from top to bottom. That there is none
// is an error.
func Read(data []byte) ([]string, error) {
	img, err := decode(data)
	if err != nil {
		return nil, err
	}
	return ReadImage(img)
}

// decode makes a picture of a file, if its head says that it can be afforded.
func decode(data []byte) (image.Image, error) {
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, lang.E("qr-picture-damaged")
	}
	if err := affordable(head); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, lang.E("qr-picture-damaged")
	}
	return img, nil
}

func affordable(head image.Config) error {
	if head.Width > maxSide || head.Height > maxSide || head.Width*head.Height*depth(head) > maxBytes {
		return lang.E("qr-picture-big", "Width", head.Width, "Height", head.Height)
	}
	return nil
}

// ReadImage is Read of a picture that is decoded already.
func ReadImage(img image.Image) ([]string, error) {
	texts := find(grayOf(img))
	if len(texts) == 0 {
		return nil, lang.E("qr-none").Kind(ErrNone)
	}
	return texts, nil
}

// depth is how many bytes a pixel takes once it is decoded.
func depth(head image.Config) int {
	switch head.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.Gray16Model:
		return 2
	case color.GrayModel:
		return 1
	}
	if _, ok := head.ColorModel.(color.Palette); ok {
		return 1
	}
	return 4
}
