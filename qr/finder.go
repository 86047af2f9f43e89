package qr

import (
	"math"
	"slices"
)

// A QR code has a finder pattern in three of its corners, rings around a core: any line through the core's middle,
// whatever its direction, meets runs of 1, 1, 3, 1 and 1 modules. That is what is looked for, in both colours at once.

// finder is a finder pattern.
type finder struct {
	x, y float64 // of its middle
	size float64 // how long a line through it is, 7 modules
	dark bool
	hits int // how many lines have found it
}

// maxFinders is how many finder patterns are kept: more than any picture of codes has. Text and carpets look like them.
const maxFinders = 400

// scanner detects finder patterns in a picture.
type scanner struct {
	*bitmap
	*budget
	found []finder
}

// scan is run-length detection along every second line, which meets even a core of three pixels. A run ends with the
// picture too: a code may be cropped to its last module.
func (s *scanner) scan() []finder {
	for y := 1; y < s.h && s.spend(0); y += 2 {
		row, limits := s.pix[y*s.w:(y+1)*s.w], s.threshold[y/block*s.cols:]
		var runs [5]int
		was, start, limit := row[0] < limits[0], 0, uint8(0)
		end := func(x int) {
			copy(runs[:], runs[1:])
			runs[4] = x - start
			if rings(runs, 0.5) {
				s.verify(x-runs[4]-runs[3]-(runs[2]+1)/2, y, runs, was)
			}
		}
		for x, v := range row {
			if x%block == 0 {
				limit = limits[x/block]
			}
			if now := v < limit; now != was {
				end(x)
				was, start = now, x
			}
		}
		end(s.w)
	}
	return s.found
}

// rings says whether runs are as long as those through a finder pattern.
func rings(runs [5]int, slack float64) bool {
	total := runs[0] + runs[1] + runs[2] + runs[3] + runs[4]
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

// verify adds the finder pattern whose core is here if lines in the other directions confirm it.
func (s *scanner) verify(x, y int, runs [5]int, dark bool) {
	longest := 4 * (runs[1] + runs[2] + runs[3]) // half a line through it, however aslant it lies
	up, ok := s.crossCheck(x, y, 0, 1, longest, dark)
	if !ok {
		return
	}
	y = int(up.middle)
	across, ok := s.crossCheck(x, y, 1, 0, longest, dark)
	if !ok || max(across.length, up.length) > 1.7*min(across.length, up.length) {
		return
	}
	x = int(across.middle)
	if _, ok = s.crossCheck(x, y, 1, 1, longest, dark); !ok {
		return
	}
	if _, ok = s.crossCheck(x, y, 1, -1, longest, dark); !ok {
		return
	}
	if s.spend(len(s.found)) {
		s.found = merge(s.found, finder{across.middle, up.middle, (across.length + up.length) / 2, dark, 1})
	}
}

// line is a line through a finder pattern.
type line struct{ middle, length float64 }

// crossCheck measures the runs from a point on in a direction and its opposite, at most so many pixels of each. The
// middle is along the direction's coordinate.
func (s *scanner) crossCheck(x, y, dx, dy, longest int, dark bool) (line, bool) {
	if s.dark(x, y) != dark {
		return line{}, false
	}
	fore, back := s.walk(x, y, dx, dy, longest, dark), s.walk(x, y, -dx, -dy, longest, dark)
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

// walk measures half a line: the rest of the core, the light ring and the dark ring.
func (s *scanner) walk(x, y, dx, dy, longest int, dark bool) (runs [3]int) {
	steps := 0
	want := dark
	x, y = x+dx, y+dy
	for i := range runs {
		for x >= 0 && x < s.w && y >= 0 && y < s.h && s.dark(x, y) == want {
			if steps++; steps > longest {
				break
			}
			if runs[i]++; runs[i] > 2*runs[0]+2 && i > 0 {
				break // too long to belong to this core
			}
			x, y = x+dx, y+dy
		}
		want = !want
	}
	s.spend(steps)
	return runs
}

// merge adds a finder pattern, or counts it as a hit of one that is there: many lines find the same.
func merge(found []finder, f finder) []finder {
	for i := range found {
		k := &found[i]
		if near := k.size / 7; k.dark == f.dark && math.Abs(k.x-f.x) < near && math.Abs(k.y-f.y) < near &&
			math.Abs(k.size-f.size) < 3*near {
			n, m := float64(k.hits), float64(f.hits)
			k.x, k.y, k.size = (k.x*n+f.x*m)/(n+m), (k.y*n+f.y*m)/(n+m), (k.size*n+f.size*m)/(n+m)
			k.hits += f.hits
			return found
		}
	}
	if len(found) == 2*maxFinders { // rarely, and then most are noise: one line found them
		slices.SortStableFunc(found, func(a, b finder) int { return b.hits - a.hits })
		found = found[:maxFinders]
	}
	return append(found, f)
}
