package main

import (
	"image"
	"image/color"
	"image/png"
	"os"

	"golang.org/x/image/draw"

	"kapu/icons/internal/gate"
)

// zoom makes single pixels visible.
const zoom = 6

var (
	panels = []color.Gray{{0xf0}, {0x2b}}
	shown  = []int{16, 22, 24, 32, 48, 64}
)

// writeSheet shows each mark on a light and on a dark panel: in the first row
// drawn for the size, as the ICO has it, in the second shrunk from the tray's
// PNG, as a Linux panel does it.
func writeSheet(name string) error {
	const gap = 4
	width := gap
	for _, size := range shown {
		width += len(gate.Marks) * (size + gap)
	}
	height := 64 + 2*gap
	sheet := image.NewRGBA(image.Rect(0, 0, width, 2*len(panels)*height))
	for i, panel := range panels {
		for row := range 2 {
			x, y := gap, (2*i+row)*height
			draw.Draw(sheet, image.Rect(0, y, width, y+height), image.NewUniform(panel), image.Point{}, draw.Src)
			for _, size := range shown {
				for _, m := range gate.Marks {
					at := image.Rect(x, y+gap, x+size, y+gap+size)
					if row == 0 {
						draw.Draw(sheet, at, gate.Fitted(m, size), image.Point{}, draw.Over)
					} else {
						tray := gate.Tray(m)
						draw.CatmullRom.Scale(sheet, at, tray, tray.Bounds(), draw.Over, nil)
					}
					x += size + gap
				}
			}
		}
	}
	big := image.NewRGBA(image.Rect(0, 0, width*zoom, sheet.Bounds().Dy()*zoom))
	draw.NearestNeighbor.Scale(big, big.Bounds(), sheet, sheet.Bounds(), draw.Src, nil)

	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, big); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
