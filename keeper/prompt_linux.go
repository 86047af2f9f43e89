package keeper

import (
	"errors"
	"os"
	"os/exec"

	"github.com/ncruces/zenity"
)

// dialogs says whether one can be shown. Without a display zenity says that the person cancelled.
func dialogs() bool {
	return (os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "") && zenity.IsAvailable()
}

// speakable shows a dialog, and shows it again in the language that is always there if the person's is set but
// not installed: zenity then reads its arguments as ASCII and refuses them.
func speakable(dialog func() (string, error)) (string, error) {
	const refused, everywhere = 255, "C.UTF-8"
	answer, err := dialog()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == refused && os.Getenv("LC_ALL") != everywhere &&
		os.Setenv("LC_ALL", everywhere) == nil {
		return dialog()
	}
	return answer, err
}
