//go:build !linux

package qr

import (
	"context"
	"image"

	"github.com/kbinani/screenshot"
)

// screens takes a picture of each monitor.
func screens(context.Context) ([]image.Image, error) {
	n := screenshot.NumActiveDisplays()
	if n == 0 {
		return nil, screenshot.ErrUnsupported
	}
	var pictures []image.Image
	for i := range n {
		picture, err := screenshot.CaptureDisplay(i)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, picture)
	}
	return pictures, nil
}
