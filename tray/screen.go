package tray

import (
	"slices"
	"time"

	"kapu/icons"
)

// How many slots the zones have. Only submenus can grow once there is a zone below; what is spare lets rows
// come in between others without moving these.
const (
	topSlots    = 3 * mostTop
	recentSlots = 32
	signInSlots = 1
	middleSlots = 3 * mostMiddle
	footSlots   = 10
)

// screen is the real menu as the desktop shows it, the counterpart of menu: its levels in three zones.
type screen struct {
	top, recent, signIn *level
	middle              branch
	foot                *level
	title               string
	locked              bool
	icon                icons.State
	lockedFolders       []string // whose clients were taken off the menu

	setIcon func(title string, icon icons.State) // and its title
}

// newScreen makes the places of all zones; nothing is shown yet. listen is told of rows that can be clicked.
func newScreen(add func(string) item, line func(), listen listener) *screen {
	rows := func(n int) *level {
		l := newLevel(n, rowsOf(add))
		l.listen = listen(l)
		return l
	}
	submenus := func(n int) *level { return newLevel(n, submenusOf(add, listen)) }
	s := &screen{setIcon: func(string, icons.State) {}, icon: icons.Locked}
	s.top = rows(topSlots)
	s.recent = rows(recentSlots)
	s.recent.stack = true
	s.signIn = submenus(signInSlots)
	line()
	s.middle = branch{submenus(middleSlots), rows(middleSlots)}
	line()
	s.foot = rows(footSlots)
	return s
}

// levels are those of all zones.
func (s *screen) levels() []*level {
	return []*level{s.top, s.recent, s.signIn, s.middle.submenus, s.middle.rows, s.foot}
}

// show reconciles the desktop with a menu. On locking it erases all names before it shows anything.
func (s *screen) show(m menu, locked bool, now time.Time) {
	newlyLocked := slices.ContainsFunc(m.lockedFolders, func(f string) bool { return !slices.Contains(s.lockedFolders, f) })
	s.lockedFolders = m.lockedFolders
	if newlyLocked || locked && !s.locked { // the names go before anything else is shown, from hidden rows too
		for _, l := range s.levels() {
			l.apply(nil, now)
			l.blank()
		}
	}
	s.middle.submenus.apply(m.folders, now)
	s.middle.rows.apply(m.rest, now)
	s.top.apply(m.top, now)
	s.recent.apply(m.recent, now)
	s.signIn.apply(m.signIn, now)
	s.foot.apply(m.foot, now)
	s.locked = locked
	if s.title != m.title || s.icon != m.icon {
		s.title, s.icon = m.title, m.icon
		s.setIcon(m.title, m.icon)
	}
}
