package session

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// socketDir is a folder whose path is short enough for sockets.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "kapu-session-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// server accepts one connection after the other.
func server(t *testing.T, path string) (accepted <-chan net.Conn) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	conns := make(chan net.Conn, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns <- c
		}
	}()
	return conns
}

func TestWaylandLost(t *testing.T) {
	dir := socketDir(t)
	accepted := server(t, filepath.Join(dir, "wayland-0"))
	p := env("XDG_RUNTIME_DIR", dir, "WAYLAND_DISPLAY", "wayland-0", "DISPLAY", ":0")
	w := p.start(t, Options{}, "display").is(Working, "")
	w.nothing()
	(<-accepted).Close()
	w.next(Logout)
}

func TestNoDisplay(t *testing.T) {
	for _, p := range []environment{env(), env("DISPLAY", "nonsense"), env("DISPLAY", ":59999"), env("WAYLAND_DISPLAY", "/nowhere")} {
		p.start(t, Options{}, "display").is(Unavailable, NoDisplay)
		p.start(t, Options{Idle: time.Minute}, "idle").is(Unavailable, NoDisplay)
	}
}

// A server that accepts and never answers.
func TestDisplayFrozen(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:6099")
	if err != nil {
		t.Skipf("the port of display 99 is taken: %s", err)
	}
	defer l.Close()
	p := env("DISPLAY", "127.0.0.1:99")
	p.start(t, Options{}, "display").is(Unavailable, NoDisplay) // it does not wait for an answer
}
