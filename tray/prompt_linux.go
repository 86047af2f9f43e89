package tray

import (
	"errors"
	"os"
	"os/exec"

	"github.com/ncruces/zenity"
)

// available says whether dialogs can be shown. Without a display zenity says that the person cancelled.
func (dialogs) available() bool {
	return (os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "") && zenity.IsAvailable()
}

// speakable shows a dialog. Where the person's language is set but not installed, zenity reads its arguments as ASCII
// and refuses them; then it is asked in the language that is always there.
func speakable[T any](dialog func() (T, error)) (T, error) {
	answer, err := dialog()
	const name, refused = "LC_ALL", 255
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != refused {
		return answer, err
	}
	if before, set := os.LookupEnv(name); set {
		defer os.Setenv(name, before)
	} else {
		defer os.Unsetenv(name)
	}
	os.Setenv(name, "C.UTF-8")
	return dialog()
}
