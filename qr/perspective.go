package qr

import (
	"cmp"
	"math"
	"slices"
)

// homography is the perspective transform from a code's modules to the picture: a 3 × 3 matrix, row by row.
type homography [9]float64

// at is where a point given in modules, (0, 0) at the code's corner, lies in the picture.
func (h homography) at(u, v float64) (x, y float64) {
	w := h[6]*u + h[7]*v + h[8]
	if w == 0 {
		w = 1e-9 // on the horizon: far outside
	}
	return (h[0]*u + h[1]*v + h[2]) / w, (h[3]*u + h[4]*v + h[5]) / w
}

// inverse leads back from the picture to the modules.
func (h homography) inverse() homography {
	return homography{
		h[4]*h[8] - h[5]*h[7], h[2]*h[7] - h[1]*h[8], h[1]*h[5] - h[2]*h[4],
		h[5]*h[6] - h[3]*h[8], h[0]*h[8] - h[2]*h[6], h[2]*h[3] - h[0]*h[5],
		h[3]*h[7] - h[4]*h[6], h[1]*h[6] - h[0]*h[7], h[0]*h[4] - h[1]*h[3],
	}
}

// mark is a point of the picture of which one coordinate in modules is known: it lies on an edge of a finder pattern,
// or in the middle of an alignment pattern.
type mark struct {
	x, y   float64
	down   bool    // it is the coordinate from the top, v, that is known; else u
	at     float64 // in modules, from the far side if far is 1
	far    float64
	weight float64
}

// off is how many modules a mark lies from where the transform has it; back is its inverse.
func (m mark) off(back homography) float64 {
	u, v := back.at(m.x, m.y)
	if m.down {
		return math.Abs(v - m.at)
	}
	return math.Abs(u - m.at)
}

// fit finds the transform that explains the marks best: linear least squares for the inverse, whose eight unknowns
// stand in the normal equations. Coordinates are taken near 1, for the sake of the arithmetic.
func (f frame) fit(marks []mark) (homography, bool) {
	scale := max(math.Abs(f.right.x-f.top.x), math.Abs(f.right.y-f.top.y), 1)
	modules := float64(f.dimension)
	var a [8][9]float64
	for _, m := range marks {
		x, y, at := (m.x-f.top.x)/scale, (m.y-f.top.y)/scale, m.at/modules
		var row [9]float64
		first := 0
		if m.down {
			first = 3
		}
		row[first], row[first+1], row[first+2] = x, y, 1
		row[6], row[7], row[8] = -at*x, -at*y, at
		for i := range 8 {
			for j := range 9 {
				a[i][j] += m.weight * row[i] * row[j]
			}
		}
	}
	g, ok := solve(a)
	if !ok {
		return homography{}, false
	}
	back := homography{g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], 1}
	h := back.inverse()
	for i := range 3 { // back to modules and pixels
		h[3*i], h[3*i+1] = h[3*i]/modules, h[3*i+1]/modules
	}
	for j := range 3 {
		h[j], h[3+j] = h[j]*scale+f.top.x*h[6+j], h[3+j]*scale+f.top.y*h[6+j]
	}
	return h, h.sees(modules)
}

