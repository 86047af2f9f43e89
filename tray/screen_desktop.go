package tray

import (
	"fyne.io/systray"

	"kapu/icons"
)

// clearDesktop removes the real menu's rows, and closes their channels.
func clearDesktop() { systray.ResetMenu() }

// newDesktopScreen makes the real menu. It is called while nobody reads it, where it costs little.
func newDesktopScreen(listen func(*level) func([]source)) *screen {
	s := newScreen(addItem, systray.AddSeparator, listen)
	s.locked = true
	setIcon(icons.Locked)
	return s
}

// announce sets the title, and from now on icon and title with each change.
func (s *screen) announce() {
	shown := icons.Locked // as newDesktopScreen made it
	s.setIcon = func(title string, icon icons.State) {
		if icon != shown {
			shown = icon
			setIcon(icon)
		}
		setTitle(title)
	}
	setTitle(s.title)
}
