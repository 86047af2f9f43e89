//go:build !linux

package tray

import "time"

// apply reconciles the level with these rows: afterwards it shows exactly them, in this order. It makes the fewest
// changes (see place) and is idempotent.
func (l *level) apply(rows []row, now time.Time) {
	places := l.inPlace(rows)
	anew := places == nil && !l.keepsAny(rows)
	switch {
	case anew:
		places = l.begin(len(rows))
	case places == nil:
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
	if l.listen != nil { // before more takes time: who sees a row may click it
		l.hear(places)
	}
	for n, i := range places {
		l.slots[i].fill(&rows[n], now)
	}
	if anew && l.make != nil {
		l.prepare(places, rows)
	}
}

// hear subscribes to the clicks of slots that have a row for the first time. A spare has none, and would only take
// memory.
func (l *level) hear(places []int) {
	var fresh []source
	for _, i := range places {
		if s := &l.slots[i]; !s.heard {
			s.heard = true
			fresh = append(fresh, source{i, s.item})
		}
	}
	if fresh != nil {
		l.listen(fresh)
	}
}

// fill binds a row to the slot. When one client's row becomes another's it records the time, for strangeTime.
func (s *slot) fill(r *row, now time.Time) {
	if s.row.client() && r.client() && s.row.id != r.id {
		s.changed = now
	}
	s.used, s.row = true, r.key
	if r.hidden {
		s.show(false)
		return
	}
	s.write(r.label)
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
