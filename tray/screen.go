package tray

import (
	"slices"
	"time"

	"kapu/icons"
)

// screen is the menu as the desktop shows it, with its icon and title; the counterpart of menu.
type screen struct {
	surface
	title         string
	locked        bool
	icon          icons.State
	lockedFolders []string // whose clients were taken off the menu

	setIcon func(title string, icon icons.State) // and its title
}

// surface is what the rows are on.
type surface interface {
	// draw brings the desktop to a menu's rows. To erase is to take all names off it before anything else is shown, from
	// rows that are hidden too.
	draw(m menu, erase bool, now time.Time)
	// clicks sends when a row is clicked.
	clicks() <-chan click
	// present puts the rows where panels read them, once the icon is there.
	present() error
	close()
}

// click is an input event: a click on a row at a time.
type click interface {
	// meaning is the row that the person saw, unless that is gone or within its strangeTime.
	meaning() (key, bool)
}

// strangeTime is the dead time of a row that has become another client's, in which a click on it is ignored: the person
// may have aimed at the name that stood there before, and a code under the wrong client is a real accident.
const strangeTime = 500 * time.Millisecond

// newScreen shows nothing yet.
func newScreen(on surface) *screen {
	return &screen{surface: on, setIcon: func(string, icons.State) {}, icon: icons.Locked}
}

// newDesktopScreen is the real menu.
func newDesktopScreen() *screen {
	s := newScreen(newSurface())
	s.locked = true
	setIcon(icons.Locked)
	return s
}

// announce puts the menu and its title on the desktop, and from now on icon and title with each change.
func (s *screen) announce() error {
	shown := icons.Locked // as newDesktopScreen made it
	s.setIcon = func(title string, icon icons.State) {
		if icon != shown {
			shown = icon
			setIcon(icon)
		}
		setTitle(title)
	}
	setTitle(s.title)
	return s.present()
}

// show brings the desktop to a menu: the icon and its title first, which say whether the vault is open.
func (s *screen) show(m menu, locked bool, now time.Time) {
	newlyLocked := slices.ContainsFunc(m.lockedFolders, func(f string) bool { return !slices.Contains(s.lockedFolders, f) })
	erase := newlyLocked || locked && !s.locked
	s.lockedFolders, s.locked = m.lockedFolders, locked
	if s.title != m.title || s.icon != m.icon {
		s.title, s.icon = m.title, m.icon
		s.setIcon(m.title, m.icon)
	}
	s.draw(m, erase, now)
}
