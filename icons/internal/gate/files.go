package gate

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
)

const (
	// traySize is the size of the PNG in the tray where there is one picture
	// only: 48 is a whole multiple of 16, 24 and 48, was looked at and found
	// sharp at 22 and 32, and leaves little for a HiDPI panel to blow up.
	traySize = 48
	trayGrid = 3

	appSize = 256
)

// Sizes are the sizes in the ICO: the small icon of Windows, and twice that,
// at 100, 125, 150 and 200 per cent.
var Sizes = []int{16, 20, 24, 32, 40, 48, 64}

// PanelSizes are the sizes in the strip, the smallest first: those of panels on
// Linux, and twice that.
var PanelSizes = []int{16, 22, 24, 32, 44, 48, 64, 96}

// Strip has m in every one of them, each below the one before.
func Strip(m Mark) *image.NRGBA {
	height, width := 0, 0
	for _, size := range PanelSizes {
		height, width = height+size, max(width, size)
	}
	strip, y := image.NewNRGBA(image.Rect(0, 0, width, height)), 0
	for _, size := range PanelSizes {
		draw.Draw(strip, image.Rect(0, y, size, y+size), Fitted(m, size), image.Point{}, draw.Src)
		y += size
	}
	return strip
}

// Files draws every file of the room, by name.
func Files() map[string][]byte {
	files := map[string][]byte{
		"kapu.svg": svg(Locked),
		"kapu.png": encode(render(Locked, appSize, 1)),
	}
	for _, m := range Marks {
		files[string(m)+".png"] = encode(Tray(m))
		files[string(m)+"-sizes.png"] = encode(Strip(m))
		var pictures []*image.NRGBA
		for _, size := range Sizes {
			pictures = append(pictures, Fitted(m, size))
		}
		files[string(m)+".ico"] = ico(pictures)
	}
	return files
}

// Tray is m as the PNG for the tray has it.
func Tray(m Mark) *image.NRGBA { return render(m, traySize, trayGrid) }

// Fitted is m drawn for one size, as the ICO has it. From 32 pixels up it may
// be halved: systray loads Windows' large icon, and Windows halves it for the
// tray.
func Fitted(m Mark, size int) *image.NRGBA {
	if size >= 32 {
		return render(m, size, 2)
	}
	return render(m, size, 1)
}

func encode(img image.Image) []byte {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
