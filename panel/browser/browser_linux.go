package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// find returns the browsers that show a page as a window of its own, the best first. One from a snap may not use our
// folder for its profile.
func find() []string {
	var found []string
	for _, name := range []string{"microsoft-edge", "google-chrome", "google-chrome-stable", "chromium", "chromium-browser"} {
		program, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if target, err := filepath.EvalSymlinks(program); err == nil && filepath.Base(target) != "snap" && !strings.HasPrefix(target, "/snap/") {
			found = append(found, program)
		}
	}
	return found
}

func showDefault(link string) error { return start("xdg-open", link) }

// Screen says whether there is one to show something on.
func Screen() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }
