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
