package qr

import (
	"cmp"
	"math"
	"slices"
)

// frame is a candidate symbol: three corners that make half a square.
type frame struct {
	top, right, left corner // top is where the right angle is; from it, right lies clockwise of left
	dimension        int    // modules on a side
	cost             float64
}

// frames finds the threes that may be codes, the likeliest first.
func frames(corners []corner, see func(corner) func(x, y float64) bool) []frame {
	var found []frame
	for i, a := range corners {
		for j, b := range corners {
			if j == i || !alike(a, b) {
				continue
			}
			for k, c := range corners {
				if k == i || k == j || !alike(a, c) || !alike(b, c) {
					continue
				}
				if f, ok := square(a, b, c); ok {
					f.measure(see(a))
					found = append(found, f)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b frame) int { return cmp.Compare(a.cost, b.cost) })
	return found
}

func alike(a, b corner) bool {
	return a.dark == b.dark && max(a.size, b.size) < 1.8*min(a.size, b.size)
}

// square says whether b and c are at the ends of two equal sides that meet at a right angle in a.
func square(a, b, c corner) (frame, bool) {
	bx, by, cx, cy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	if bx*cy-by*cx <= 0 { // the other way round comes too
		return frame{}, false
	}
	lb, lc := math.Hypot(bx, by), math.Hypot(cx, cy)
	if max(lb, lc) > 1.6*min(lb, lc) || math.Abs(bx*cx+by*cy) > 0.4*lb*lc {
		return frame{}, false
	}
	return frame{top: a, right: b, left: c}, true
}

// module is about how long a module is.
func (f frame) module() float64 {
	dx, dy := f.right.x-f.top.x, f.right.y-f.top.y
	slant := max(math.Abs(dx), math.Abs(dy)) / math.Hypot(dx, dy) // a line that runs aslant is longer
	return (f.top.size + f.right.size + f.left.size) / 21 * slant
}

// measure finds the dimension by the timing patterns, the two dotted lines between the corners of a code. They also
// tell a code from three corners that only happen to lie so: cost is how badly they fit.
func (f *frame) measure(dark func(x, y float64) bool) {
	side := (math.Hypot(f.right.x-f.top.x, f.right.y-f.top.y) + math.Hypot(f.left.x-f.top.x, f.left.y-f.top.y)) / 2
	about := side/f.module() + 7
	f.cost = math.Inf(1)
	for d := 21; d <= 177; d += 4 {
		if float64(d) < 0.8*about-2 || float64(d) > 1.25*about+2 {
			continue
		}
		wrong, n := 0, 0
		f.dimension, d = d, f.dimension
		for i := 8; i <= f.dimension-9; i++ {
			for _, at := range [][2]int{{i, 6}, {6, i}} {
				if x, y := f.place(float64(at[0])+0.5, float64(at[1])+0.5); dark(x, y) != (i%2 == 0) {
					wrong++
				}
				n++
			}
		}
		f.dimension, d = d, f.dimension
		if cost := float64(wrong)/float64(n) + math.Abs(float64(d)-about)/about/4; cost < f.cost {
			f.cost, f.dimension = cost, d
		}
	}
}

// place is the affine map from modules to pixels.
func (f frame) place(u, v float64) (x, y float64) {
	across := float64(f.dimension - 7)
	u, v = (u-3.5)/across, (v-3.5)/across
	return f.top.x + u*(f.right.x-f.top.x) + v*(f.left.x-f.top.x),
		f.top.y + u*(f.right.y-f.top.y) + v*(f.left.y-f.top.y)
}
