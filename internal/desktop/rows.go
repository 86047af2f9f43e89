//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
)

// metrics is how high the parts of a menu are, which the theme and the fonts decide.
type metrics struct {
	row, separator int
	pad            int // above the first row and below the last
}

// rowSpan is where a row is in its menu: from top to the pixel before bottom.
type rowSpan struct{ top, bottom int }

func (s rowSpan) middle() int { return (s.top + s.bottom) / 2 }

func (m metrics) of(item Item) int {
	if item.Separator() {
		return m.separator
	}
	return m.row
}

// span is where the i-th of the visible rows is.
func (m metrics) span(rows []Item, i int) rowSpan {
	top := m.pad
	for _, item := range rows[:i] {
		top += m.of(item)
	}
	return rowSpan{top, top + m.of(rows[i])}
}

// height is how high a menu of these rows is.
func (m metrics) height(rows []Item) int {
	h := 2 * m.pad
	for _, item := range rows {
		h += m.of(item)
	}
	return h
}

// solve finds the metrics from the menu's height and the places of two of its rows, i and j.
func solve(height int, rows []Item, i int, first rowSpan, j int, last rowSpan) (metrics, error) {
	m := metrics{row: first.bottom - first.top}
	count := func(items []Item) (plain, separators int) {
		for _, item := range items {
			if item.Separator() {
				separators++
			} else {
				plain++
			}
		}
		return plain, separators
	}
	plain, separators := count(rows)
	above, linesAbove := count(rows[:i])
	between, linesBetween := count(rows[i:j])
	switch {
	case linesBetween > 0:
		m.separator = (last.top - first.top - between*m.row) / linesBetween
	case separators != 2*linesAbove:
		// height = 2·pad + plain·row + separators·s, and first.top = pad + above·row + linesAbove·s
		m.separator = (height - plain*m.row - 2*(first.top-above*m.row)) / (separators - 2*linesAbove)
	default:
		// There are no lines, or they are such that their height makes no difference.
		m.separator = 1
	}
	m.pad = first.top - above*m.row - linesAbove*m.separator
	if m.row <= 0 || m.separator < 0 || m.pad < 0 {
		return m, fmt.Errorf("the measures %+v make no sense", m)
	}
	return m, nil
}

// measure returns the metrics of menus on this desktop. The first time, it passes the mouse over a menu
// from both ends and sees which pixels light up.
func (d *Desktop) measure(ctx context.Context, menu window, plain []pixel, rows []Item) (metrics, error) {
	d.mu.Lock()
	m := d.metrics
	d.mu.Unlock()
	if m.row > 0 && m.height(rows) == menu.h {
		return m, nil
	}
	first, last := -1, -1
	lines := 0
	for i, item := range rows {
		switch {
		case item.Separator():
			lines++
		case item.Enabled:
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return m, errors.New("no row of the menu can be chosen")
	}
	if len(plain) != menu.h {
		return m, errors.New("the menu is still growing")
	}
	top, err := d.feel(ctx, menu, plain, 1)
	if err != nil {
		return m, err
	}
	bottom, err := d.feel(ctx, menu, plain, -1)
	if err != nil {
		return m, err
	}
	if m, err = solve(menu.h, rows, first, top, last, bottom); err != nil {
		return m, err
	}
	if lines > 0 && m.height(rows) == menu.h { // without lines, their height is a guess
		d.mu.Lock()
		d.metrics = m
		d.mu.Unlock()
	}
	return m, nil
}

// forgetMetrics lets the next menu be measured anew.
func (d *Desktop) forgetMetrics() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.metrics = metrics{}
}

// feel finds the first row from the top, or from the bottom, that lights up under the mouse.
func (d *Desktop) feel(ctx context.Context, menu window, plain []pixel, step int) (rowSpan, error) {
	const stride = 8 // less than any row is high
	y := stride / 2
	if step < 0 {
		y = menu.h - stride/2
	}
	for ; y > 0 && y < menu.h; y += step * stride {
		if err := d.moveTo(ctx, menu.x+menu.w/2, menu.y+y); err != nil {
			return rowSpan{}, err
		}
		for range 3 { // the panel needs a moment to draw
			now, err := d.column(ctx, menu)
			if err != nil {
				return rowSpan{}, err
			}
			if lit, ok := highlight(plain, now); ok && y >= lit.top && y < lit.bottom {
				return lit, nil
			}
		}
	}
	return rowSpan{}, errors.New("no row of the menu lights up under the mouse")
}

// pixel is a colour on the screen.
type pixel [3]byte

// column takes a picture, one pixel wide, of the menu's left edge, where highlights reach but texts do not.
func (d *Desktop) column(ctx context.Context, menu window) ([]pixel, error) {
	data, err := d.runBytes(ctx, "import", "-silent", "-window", menu.id, "-crop", "1x0+3+0", "+repage", "-depth", "8", "rgb:-")
	if err != nil {
		return nil, err
	}
	pixels := make([]pixel, len(data)/3)
	for i := range pixels {
		pixels[i] = pixel(data[3*i:])
	}
	return pixels, nil
}

// highlight finds what is lit now and was not before.
func highlight(before, now []pixel) (rowSpan, bool) {
	if len(before) != len(now) {
		return rowSpan{}, false
	}
	lit := rowSpan{top: -1}
	for i := range now {
		if now[i] != before[i] {
			if lit.top < 0 {
				lit.top = i
			}
			lit.bottom = i + 1
		}
	}
	return lit, lit.top >= 0
}
