package qr

import (
	"math"
	"slices"
)

// A QR code has a finder pattern in three of its corners, rings around a core: any line through the core's middle,
// whatever its direction, meets runs of 1, 1, 3, 1 and 1. That is what is looked for, in both colours at once.

// corner is a finder pattern.
type corner struct {
	x, y float64 // of its middle
	size float64 // how long a line through it is
	dark bool
	hits int // how many lines have found it
}

// block is the side of the squares that have a threshold of their own.
const block = 8

// reader detects corners in a plane.
type reader struct {
	plane
	cols      int
	threshold []uint8 // of each block: what is below is dark
	corners   []corner
}

// maxCorners is how many corners are kept: more than any picture of codes has. Text and carpets look like corners too.
const maxCorners = 400

func newReader(p plane) *reader {
	r := &reader{plane: p, cols: (p.w + block - 1) / block}
	r.computeThresholds()
	return r
}

// computeThresholds is adaptive thresholding: each block's is halfway between the darkest and the lightest of its
// neighbourhood. Where that is of one shade, the threshold beside it counts: it is the inside of something.
func (r *reader) computeThresholds() {
	rows := (r.h + block - 1) / block
	low, high := make([]uint8, r.cols*rows), make([]uint8, r.cols*rows)
	for i := range low {
		low[i] = 255
	}
	for y := range r.h {
		lo, hi := low[y/block*r.cols:], high[y/block*r.cols:]
		for x, v := range r.pix[y*r.w : (y+1)*r.w] {
			i := x / block
			lo[i], hi[i] = min(lo[i], v), max(hi[i], v)
		}
	}
	low = r.spread(low, func(a, b uint8) uint8 { return min(a, b) })
	high = r.spread(high, func(a, b uint8) uint8 { return max(a, b) })
	const contrast = 24
	r.threshold = make([]uint8, len(low))
	for i := range r.threshold {
		switch {
		case high[i]-low[i] >= contrast:
			r.threshold[i] = uint8((uint32(low[i])+uint32(high[i]))/2) + 1
		case i%r.cols > 0:
			r.threshold[i] = r.threshold[i-1]
		case i > 0:
			r.threshold[i] = r.threshold[i-r.cols]
		default:
			r.threshold[i] = backdrop
		}
	}
}

// spread is a separable filter over the blocks: the pick of each block's neighbours, first along, then across.
func (r *reader) spread(from []uint8, pick func(a, b uint8) uint8) []uint8 {
	const around = 2 // blocks on each side
	along := make([]uint8, len(from))
	for i := range from {
		row := i / r.cols * r.cols
		along[i] = from[i]
		for j := max(row, i-around); j <= min(row+r.cols-1, i+around); j++ {
			along[i] = pick(along[i], from[j])
		}
	}
	across := make([]uint8, len(from))
	for i := range from {
		across[i] = along[i]
		for j := max(i%r.cols, i-around*r.cols); j < len(from) && j <= i+around*r.cols; j += r.cols {
			across[i] = pick(across[i], along[j])
		}
	}
	return across
}

func (r *reader) dark(x, y int) bool {
	return r.pix[y*r.w+x] < r.threshold[y/block*r.cols+x/block]
}

// scan is run-length detection along every second line, which meets even a core of three pixels.
func (r *reader) scan() []corner {
	for y := 1; y < r.h; y += 2 {
		row, limits := r.pix[y*r.w:(y+1)*r.w], r.threshold[y/block*r.cols:]
		var runs [5]int
		was, start, limit := row[0] < limits[0], 0, uint8(0)
		for x, v := range row {
			if x%block == 0 {
				limit = limits[x/block]
			}
			if now := v < limit; now != was {
				copy(runs[:], runs[1:])
				runs[4] = x - start
				if rings(runs, 0.5) {
					r.verify(x-runs[4]-runs[3]-(runs[2]+1)/2, y, was)
				}
				was, start = now, x
			}
		}
	}
	return r.corners
}

// rings says whether runs are as long as those through a corner.
func rings(runs [5]int, slack float64) bool {
	total := 0
	for _, n := range runs {
		total += n
	}
	if runs[0] == 0 || total < 7 {
		return false
	}
	one := float64(total) / 7
	slack = slack*one + 0.4 // pixels are whole
	for i, n := range runs {
		want := one
		if i == 2 {
			want = 3 * one
		}
		if d := math.Abs(float64(n) - want); d > slack && (i != 2 || d > 2*slack) {
			return false
		}
	}
	return true
}

// verify adds the corner whose core is here if lines in the other directions confirm it.
func (r *reader) verify(x, y int, dark bool) {
	up, ok := r.crossCheck(x, y, 0, 1, dark)
	if !ok {
		return
	}
	y = int(up.middle)
	across, ok := r.crossCheck(x, y, 1, 0, dark)
	if !ok || max(across.length, up.length) > 1.5*min(across.length, up.length) {
		return
	}
	x = int(across.middle)
	if _, ok = r.crossCheck(x, y, 1, 1, dark); !ok {
		return
	}
	if _, ok = r.crossCheck(x, y, 1, -1, dark); !ok {
		return
	}
	r.add(corner{across.middle, up.middle, (across.length + up.length) / 2, dark, 1})
}

// line is a line through a corner.
type line struct{ middle, length float64 }

// crossCheck measures the runs from a point on in a direction and its opposite. The middle is along the direction's
// coordinate.
func (r *reader) crossCheck(x, y, dx, dy int, dark bool) (line, bool) {
	if r.dark(x, y) != dark {
		return line{}, false
	}
	walk := func(dx, dy int) (runs [3]int) {
		x, y, want := x+dx, y+dy, dark
		for i := range runs {
			for x >= 0 && x < r.w && y >= 0 && y < r.h && r.dark(x, y) == want {
				if runs[i]++; runs[i] > 2*runs[0]+2 && i > 0 {
					break // too long to belong to this core
				}
				x, y = x+dx, y+dy
			}
			want = !want
		}
		return runs
	}
	fore, back := walk(dx, dy), walk(-dx, -dy)
	if fore[1] == 0 || fore[2] == 0 || back[1] == 0 || back[2] == 0 {
		return line{}, false
	}
	runs := [5]int{back[2], back[1], back[0] + 1 + fore[0], fore[1], fore[2]}
	slack := 0.5
	if dx != 0 && dy != 0 {
		slack = 0.7 // steps of √2
	}
	if !rings(runs, slack) {
		return line{}, false
	}
	at := y
	if dx != 0 {
		at = x
	}
	core := at - back[0]
	return line{float64(core) + float64(runs[2])/2, float64(runs[0] + runs[1] + runs[2] + runs[3] + runs[4])}, true
}

// add keeps a corner; many lines find the same.
func (r *reader) add(c corner) { r.corners = merge(r.corners, c) }

func merge(corners []corner, c corner) []corner {
	for i := range corners {
		k := &corners[i]
		if near := k.size / 7; k.dark == c.dark && math.Abs(k.x-c.x) < near && math.Abs(k.y-c.y) < near &&
			math.Abs(k.size-c.size) < 3*near {
			n, m := float64(k.hits), float64(c.hits)
			k.x, k.y, k.size = (k.x*n+c.x*m)/(n+m), (k.y*n+c.y*m)/(n+m), (k.size*n+c.size*m)/(n+m)
			k.hits += c.hits
			return corners
		}
	}
	if len(corners) == 2*maxCorners { // rarely, and then most are noise: one line found them
		slices.SortStableFunc(corners, func(a, b corner) int { return b.hits - a.hits })
		corners = corners[:maxCorners]
	}
	return append(corners, c)
}
