package tray

import (
	"slices"
	"testing"

	"kapu/config"
)

// Each desktop of a machine is told of once.
func TestUnheardDesktops(t *testing.T) {
	tr := &tray{paths: config.Paths{State: t.TempDir()}}
	t.Setenv("XDG_SESSION_TYPE", "x11")
	for _, desktop := range []string{"sway", "i3", ""} {
		t.Setenv("XDG_CURRENT_DESKTOP", desktop)
		if slices.Contains(tr.unheardDesktops(), desktopName()) {
			t.Errorf("%q was told of", desktop)
		}
		tr.rememberUnheard()
		if !slices.Contains(tr.unheardDesktops(), desktopName()) {
			t.Errorf("%q is told of again", desktop)
		}
	}
}
