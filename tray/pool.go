package tray

import "time"

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
	sub      *level    // of a slot that is a submenu
}

// level is the pool of one zone or submenu: its slots, in the order in which the desktop shows them. It is append-only,
// so a row that comes between others needs a hidden slot there (a gap).
type level struct {
	slots  []slot
	stack  bool                    // new rows come on top
	add    func(title string) item // nil: the level cannot grow
	listen func(slots []source)    // told of every slot that can be clicked
}

// newLevel makes a pool of fixed size, all hidden.
func newLevel(n int, add func(string) item) *level {
	l := &level{}
	for range n {
		it := add("")
		it.Hide()
		l.slots = append(l.slots, slot{item: it})
	}
	return l
}

// newSubmenus makes a level of hidden submenus. Each has a hidden row from the start: panels decide when they
// first see a row whether it is a submenu.
func newSubmenus(n int, add func(string) item, listen func(submenu *level) func([]source)) *level {
	l := &level{}
	for range n {
		it := add("")
		child := it.AddSub("")
		child.Hide()
		it.Hide()
		sub := &level{slots: []slot{{item: child}}, add: it.AddSub}
		sub.listen = listen(sub)
		l.slots = append(l.slots, slot{item: it, sub: sub})
	}
	return l
}

// grow appends slots up to the last of the places. One that gets a row has its title from the start.
func (l *level) grow(places []int, rows []row) {
	for n, i := range places {
		for len(l.slots) <= i {
			s := slot{shown: true}
			switch {
			case len(l.slots) == i && !rows[n].hidden:
				s.label = rows[n].label
			case len(l.slots) < i && n > 0:
				s.label = rows[n-1].label // see prepare
			}
			s.item = l.add(escape(s.label))
			l.slots = append(l.slots, s)
			if len(l.slots) <= i {
				l.slots[len(l.slots)-1].show(false) // a gap for rows to come
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
		if s.sub != nil {
			s.sub.clearAll()
		}
	}
}

// clearAll unbinds the slots of a hidden submenu. They stay as visible as they were, to be bound again.
func (l *level) clearAll() {
	for i := range l.slots {
		l.slots[i].clear()
	}
}

func (s *slot) clear() {
	s.used, s.row, s.changed = false, key{}, time.Time{}
	s.write("")
}

func (s *slot) write(label string) {
	if s.label != label {
		s.label = label
		s.item.SetTitle(escape(label))
	}
}
