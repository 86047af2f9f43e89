package gate

import "math"

// pen is what a path is drawn with: a rasterizer or an SVG writer.
type pen interface {
	MoveTo(x, y float32)
	LineTo(x, y float32)
	CubeTo(bx, by, cx, cy, dx, dy float32)
	ClosePath()
}

// A path draws one closed outline with a pen.
type path func(pen)

// kappa is how far a cubic's handles reach to follow a quarter of a circle.
var kappa = 4.0 / 3 * (math.Sqrt2 - 1)

// arch is an outline with a half-round top: the opening of a gate. Its foot
// is rounded by foot.
func arch(mid, top, bottom, half, foot float64) path {
	return func(p pen) {
		spring := top + half // where the curve leaves the uprights
		l, r := mid-half, mid+half
		move(p, l+foot, bottom)
		quarter(p, l+foot, bottom, l, bottom-foot, false)
		line(p, l, spring)
		quarter(p, l, spring, mid, top, true)
		quarter(p, mid, top, r, spring, false)
		line(p, r, bottom-foot)
		quarter(p, r, bottom-foot, r-foot, bottom, true)
		p.ClosePath()
	}
}

// circle is a full round.
func circle(x, y, r float64) path {
	return func(p pen) {
		move(p, x-r, y)
		quarter(p, x-r, y, x, y-r, true)
		quarter(p, x, y-r, x+r, y, false)
		quarter(p, x+r, y, x, y+r, true)
		quarter(p, x, y+r, x-r, y, false)
		p.ClosePath()
	}
}

// trapezoid stands upright around mid.
func trapezoid(mid, top, bottom, halfTop, halfBottom float64) path {
	return func(p pen) {
		move(p, mid-halfTop, top)
		line(p, mid+halfTop, top)
		line(p, mid+halfBottom, bottom)
		line(p, mid-halfBottom, bottom)
		p.ClosePath()
	}
}

func move(p pen, x, y float64) { p.MoveTo(float32(x), float32(y)) }
func line(p pen, x, y float64) { p.LineTo(float32(x), float32(y)) }

// quarter is a quarter of an ellipse from a to b. It sets out along the
// upright or along the level.
func quarter(p pen, ax, ay, bx, by float64, upright bool) {
	dx, dy := (bx-ax)*kappa, (by-ay)*kappa
	x1, y1, x2, y2 := ax+dx, ay, bx, by-dy
	if upright {
		x1, y1, x2, y2 = ax, ay+dy, bx-dx, by
	}
	p.CubeTo(float32(x1), float32(y1), float32(x2), float32(y2), float32(bx), float32(by))
}
