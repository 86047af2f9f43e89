//go:build linux

package desktop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// need is a file that some part of a desktop cannot do without, and the Debian package that brings it.
type need struct {
	pkg  string
	here func() bool
}

func program(name string) func() bool {
	return func() bool { _, err := exec.LookPath(name); return err == nil }
}

func file(pattern string) func() bool {
	return func() bool { found, _ := filepath.Glob(pattern); return len(found) > 0 }
}

// Missing names the Debian packages that a desktop with these options needs and that are not here.
// It looks for what the packages bring, so it is right on other systems too.
func Missing(opts Options) []string {
	needs := []need{{"dbus-daemon", program("dbus-daemon")}}
	if opts.Keyring {
		needs = append(needs, need{"gnome-keyring", program("gnome-keyring-daemon")})
	}
	if opts.display() || opts.Screen {
		needs = append(
			needs,
			need{"xvfb", program("Xvfb")},
			need{"x11-utils", program("xprop")},
			need{"xdotool", program("xdotool")},
			need{"xclip", program("xclip")},
			need{"imagemagick", program("import")},
			need{"fonts-dejavu-core", anyFont},
		)
	}
	if opts.display() {
		needs = append(
			needs,
			need{"xfwm4", program("xfwm4")},
			need{"xfconf", func() bool { return xfconfd() != "" && program(xfconfd())() }},
		)
	}
	if opts.Panel != nil {
		needs = append(needs, opts.Panel.packages...)
	}
	if opts.Swing {
		// The headless packages have the compiler and the virtual machine but no windows.
		needs = append(needs, need{"default-jdk", func() bool { return program("javac")() && javaHasWindows() }})
	}
	if opts.Sway {
		needs = append(needs, need{"sway", program("sway")}, need{"util-linux", program("setpriv")})
	}
	var missing []string
	for _, n := range needs {
		if !n.here() {
			missing = append(missing, n.pkg)
		}
	}
	return missing
}

// MissingError is Start's error where packages are missing.
type MissingError struct{ Packages []string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("desktop: a virtual desktop needs packages that are not installed: apt-get install %s",
		strings.Join(e.Packages, " "))
}

func anyFont() bool {
	return slices.ContainsFunc([]string{"/usr/share/fonts/*/*/*.ttf", "/usr/share/fonts/*/*.ttf"}, func(p string) bool {
		return file(p)()
	})
}

// javaHasWindows tells whether the Java in PATH has the library that draws windows.
func javaHasWindows() bool {
	java, err := exec.LookPath("java")
	if err != nil {
		return false
	}
	if java, err = filepath.EvalSymlinks(java); err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(filepath.Dir(filepath.Dir(java)), "lib", "libawt_xawt.so"))
	return err == nil
}
