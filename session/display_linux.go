package session

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"kapu/internal/xserver"
)

// wayland is the path of the compositor's socket, or "" where there is none.
func (p environment) wayland() string {
	path := p.getenv("WAYLAND_DISPLAY")
	if path == "" {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.getenv("XDG_RUNTIME_DIR"), path)
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// display keeps a connection to the screen's server, which ends when the desktop does. Of a Wayland desktop
// that is the compositor: its X server comes and goes, and a connection would keep it in memory.
func (p environment) display(w *watch, name string) outcome {
	var conn net.Conn
	var err error
	var kind string
	if path := p.wayland(); path != "" {
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
