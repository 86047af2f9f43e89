package qr

import (
	"cmp"
	"math"
	"slices"
)

// frame is a candidate symbol: three finder patterns that make half a square.
type frame struct {
	top, right, left finder // top is where the right angle is; from it, right lies clockwise of left
	dimension        int    // modules on a side
	cost             float64
}

const (
	smallest, largest = 21, 177 // dimensions of versions 1 and 40
	maxTriples        = 1 << 20 // threes that are remembered before the likeliest are measured
)

// triple is a frame that is not measured yet.
type triple struct {
	top, right, left uint16
	odd              float32 // how far from half a square it is
}

// frames finds the threes that may be codes, the likeliest first.
func frames(finders []finder, see func(finder) seen, work *budget) []frame {
	triples := threes(finders, work)
	slices.SortStableFunc(triples, func(a, b triple) int { return cmp.Compare(a.odd, b.odd) })
	var found []frame
	for _, t := range triples {
		f := frame{top: finders[t.top], right: finders[t.right], left: finders[t.left]}
		if !work.spend(f.measure(see(f.top))) {
			break
		}
		if f.dimension > 0 {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b frame) int { return cmp.Compare(a.cost, b.cost) })
	return found
}

func threes(finders []finder, work *budget) []triple {
	var triples []triple
	for i, a := range finders {
		var near []int
		for j, b := range finders {
			if j != i && alike(a, b) && reachable(a, b) {
				near = append(near, j)
			}
		}
		if !work.spend(len(finders) + len(near)*len(near)) {
			return triples
		}
		for _, j := range near {
			for _, k := range near {
				if odd, ok := square(a, finders[j], finders[k]); ok && len(triples) < maxTriples {
					triples = append(triples, triple{uint16(i), uint16(j), uint16(k), float32(odd)})
				}
			}
		}
	}
	return triples
}

func alike(a, b finder) bool {
	return a.dark == b.dark && max(a.size, b.size) < 1.8*min(a.size, b.size)
}

// reachable says whether two are as far from each other as in some code.
func reachable(a, b finder) bool {
	modules := math.Hypot(a.x-b.x, a.y-b.y) / (a.size + b.size) * 14
	return modules > 0.6*(smallest-7) && modules < 1.5*(largest-7)
}

// square says whether b and c are at the ends of two about equal sides that meet at about a right angle in a, and how
// far from that they are.
func square(a, b, c finder) (odd float64, ok bool) {
	bx, by, cx, cy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	if bx*cy-by*cx <= 0 { // the other way round comes too
		return 0, false
	}
	lb, lc := math.Hypot(bx, by), math.Hypot(cx, cy)
	ratio, cosine := max(lb, lc)/min(lb, lc), math.Abs(bx*cx+by*cy)/(lb*lc)
	sizes := max(a.size, b.size, c.size) / min(a.size, b.size, c.size)
	return ratio - 1 + cosine + (sizes-1)/2, ratio <= 1.7 && cosine <= 0.5
}

// module is about how long a module is.
func (f frame) module() float64 {
	return (f.top.size + f.right.size + f.left.size) / 21 * f.slant()
}

// slant is how much shorter a finder pattern is than a line through it along the picture's rows or columns.
func (f frame) slant() float64 {
	dx, dy := f.right.x-f.top.x, f.right.y-f.top.y
	return max(math.Abs(dx), math.Abs(dy)) / math.Hypot(dx, dy)
}

// measure finds the dimension by the timing patterns, the two lines between the finder patterns that are light and dark
// by turns. They also tell a code from three patterns that only happen to lie so: cost is how badly they fit. It
// returns the work it was.
func (f *frame) measure(dark seen) (work int) {
	side := (math.Hypot(f.right.x-f.top.x, f.right.y-f.top.y) + math.Hypot(f.left.x-f.top.x, f.left.y-f.top.y)) / 2
	about := side/f.module() + 7
	best := 0
	f.cost = math.Inf(1)
	for d := smallest; d <= largest; d += 4 {
		if float64(d) < 0.8*about-2 || float64(d) > 1.25*about+2 {
			continue
		}
		f.dimension = d
		wrong := f.flat().mistimed(d, dark)
		work += 2 * d
		if cost := wrong + math.Abs(float64(d)-about)/about/4; cost < f.cost {
			f.cost, best = cost, d
		}
	}
	f.dimension = best
	return work
}

// flat is the affine map from modules to pixels: that of a code seen from straight ahead.
func (f frame) flat() homography {
	n := float64(f.dimension - 7)
	ux, uy, vx, vy := (f.right.x-f.top.x)/n, (f.right.y-f.top.y)/n, (f.left.x-f.top.x)/n, (f.left.y-f.top.y)/n
	return homography{ux, vx, f.top.x - 3.5*(ux+vx), uy, vy, f.top.y - 3.5*(uy+vy), 0, 0, 1}
}

// mistimed is the share of the timing patterns' modules that are of the wrong colour.
func (h homography) mistimed(dimension int, dark seen) float64 {
	wrong := 0
	for i := 8; i <= dimension-9; i++ {
		for _, at := range [][2]int{{i, 6}, {6, i}} {
			if x, y := h.at(float64(at[0])+0.5, float64(at[1])+0.5); dark(x, y) != (i%2 == 0) {
				wrong++
			}
		}
	}
	return float64(wrong) / float64(2*(dimension-16))
}
