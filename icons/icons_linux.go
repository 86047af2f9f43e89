package icons

import (
	"bytes"
	_ "embed"
	"image"
	"image/draw"
	"image/png"
)

// The strips have a picture of each size, the smallest first, each below the
// one before.
var (
	//go:embed open-sizes.png
	openStrip []byte
	//go:embed locked-sizes.png
	lockedStrip []byte
	//go:embed attention-sizes.png
	attentionStrip []byte
)

// sizes are those of the pictures in a strip.
var sizes = []int{16, 22, 24, 32, 44, 48, 64, 96}

// Pictures are s in every size that panels show, the smallest first: a panel
// takes the nearest, and blows nothing up.
func (s State) Pictures() []*image.NRGBA {
	strip, err := png.Decode(bytes.NewReader([...][]byte{Open: openStrip, Locked: lockedStrip, Attention: attentionStrip}[s]))
	if err != nil {
		return nil // the test decodes each
	}
	pictures, y := make([]*image.NRGBA, len(sizes)), 0
	for i, size := range sizes {
		pictures[i] = image.NewNRGBA(image.Rect(0, 0, size, size))
		draw.Draw(pictures[i], pictures[i].Rect, strip, image.Pt(0, y), draw.Src)
		y += size
	}
	return pictures
}
