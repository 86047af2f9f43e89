//go:build linux

package desktop

// LXQt is the panel of LXQt 1, which keeps the left button for the program, and reads the menu with Qt, a level at a
// time.
var LXQt = &Panel{
	name:    "LXQt",
	program: []string{"lxqt-panel"},
	// It comes up empty where these do not lead to its plugins' descriptions.
	env:      []string{"XDG_CONFIG_DIRS=/etc:/etc/xdg:/usr/share", "QT_QPA_PLATFORM=xcb"},
	packages: []need{{"lxqt-panel", program("lxqt-panel")}},
	settings: "lxqt/panel.conf",
	class:    "^lxqt-panel",
	menu:     "3",
	text: `[General]
panels=panel1

[panel1]
plugins=statusnotifier
position=Top
panelSize=%d
iconSize=22
animation-duration=0

[statusnotifier]
type=statusnotifier
alignment=Left
`,
}
