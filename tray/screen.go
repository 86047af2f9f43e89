package tray

import (
	"slices"
	"time"

	"kapu/icons"
)

// How many slots the zones have. Only submenus can grow once there is a zone below; what is spare lets rows
// come in between others without moving these.
const (
	topSlots    = 48
	recentSlots = 32
	folderSlots = maxFolders + 20
	restSlots   = maxRows + 8
	footSlots   = 10
)

// screen is the real menu as the desktop shows it, the counterpart of menu: five levels in three zones.
type screen struct {
	top, recent, folders, rest, foot *level
	title                            string
	locked                           bool
	icon                             icons.State
	lockedFolders                    []string // whose clients were taken off the menu

	setIcon func(title string, icon icons.State) // and its title
}

// newScreen makes the places of all zones; nothing is shown yet. listen is told of rows that can be clicked.
func newScreen(add func(string) item, line func(), listen func(*level) func([]source)) *screen {
	zone := func(n int) *level {
		l := newLevel(n, add)
		l.listen = listen(l)
		return l
	}
	s := &screen{setIcon: func(string, icons.State) {}, icon: icons.Locked}
	s.top = zone(topSlots)
	s.recent = zone(recentSlots)
	s.recent.stack = true
	line()
	s.folders = newSubmenus(folderSlots, add, listen)
	s.rest = zone(restSlots)
	line()
	s.foot = zone(footSlots)
	return s
}

// show reconciles the desktop with a menu. On locking it erases all names before it shows anything.
func (s *screen) show(m menu, locked bool, now time.Time) {
	newlyLocked := slices.ContainsFunc(m.lockedFolders, func(f string) bool { return !slices.Contains(s.lockedFolders, f) })
	s.lockedFolders = m.lockedFolders
	if newlyLocked || locked && !s.locked { // the names go before anything else is shown, from hidden rows too
		for _, l := range []*level{s.top, s.recent, s.folders, s.rest, s.foot} {
			l.apply(nil, now)
			l.blank()
		}
	}
	s.folders.apply(m.folders, now)
	s.rest.apply(m.rest, now)
	s.top.apply(m.top, now)
	s.recent.apply(m.recent, now)
	s.foot.apply(m.foot, now)
	s.locked = locked
	if s.title != m.title || s.icon != m.icon {
		s.title, s.icon = m.title, m.icon
		s.setIcon(m.title, m.icon)
	}
}
