package tray

import (
	"os"

	"github.com/ncruces/zenity"
)

// available says whether dialogs can be shown. Without a display zenity says that the person cancelled.
func (dialogs) available() bool {
	return (os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "") && zenity.IsAvailable()
}
