//go:build linux

package desktoptest

import (
	"os"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/wait"
)

// LogindName is logind's name on the system's bus.
const LogindName = "org.freedesktop.login1"

// Logind starts a desktop that is nothing but a bus with a stand-in for logind, python3-dbusmock's. It is the system's
// bus for whoever has its address in DBUS_SYSTEM_BUS_ADDRESS.
func Logind(t testing.TB) (system *desktop.Desktop, logind *desktop.Process) {
	t.Helper()
	if _, err := os.Stat("/usr/lib/python3/dist-packages/dbusmock"); err != nil {
		const sentence = "logind's stand-in needs a package that is not installed: apt-get install python3-dbusmock"
		if os.Getenv("KAPU_DESKTOP_TESTS") == "1" {
			t.Fatal(sentence)
		}
		t.Skip(sentence)
	}
	system = Start(t, desktop.Options{})
	return system, LaunchLogind(t, system)
}

// LaunchLogind starts the stand-in on a bus where it has ended.
func LaunchLogind(t testing.TB, d *desktop.Desktop) *desktop.Process {
	t.Helper()
	cmd := d.Command(t.Context(), "/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind")
	cmd.Env = append(cmd.Env, "DBUS_SYSTEM_BUS_ADDRESS="+d.BusAddress())
	process, err := d.Launch(cmd)
	if err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "logind's stand-in", func() bool {
		there, err := d.HasName(LogindName)
		if err != nil {
			t.Fatal(err)
		}
		return there
	})
	return process
}
