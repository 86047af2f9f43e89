//go:build linux

package desks

import (
	"bytes"
	"image"
	"image/color"
)

// The eye sees what a person sees: it compares pictures of the screen, since these desktops have little else in common.

// changes is where two pictures differ, as the smallest rectangle within an area.
func changes(a, b *image.RGBA, area image.Rectangle) image.Rectangle {
	var found image.Rectangle
	if area.Empty() {
		return found
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		if samePart(a, image.Rect(area.Min.X, y, area.Max.X, y+1), b, image.Point{}) { // as most lines of a screen
			continue
		}
		for x := area.Min.X; x < area.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

// find is where a part of one picture is in another, as close as can be to where it was.
func find(a *image.RGBA, part image.Rectangle, b *image.RGBA) (found image.Rectangle) {
	near := 0
	for y := screen.Min.Y; y+part.Dy() <= screen.Max.Y; y++ {
		for x := screen.Min.X; x+part.Dx() <= screen.Max.X; x++ {
			d := image.Pt(x, y).Sub(part.Min)
			if far := d.X*d.X + d.Y*d.Y; (found.Empty() || far < near) && samePart(a, part, b, d) {
				found, near = part.Add(d), far
			}
		}
	}
	return found
}

// samePart says whether a part of one picture is in another, moved by so much.
func samePart(a *image.RGBA, part image.Rectangle, b *image.RGBA, by image.Point) bool {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		from := b.PixOffset(part.Min.X+by.X, y+by.Y)
		line := a.Pix[a.PixOffset(part.Min.X, y):a.PixOffset(part.Max.X, y)]
		if !bytes.Equal(line, b.Pix[from:from+len(line)]) {
			return false
		}
	}
	return true
}

// appeared is the largest thing that is in the second picture and not in the first, within an area. Beside a menu, a
// clock has gone on.
func appeared(a, b *image.RGBA, area image.Rectangle) image.Rectangle {
	area = changes(a, b, area)
	return largest(pieces(area, func(x, y int) bool { return a.RGBAAt(x, y) != b.RGBAAt(x, y) }), width)
}

// turned is the largest thing that is one way in the first and the last of three pictures and another in the second: an
// icon that was changed and changed back. A clock goes one way.
func turned(a, b, c *image.RGBA) image.Rectangle {
	const widest = 64 // no panel's icon is wider
	return largest(pieces(changes(a, b, screen), func(x, y int) bool {
		return a.RGBAAt(x, y) == c.RGBAAt(x, y) && differs(a.RGBAAt(x, y), b.RGBAAt(x, y))
	}), widest)
}

// differs tells colours apart that a person would.
func differs(p, q color.RGBA) bool {
	far := func(a, b uint8) bool { return max(a, b)-min(a, b) > 24 }
	return far(p.R, q.R) || far(p.G, q.G) || far(p.B, q.B)
}

// pieces are the rectangles around the pixels for which is holds; those that nearly touch are one.
func pieces(area image.Rectangle, is func(x, y int) bool) (found []image.Rectangle) {
	const near = 3
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if !is(x, y) {
				continue
			}
			piece := image.Rect(x, y, x+1, y+1)
			rest := found[:0]
			for _, r := range found {
				if r.Inset(-near).Overlaps(piece) {
					piece = piece.Union(r)
				} else {
					rest = append(rest, r)
				}
			}
			found = append(rest, piece)
		}
	}
	return found
}

// largest is the largest of the rectangles that are no wider and no higher than a limit.
func largest(rectangles []image.Rectangle, limit int) (found image.Rectangle) {
	for _, r := range rectangles {
		if r.Dx() <= limit && r.Dy() <= limit && r.Dx()*r.Dy() > found.Dx()*found.Dy() {
			found = r
		}
	}
	return found
}
