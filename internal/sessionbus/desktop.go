package sessionbus

import (
	"os"
	"slices"
	"strings"
)

// OnDesktop says whether the session is one of a desktop, by its name in XDG_CURRENT_DESKTOP, a list separated by
// colons: "GNOME", "KDE".
func OnDesktop(name string) bool {
	return slices.Contains(strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"), name)
}

// OnGNOMEShell says whether the panel is that of GNOME's shell. Desktops that are made of GNOME's parts name it too,
// after their own names; some of them have another panel.
func OnGNOMEShell() bool {
	return OnDesktop("GNOME") && !OnDesktop("Budgie") && !OnDesktop("GNOME-Flashback")
}
