// Package quietbus keeps the keyring library from starting a session bus. That library dials D-Bus when it is
// initialised, and with no address set the dialling runs dbus-launch, which leaves a daemon behind for every
// process of ours. This package names an address first: the user's own bus if there is one, else none.
//
// It imports only os so that Go initialises it before any package that imports more; a test of the built
// program holds that. It is the one init with an effect in Kapu.
package quietbus

import "os"

func init() {
	const name = "DBUS_SESSION_BUS_ADDRESS"
	if os.Getenv(name) != "" {
		return
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if _, err := os.Stat(dir + "/bus"); err == nil {
			os.Setenv(name, "unix:path="+dir+"/bus")
			return
		}
	}
	os.Setenv(name, None)
}

// None is an address that no transport serves: dialling it fails at once.
const None = "disabled:"
