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
	footSlots   = 9
)

// screen is the menu as it is on the desktop: five levels in three zones.
type screen struct {
	top, recent, folders, rest, foot *level
	title                            string
	locked                           bool
	icon                             icons.State
	shut                             []string // folders whose clients were taken away

	look func(title string, icon icons.State) // sets the icon and its title
}

// newScreen makes the places of all zones; nothing is shown yet. listen is told of rows that can be clicked.
func newScreen(add func(string) item, line func(), listen func(*level) func([]source)) *screen {
	zone := func(n int) *level {
		l := newLevel(n, add)
		l.listen = listen(l)
		return l
	}
	s := &screen{look: func(string, icons.State) {}, icon: icons.Locked}
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

// show brings the desktop to this menu.
func (s *screen) show(m menu, locked bool, now time.Time) {
	shut := slices.ContainsFunc(m.shut, func(f string) bool { return !slices.Contains(s.shut, f) })
	s.shut = m.shut
	if shut || locked && !s.locked { // the names go before anything else is shown, from hidden rows too
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
		s.look(m.title, m.icon)
	}
}

// label returns what a client is called in the menu, or "".
func (s *screen) label(id string) string {
	for _, l := range []*level{s.top, s.recent, s.rest} {
		if label := l.label(id); label != "" {
			return label
		}
	}
	for i := range s.folders.slots {
		if f := &s.folders.slots[i]; f.used {
			if label := f.sub.label(id); label != "" {
				return label
			}
		}
	}
	return ""
}

func (l *level) label(id string) string {
	for i := range l.slots {
		if s := &l.slots[i]; s.used && s.row.client() && s.row.id == id {
			return s.label
		}
	}
	return ""
}
