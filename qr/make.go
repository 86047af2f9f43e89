package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"iter"
	"strings"

	barcode "github.com/boombuler/barcode/qr"
)

// Code is a QR code: a square of modules, each dark or light.
type Code struct {
	Size int // modules on a side, without the quiet zone
	dark []bool
}

// Quiet is the width of the quiet zone: how many light modules a reader wants to see around a code.
const Quiet = 4

// Most is the capacity in bytes of the largest code (version 40, level L).
const Most = 2953

// Make makes the code of a text. It takes the strongest correction with which the code is not larger than 61 modules:
// a sheet gets folds and stains, but a code of many tiny modules cannot be read at all.
func Make(text string) (Code, error) {
	level := barcode.L
	switch size := len(text); { // the bytes that a code of that size holds
	case size <= 137:
		level = barcode.H
	case size <= 177:
		level = barcode.Q
	case size <= 251:
		level = barcode.M
	}
	return encode(text, level)
}

// MakeSmall makes the smallest code of a text, for a screen: it gets no stains, but a window is soon full.
func MakeSmall(text string) (Code, error) { return encode(text, barcode.L) }

func encode(text string, level barcode.ErrorCorrectionLevel) (Code, error) {
	made, err := barcode.Encode(text, level, barcode.Auto)
	if err != nil {
		return Code{}, err
	}
	return modules(made), nil
}

func modules(m image.Image) Code {
	c := Code{Size: m.Bounds().Dx()}
	for y := range c.Size {
		for x := range c.Size {
			level, _, _, _ := m.At(x, y).RGBA()
			c.dark = append(c.dark, level < 0x8000)
		}
	}
	return c
}

// Dark says whether a module is dark; outside the code none is.
func (c Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.dark[y*c.Size+x]
}

// Run is a row of dark modules that touch.
type Run struct{ X, Y, Length int }

// Runs gives all dark modules, for drawing.
func (c Code) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for y := range c.Size {
			for x := 0; x < c.Size; x++ {
				r := Run{X: x, Y: y}
				for ; c.Dark(x, y); x++ {
					r.Length++
				}
				if r.Length > 0 && !yield(r) {
					return
				}
			}
		}
	}
}

// PNG is a picture of the code with its quiet zone; scale is the pixels of a module's side.
func (c Code) PNG(scale int) ([]byte, error) {
	side := (c.Size + 2*Quiet) * scale
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if c.Dark(x/scale-Quiet, y/scale-Quiet) {
				picture.Pix[y*picture.Stride+x] = 1
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, picture)
	return out.Bytes(), err
}

// SVG is a drawing of the code with its quiet zone, as large as what it is put into.
func (c Code) SVG() string {
	var path strings.Builder
	for r := range c.Runs() {
		fmt.Fprintf(&path, "M%d %dh%dv1H%dz", r.X, r.Y, r.Length, r.X)
	}
	side := c.Size + 2*Quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="%d %d %d %d" shape-rendering="crispEdges">`+
		`<rect x="%[1]d" y="%[2]d" width="%[3]d" height="%[4]d" fill="#fff"/><path d="%[5]s"/></svg>`,
		-Quiet, -Quiet, side, side, path.String())
}

// Terminal is the code with its quiet zone in half blocks, black on white whatever the terminal's own colours are:
// a code in reverse is not read by every phone.
func (c Code) Terminal() string {
	var b strings.Builder
	for y := -Quiet; y < c.Size+Quiet; y += 2 {
		b.WriteString("\x1b[38;5;16;48;5;231m")
		for x := -Quiet; x < c.Size+Quiet; x++ {
			switch upper, lower := c.Dark(x, y), c.Dark(x, y+1); {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String()
}
