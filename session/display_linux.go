package session

import (
	"context"
	"io"
	"net"
	"time"

	"kapu/internal/wayland"
	"kapu/internal/xserver"
)

// display keeps a connection to the screen's server, which ends when the desktop does. Of a Wayland desktop
// that is the compositor: its X server comes and goes, and a connection would keep it in memory.
func (p environment) display(w *watch, name string) outcome {
	var conn net.Conn
	var err error
	var kind string
	if path := wayland.Socket(p.getenv); path != "" {
		kind = "Wayland"
		conn, err = net.DialTimeout("unix", path, callLimit)
	} else if p.getenv("DISPLAY") != "" {
		kind = "X11"
		var x *xserver.Conn
		if x, err = xserver.Dial(p.getenv, callLimit); err == nil {
			_ = x.SetDeadline(time.Time{})
			conn = x
		}
	} else {
		return unavailable(NoDisplay, "")
	}
	if err != nil {
		return unavailable(NoDisplay, err.Error())
	}
	w.run(func() {
		defer context.AfterFunc(w.ctx, func() { conn.Close() })()
		defer conn.Close()
		_, _ = io.Copy(io.Discard, conn) // nothing was asked for, so little is ever said
		w.lost(name)
	})
	return working(kind)
}
