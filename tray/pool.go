//go:build !linux

package tray

import (
	"slices"
	"time"
)

// item is the interface to a row of the desktop's menu. Every call costs signals on the desktop's bus, so none is made
// that changes nothing.
type item interface {
	SetTitle(title string)
	Show()
	Hide()
	Enable()
	Disable()
	// AddSub adds a row below this one; it is shown at once.
	AddSub(title string) item
	// Clicks sends when the row is clicked, if somebody is receiving at that moment.
	Clicks() <-chan struct{}
}

// slot is a pooled row of the desktop's menu. Slots are never freed: systray closes the channel of a removed row, and a
// click that races it ends the program. A slot is shown, hidden and bound to another row instead.
type slot struct {
	item     item
	row      key    // what it shows, or showed last
	label    string // as given to the item
	used     bool   // it has a row of the present menu
	shown    bool
	disabled bool
	changed  time.Time // when one client's row became another's
	heard    bool      // somebody listens to its clicks
	sub      *branch   // of a slot that is a submenu
}

// level is the pool of one zone's or submenu's rows: its slots, in the order in which the desktop shows them. All are
// submenus or none is. It is append-only, so a row that comes between others needs a hidden slot there (a spare).
type level struct {
	slots  []slot
	stack  bool                    // new rows come on top
	make   func(title string) slot // of a new one, which is shown; nil: the level cannot grow
	listen func(slots []source)    // told of every slot that can be clicked
}

// branch is what a submenu holds, and the middle zone: submenus, and rows below them. Of a submenu's levels only one
// shows anything at a time, because each grows at the end of the same menu.
type branch struct{ submenus, rows *level }

// listener tells who listens to a level's slots.
type listener func(*level) func([]source)

// newLevel makes a pool of fixed size, all hidden.
func newLevel(n int, make func(title string) slot) *level {
	l := &level{}
	for range n {
		s := make("")
		s.show(false)
		l.slots = append(l.slots, s)
	}
	return l
}

// rowsOf returns what makes rows below an item, or of the whole menu.
func rowsOf(add func(string) item) func(string) slot {
	return func(title string) slot { return slot{item: add(escape(title)), label: title, shown: true} }
}

// submenusOf returns what makes submenus there. Each has a hidden row from the start: panels decide when they first see
// a row whether it is a submenu.
func submenusOf(add func(string) item, listen listener) func(string) slot {
	return func(title string) slot {
		s := rowsOf(add)(title)
		s.sub = &branch{
			submenus: &level{make: submenusOf(s.item.AddSub, listen)},
			rows:     newLevel(1, rowsOf(s.item.AddSub)),
		}
		s.sub.rows.make, s.sub.rows.listen = rowsOf(s.item.AddSub), listen(s.sub.rows)
		return s
	}
}

// apply reconciles both levels with these rows, of which the submenus come first.
func (b *branch) apply(rows []row, now time.Time) {
	n := slices.IndexFunc(rows, func(r row) bool { return r.verb != open })
	if n < 0 {
		n = len(rows)
	}
	b.submenus.apply(rows[:n], now)
	b.rows.apply(rows[n:], now)
}

// grow appends slots up to the last of the places. One that gets a row has its title from the start.
func (l *level) grow(places []int, rows []row) {
	for n, i := range places {
		for len(l.slots) <= i {
			label := ""
			switch {
			case len(l.slots) == i && !rows[n].hidden:
				label = rows[n].label
			case len(l.slots) < i && n > 0:
				label = rows[n-1].label // see prepare
			}
			l.slots = append(l.slots, l.make(label))
			if len(l.slots) <= i {
				l.slots[len(l.slots)-1].show(false) // a spare for rows to come
			}
		}
	}
}

// blank erases the label of every slot that is not shown: hidden rows travel to the panel all the same.
func (l *level) blank() {
	for i := range l.slots {
		s := &l.slots[i]
		if s.used && s.shown {
			continue
		}
		s.clear()
	}
}

// clear unbinds a hidden slot, and those of its submenu. These stay as visible as they were, to be bound again.
func (s *slot) clear() {
	s.used, s.row, s.changed = false, key{}, time.Time{}
	s.write("")
	if s.sub == nil {
		return
	}
	for _, l := range []*level{s.sub.submenus, s.sub.rows} {
		for i := range l.slots {
			l.slots[i].clear()
		}
	}
}

func (s *slot) write(label string) {
	if s.label != label {
		s.label = label
		s.item.SetTitle(escape(label))
	}
}
