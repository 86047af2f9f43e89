// Package sessionbus finds the D-Bus session bus of the desktop and connects to it, and knows which desktop that is. It
// never starts a bus: one that somebody would have to start has nothing on it, and the library's way to (dbus-launch)
// leaves a daemon behind.
//
//	sessionbus.go  the address, and a private connection
//	desktop.go     the desktop's name
package sessionbus

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

// ErrNone means that there is no session bus, as on a console or in a service.
var ErrNone = errors.New("no session bus")

// Address of the session bus by the environment, or "": DBUS_SESSION_BUS_ADDRESS, else $XDG_RUNTIME_DIR/bus.
func Address(getenv func(string) string) string {
	if a := getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		if strings.HasPrefix(a, "disabled:") || strings.HasPrefix(a, "autolaunch:") {
			return ""
		}
		return a
	}
	if dir := getenv("XDG_RUNTIME_DIR"); dir != "" {
		socket := filepath.Join(dir, "bus")
		if _, err := os.Stat(socket); err == nil {
			return "unix:path=" + dbus.EscapeBusAddressValue(socket)
		}
	}
	return ""
}

// Connect opens a connection of the caller's own, since a shared one may be closed by others. The context limits the
// greeting, for which the library knows no limit; the connection lasts until it is closed.
func Connect(ctx context.Context) (*dbus.Conn, error) {
	address := Address(os.Getenv)
	if address == "" {
		return nil, ErrNone
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, end)
	conn, err := dbus.Connect(address, dbus.WithContext(life))
	if !stop() {
		return nil, ctx.Err() // the end of life has closed the connection
	}
	if err != nil {
		end()
		return nil, err
	}
	context.AfterFunc(conn.Context(), end)
	return conn, nil
}
