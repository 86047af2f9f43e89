package tray

import "time"

// apply brings the level to show exactly these rows in this order, with the fewest changes.
func (l *level) apply(rows []row, now time.Time) {
	places := l.inPlace(rows)
	if places == nil {
		places = l.place(rows)
	}
	next := 0
	for i := range l.slots { // what goes away goes first: nobody is to see a client twice
		s := &l.slots[i]
		if next < len(places) && places[next] == i {
			next++
			continue
		}
		s.used = false
		s.show(false)
	}
	l.grow(places, rows)
	for n, i := range places {
		l.slots[i].fill(&rows[n], now)
	}
	if l.listen != nil && len(rows) > 0 && l.heard < len(l.slots) {
		var fresh []item
		for _, s := range l.slots[l.heard:] {
			fresh = append(fresh, s.item)
		}
		l.heard = len(l.slots)
		l.listen(fresh)
	}
}

// fill gives the slot a row.
func (s *slot) fill(r *row, now time.Time) {
	if s.row.client() && r.client() && s.row.id != r.id {
		s.changed = now
	}
	s.used, s.row = true, r.key
	if r.hidden {
		s.show(false)
		return
	}
	if s.label != r.label {
		s.label = r.label
		s.item.SetTitle(escape(r.label))
	}
	if says := r.verb == nothing; says != s.disabled {
		s.disabled = says
		if says {
			s.item.Disable()
		} else {
			s.item.Enable()
		}
	}
	if s.sub != nil {
		s.sub.apply(r.rows, now)
	}
	s.show(true)
}

func (s *slot) show(shown bool) {
	if s.shown == shown {
		return
	}
	s.shown = shown
	if shown {
		s.item.Show()
	} else {
		s.item.Hide()
	}
}

// inPlace returns the slots that hold the rows already, if they are all there and in order.
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

// What changes cost: the number of signals they send, which is what panels and screen readers suffer from.
const (
	costAdd   = 2
	costTitle = 3
	costShow  = 3
	// A row that becomes another client's under somebody's cursor is worse than any signal.
	costStrange = 8
)

// gapEvery is how many rows share one hidden slot to grow into: with three, a new row moves at most one other.
const gapEvery = 3

// place finds a slot for each row, in order, so that the changes cost least.
func (l *level) place(rows []row) []int {
	if !l.keepsAny(rows) {
		return l.spread(len(rows))
	}
	slots := len(l.slots)
	if l.add != nil {
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
				if c := best[at-width-1] + l.cost(i-1, &rows[n-1]); c < best[at] {
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
	return places
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

// spread puts rows where none was before, with gaps between them.
func (l *level) spread(n int) []int {
	slots := len(l.slots)
	if l.add != nil {
		slots = max(slots, n+n/gapEvery+1)
	}
	if n > slots {
		panic("tray: more rows than the menu has places")
	}
	places := make([]int, n)
	for i := range places {
		gaps := slots - n
		places[i] = i + (i*gaps+gaps/2)/n
	}
	return places
}
