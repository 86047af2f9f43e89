// Package quietbus keeps the keyring library from disturbing the session bus. That library dials D-Bus when it is
// initialised, in every process that links it. With no address set, the dialling runs dbus-launch, which leaves a
// daemon behind each time; with one set, it costs each command a millisecond and the tray a connection it never
// uses. So this package hides the bus from the library in processes that do not ask the keychain, and names the
// user's own bus, or none, where no address is set.
//
// It imports only os so that Go initialises it before any package that imports more; a test of the built program
// holds that. docs/decisions/quiet-bus.md says why it is the one init with an effect in Kapu.
package quietbus

import "os"

const (
	variable = "DBUS_SESSION_BUS_ADDRESS"
	// None is an address that no transport serves: dialling it fails at once.
	None = "disabled:"
)

var address = find()

func init() {
	if asksKeychain() {
		os.Setenv(variable, address)
	} else {
		os.Setenv(variable, None)
	}
}

// Restore shows the bus again, to our own code and to the processes it starts. The package that imports keyring
// calls it when that has been initialised.
func Restore() { os.Setenv(variable, address) }

func find() string {
	if a := os.Getenv(variable); a != "" {
		return a
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if _, err := os.Stat(dir + "/bus"); err == nil {
			return "unix:path=" + dir + "/bus"
		}
	}
	return None
}

// asksKeychain says whether this process is one that will: the agent, the doctor, or a test.
func asksKeychain() bool {
	if len(os.Args) < 2 {
		return false
	}
	first := os.Args[1]
	return first == "agent" || first == "doctor" || len(first) > 6 && first[:6] == "-test."
}
