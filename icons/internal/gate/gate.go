// Package gate is the one drawing behind every picture of Kapu: a gate, which
// is what kapu means. It promises the same bytes from the same drawing, so
// that a test can say when a committed picture is no longer what the program
// draws.
package gate

import (
	"image/color"
	"math"
)

// Mark is one of the gate's pictures.
type Mark string

// The marks. Their texts are the names of their files.
const (
	Open      Mark = "open"      // an arch with light behind it
	Locked    Mark = "locked"    // a shut gate with a keyhole
	Attention Mark = "attention" // the open gate with a dot at its shoulder: it is shown while unlocked only
)

// Marks are all of them.
var Marks = []Mark{Open, Locked, Attention}

// The wall and the dot are middle tones: over 3:1 against a light panel and a
// dark one alike, so neither needs a halo, which would blur them at 16 pixels.
// The light and the keyhole only have to stand out from the wall around them.
var (
	wallInk    = color.NRGBA{0x3f, 0x82, 0xc8, 0xff}
	lightInk   = color.NRGBA{0xff, 0xe0, 0x96, 0xff}
	keyholeInk = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	dotInk     = color.NRGBA{0xe0, 0x3e, 0x36, 0xff}
)

// A layer is a path filled with an ink, or cut out of what lies under it.
type layer struct {
	path path
	ink  color.NRGBA
	cut  bool
}

// layers is the drawing, from the bottom up. Its measures are sixteenths of
// the size, brought to whole multiples of grid pixels: grid 1 is crisp at the
// size itself, grid 2 stays crisp when a system halves the picture, grid 3
// when it thirds it.
func layers(m Mark, size, grid int) []layer {
	unit, step := float64(size)/16, float64(grid)
	// A half rounds up for what must not get thin, down for what must not crowd.
	wide := func(v float64) float64 { return max(1, math.Floor(v*unit/step+0.5)) * step }
	slim := func(v float64) float64 { return max(1, math.Ceil(v*unit/step-0.5)) * step }

	mid := float64(size) / 2
	top, half, wall := slim(1), wide(6), wide(2)
	bottom := float64(size) - top
	ls := []layer{{path: arch(mid, top, bottom, half, 0.6*unit), ink: wallInk}}

	if m == Locked {
		eye := top + half // the keyhole's round sits where the arch springs
		return append(
			ls,
			layer{path: circle(mid, eye, wide(2)), ink: keyholeInk},
			layer{path: trapezoid(mid, eye, eye+wide(5), slim(1), wide(1.25)), ink: keyholeInk},
		)
	}
	// No sill: the way is free.
	ls = append(ls, layer{path: arch(mid, top+wall, bottom, half-wall, 0), ink: lightInk})
	if m == Attention {
		r := wide(5) / 2
		x, y := float64(size)-r, r
		ls = append(
			ls,
			// The gap keeps the dot a dot where colour is not seen.
			layer{path: circle(x, y, r+slim(1)), cut: true},
			layer{path: circle(x, y, r), ink: dotInk},
		)
	}
	return ls
}
