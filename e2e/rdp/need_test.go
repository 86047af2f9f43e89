//go:build linux

package rdp

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// programs that the test cannot do without, and the Debian packages that bring them. Without xauth, which none of
// them asks for, xrdp's X server lets every user of the machine in.
var programs = map[string]string{
	"/usr/sbin/xrdp": "xrdp", "/usr/lib/xorg/modules/drivers/xrdpdev_drv.so": "xorgxrdp", "/usr/bin/xfreerdp": "freerdp2-x11",
	"/usr/bin/gnome-keyring-daemon": "gnome-keyring", "/usr/bin/xfce4-panel": "xfce4-panel", "/usr/bin/xfwm4": "xfwm4",
	"/usr/bin/dbus-run-session": "dbus", "/usr/bin/dbus-send": "dbus", "/usr/bin/xclip": "xclip", "/usr/bin/oathtool": "oathtool",
	"/usr/bin/xauth": "xauth", "/usr/bin/curl": "curl",
}

// need skips the test where nobody has asked for it, and fails where it was asked for but cannot be.
func need(t *testing.T) {
	t.Helper()
	if os.Getenv("KAPU_RDP_TESTS") != "1" {
		t.Skip("this makes users and starts a terminal server, so it is done only on request: make test-rdp")
	}
	if os.Geteuid() != 0 {
		t.Fatal("making throw-away users and a terminal server needs root: sudo make test-rdp")
	}
	var missing []string
	for file, pkg := range programs {
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, pkg)
		}
	}
	if len(missing) > 0 {
		t.Fatalf("packages are missing: apt-get install %s", strings.Join(missing, " "))
	}
	if sesmanListens() {
		t.Fatal("another xrdp-sesman runs on this machine; stop it for the time of the test")
	}
	removeLeftovers(t)
}

// output runs a command and returns what it printed; what it complained of is in the error.
func output(cmd *exec.Cmd) (string, error) {
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return string(out), err
}
