package clip

import (
	"os"

	"kapu/internal/xserver"
)

// find takes the library only where there is Wayland: it knows whether the compositor lets a program write the
// clipboard, and goes by the compositor's X server otherwise.
func find() (system, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return openLibrary()
	}
	x, err := xserver.Dial(os.Getenv, writeTime)
	if err != nil {
		return nil, err
	}
	return x11{}, x.Close()
}