// sees says whether the whole code lies on one side of the horizon, as all that can be seen does.
func (h homography) sees(modules float64) bool {
	for _, v := range h {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	w := func(u, v float64) float64 { return (h[6]*u + h[7]*v + h[8]) * h[8] }
	return min(w(0, 0), w(modules, 0), w(0, modules), w(modules, modules)) > 0
}

// solve is Gaussian elimination with pivoting.
func solve(a [8][9]float64) (x [8]float64, ok bool) {
	for i := range 8 {
		p := i
		for j := i + 1; j < 8; j++ {
			if math.Abs(a[j][i]) > math.Abs(a[p][i]) {
				p = j
			}
		}
		a[i], a[p] = a[p], a[i]
		if math.Abs(a[i][i]) < 1e-12 {
			return x, false
		}
		for j := i + 1; j < 8; j++ {
			factor := a[j][i] / a[i][i]
			for k := i; k < 9; k++ {
				a[j][k] -= factor * a[i][k]
			}
		}
	}
	for i := 7; i >= 0; i-- {
		x[i] = a[i][8]
		for j := i + 1; j < 8; j++ {
			x[i] -= a[i][j] * x[j]
		}
		x[i] /= a[i][i]
	}
	return x, true
}

// tilt is a frame seen from aside, with one of the numbers of modules that it may have.
type tilt struct {
	frame
	homography
	marks []mark
	wrong float64 // the share of the timing patterns that is of the wrong colour
}

// doubtful is the share of wrong modules in the timing patterns from which on a frame is hardly a code: chance makes
// half of them wrong.
const doubtful = 0.4

// tilts are the perspectives in which a frame may be seen, the likeliest first.
func (f frame) tilts(dark seen, work *budget) []tilt {
	var tilts []tilt
	edges := f.edges(dark)
	work.spend(4000)
	middle := f.dimension
	for d := max(middle-16, smallest); d <= min(middle+16, largest); d += 4 {
		f.dimension = d
		marks := slices.Clone(edges)
		for i := range marks {
			marks[i].at += marks[i].far * float64(d)
		}
		work.spend(1000 + 2*d)
		h, ok := f.fit(marks)
		if !ok {
			continue
		}
		back := h.inverse()
		marks = slices.DeleteFunc(marks, func(m mark) bool { return !(m.off(back) < 0.7) }) // outliers
		if h, ok = f.fit(marks); !ok {
			continue
		}
		if wrong := h.mistimed(d, dark); wrong <= doubtful {
			tilts = append(tilts, tilt{f, h, marks, wrong})
		}
	}
	slices.SortStableFunc(tilts, func(a, b tilt) int { return cmp.Compare(a.wrong, b.wrong) })
	return tilts
}

// read decodes the modules, with the help of the alignment patterns if it must be: the first of them lies opposite.
func (t tilt) read(dark seen, work *budget) (Symbol, bool) {
	if s, ok := t.decode(t.dimension, dark, work); ok {
		return s, true
	}
	radius := 4 + float64(t.dimension)/12
	for i, at := range alignments(t.dimension) {
		middle := t.align(at[0], at[1], radius, dark)
		if !work.spend(int(100 * radius * radius)) {
			return Symbol{}, false
		}
		radius = 2 // of the others
		if middle == nil {
			continue
		}
		t.marks = append(t.marks, middle...)
		h, ok := t.fit(t.marks)
		if !ok {
			return Symbol{}, false
		}
		t.homography = h
		if i > 0 {
			continue
		}
		if s, ok := t.decode(t.dimension, dark, work); ok {
			return s, true
		}
	}
	return t.decode(t.dimension, dark, work)
}

// edges finds the outer edges of the three finder patterns, which give the perspective away: the far ones are smaller.
func (f frame) edges(dark seen) []mark {
	var marks []mark
	for _, p := range []struct {
		finder
		u, v       float64
		farU, farV float64
	}{{f.top, 3.5, 3.5, 0, 0}, {f.right, -3.5, 3.5, 1, 0}, {f.left, 3.5, -3.5, 0, 1}} {
		module := p.size / 7 * f.slant()
		ux, uy := unit(f.right.x-f.top.x, f.right.y-f.top.y, module)
		vx, vy := unit(f.left.x-f.top.x, f.left.y-f.top.y, module)
		for _, side := range []float64{-1, 1} {
			for t := -2.5; t <= 2.5; t += 0.5 {
				if x, y, ok := edge(p.x+t*vx, p.y+t*vy, side*ux, side*uy, dark); ok {
					marks = append(marks, mark{x, y, false, p.u + side*3.5, p.farU, 1})
				}
				if x, y, ok := edge(p.x+t*ux, p.y+t*uy, side*vx, side*vy, dark); ok {
					marks = append(marks, mark{x, y, true, p.v + side*3.5, p.farV, 1})
				}
			}
		}
	}
	return marks
}

// edge goes from the middle of a finder pattern outwards and stops where its dark ring ends.
func edge(x, y, dx, dy float64, dark seen) (ex, ey float64, ok bool) {
	const step = 0.125
	inside := false
	for d := 2.25; d < 5; d += step {
		now := dark(x+d*dx, y+d*dy)
		if inside && !now {
			d -= step / 2
			return x + d*dx, y + d*dy, d > 2.9
		}
		inside = now
	}
	return 0, 0, false
}

func unit(x, y, length float64) (ux, uy float64) {
	n := math.Hypot(x, y) / length
	return x / n, y / n
}
