//go:build !linux

package tray

import "slices"

// inPlace is the fast path of place: the slots that hold the rows already, if all are there and in order; else nil.
func (l *level) inPlace(rows []row) []int {
	places := make([]int, 0, len(rows))
	for i := range l.slots {
		if !l.slots[i].used {
			continue
		}
		n := len(places)
		if n == len(rows) || l.slots[i].row != rows[n].key {
			return nil
		}
		places = append(places, i)
	}
	if len(places) != len(rows) {
		return nil
	}
	return places
}

// The cost model of place: the number of signals that a change sends, which is what panels and screen readers suffer
// from.
const (
	costAdd   = 2
	costTitle = 3
	costShow  = 3
	// A row that becomes another client's under somebody's cursor is worse than any signal.
	costStrange = 8
)

// withSpares places n rows with slack for insertions: every second row has a spare behind it, a hidden slot that bears
// its label already. A new row before it takes its slot while it moves into the spare; one after it takes the spare.
// Either costs 6.
func withSpares(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i + (i+1)/2
	}
	return places
}

// prepare gives the spares of a fresh submenu the labels of the rows before them, so that moving there costs no title.
func (l *level) prepare(places []int, rows []row) {
	for n, i := range places {
		if i++; i < len(l.slots) && !l.slots[i].used {
			l.slots[i].row = rows[n].key
			l.slots[i].write(rows[n].label)
		}
	}
}

// place is a minimum-cost alignment of rows with slots, both in order, by dynamic programming: O(rows × slots).
func (l *level) place(rows []row) []int {
	slots := len(l.slots)
	if l.make != nil {
		slots = max(slots, len(rows)) + 1
	}
	// best[n][i]: the least cost of the first n rows in the first i slots; taken: row n-1 is in slot i-1.
	const never = 1 << 30
	width := slots + 1
	best := make([]int32, (len(rows)+1)*width)
	taken := make([]bool, len(best))
	for n := range len(rows) + 1 {
		for i := range width {
			at := n*width + i
			if n == 0 && i == 0 {
				continue
			}
			best[at] = never
			if i > 0 {
				best[at] = best[at-1] + l.costUnused(i-1)
			}
			if n > 0 && i > 0 {
				if c := best[at-width-1] + l.cost(i-1, &rows[n-1]); c <= best[at] {
					best[at], taken[at] = c, true
				}
			}
			best[at] = min(best[at], never)
		}
	}
	places := make([]int, len(rows))
	for n, i := len(rows), slots; n > 0; i-- {
		if taken[n*width+i] {
			n--
			places[n] = i - 1
		}
	}
	if !l.stack {
		l.center(rows, places)
	} else if places[0] == 0 { // no room for the next one on top: begin again at the other end
		return l.begin(len(rows))
	}
	return places
}

// center moves new rows to the middle of the spares around them, so that there is slack on either side. It costs
// nothing.
func (l *level) center(rows []row, places []int) {
	fresh := func(n int) bool {
		i := places[n]
		return i < len(l.slots) && !l.slots[i].used && l.slots[i].row != rows[n].key
	}
	for a := 0; a < len(rows); a++ {
		b := a
		for b < len(rows) && fresh(b) {
			b++
		}
		if b == a {
			continue
		}
		low, high := 0, len(l.slots)
		if a > 0 {
			low = places[a-1] + 1
		}
		if b < len(rows) {
			high = min(places[b], high)
		}
		vacated := func(s slot) bool { return s.used || s.shown }
		if !slices.ContainsFunc(l.slots[low:high], vacated) {
			spread(places[a:b], low, high)
		}
		a = b
	}
}

func (l *level) costUnused(i int) int32 {
	if i < len(l.slots) && l.slots[i].shown {
		return costShow
	}
	return 0
}

func (l *level) cost(i int, r *row) int32 {
	if i >= len(l.slots) {
		return costAdd
	}
	s := &l.slots[i]
	var c int32
	if !s.shown && !r.hidden {
		c += costShow
	}
	if s.row == r.key { // still, or again
		if s.label != r.label {
			c += costTitle
		}
		return c
	}
	c += costTitle
	if s.used {
		c += costStrange
	}
	if s.sub != nil {
		c += costTitle * int32(len(r.rows))
	}
	return c
}

func (l *level) keepsAny(rows []row) bool {
	used := map[key]bool{}
	for i := range l.slots {
		if l.slots[i].used {
			used[l.slots[i].row] = true
		}
	}
	for i := range rows {
		if used[rows[i].key] {
			return true
		}
	}
	return false
}

// begin places rows none of which was there before, with spares between them.
func (l *level) begin(n int) []int {
	if l.make != nil {
		return withSpares(n)
	}
	slots := len(l.slots)
	if n > slots {
		panic("tray: more rows than the menu has places")
	}
	places := make([]int, n)
	if l.stack {
		spread(places, slots-n, slots)
	} else {
		spread(places, 0, slots)
	}
	return places
}

// spread distributes places evenly over the slots from low up to high.
func spread(places []int, low, high int) {
	n := len(places)
	spares := high - low - n
	for i := range places {
		places[i] = low + i + (i*spares+spares/2)/n
	}
}
