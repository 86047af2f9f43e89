package session

import (
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// The core protocol's numbers, as this program names the objects.
const (
	wlDisplay, wlRegistry = 1, 2
	displaySync           = 0
	displayList           = 1
	displayError          = 0
	listGlobal            = 0
)

// compositor is a stand-in for one: it offers globals and tells which requests came for them.
type compositor struct {
	t       *testing.T
	conn    net.Conn
	globals []string
	version uint32
	asked   chan []uint32 // of a request that is none of the core protocol: opcode, arguments
}

// compose lets a compositor answer at a socket, and returns the surroundings of a program that uses it.
func compose(t *testing.T, version uint32, globals ...string) (*compositor, environment) {
	t.Helper()
	dir := socketDir(t)
	accepted := server(t, filepath.Join(dir, "wayland-0"))
	c := &compositor{t: t, globals: globals, version: version, asked: make(chan []uint32, 8)}
	go func() {
		c.conn = <-accepted
		c.serve()
	}()
	return c, env("XDG_RUNTIME_DIR", dir, "WAYLAND_DISPLAY", "wayland-0")
}

func (c *compositor) serve() {
	core := map[uint32]bool{wlDisplay: true, wlRegistry: true}
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(c.conn, head); err != nil {
			close(c.asked)
			return
		}
		object, word := binary.NativeEndian.Uint32(head), binary.NativeEndian.Uint32(head[4:])
		body := make([]byte, word>>16-8)
		_, _ = io.ReadFull(c.conn, body)
		var args []uint32
		for i := 0; i < len(body); i += 4 {
			args = append(args, binary.NativeEndian.Uint32(body[i:]))
		}
		switch opcode := uint16(word); {
		case object == wlDisplay && opcode == displayList:
			for i, g := range c.globals {
				c.offer(uint32(i+1), g)
			}
		case object == wlDisplay && opcode == displaySync:
			c.say(args[0], 0, 7)
		case !core[object]:
			c.asked <- append([]uint32{uint32(opcode)}, args...)
		}
	}
}

// say sends an event whose arguments are words.
func (c *compositor) say(object uint32, opcode uint16, args ...uint32) {
	m := binary.NativeEndian.AppendUint32(nil, object)
	m = binary.NativeEndian.AppendUint32(m, uint32(8+4*len(args))<<16|uint32(opcode))
	for _, a := range args {
		m = binary.NativeEndian.AppendUint32(m, a)
	}
	if _, err := c.conn.Write(m); err != nil {
		c.t.Error(err)
	}
}

func (c *compositor) offer(name uint32, iface string) {
	text := make([]byte, (len(iface)+1+3)/4*4)
	copy(text, iface)
	args := []uint32{name, uint32(len(iface) + 1)}
	for i := 0; i < len(text); i += 4 {
		args = append(args, binary.NativeEndian.Uint32(text[i:]))
	}
	c.say(wlRegistry, listGlobal, append(args, c.version)...)
}

// Both protocols, and the request of the newer one that heeds no film; a second seat is not the person's.
func TestIdleWayland(t *testing.T) {
	const person, other = "wl_seat", "wl_seat"
	for _, tt := range []struct {
		name    string
		version uint32
		globals []string
		want    []uint32 // opcode, arguments
		object  uint32
	}{
		{"ext-idle-notify-v1", 1, []string{"wl_compositor", person, "ext_idle_notifier_v1", other}, []uint32{1, 6, 90_000, 4}, 6},
		{"its second version", 2, []string{"ext_idle_notifier_v1", person}, []uint32{2, 6, 90_000, 4}, 6},
		{"a later version", 9, []string{"ext_idle_notifier_v1", person}, []uint32{2, 6, 90_000, 4}, 6},
		{"KDE's older one", 1, []string{person, "org_kde_kwin_idle"}, []uint32{0, 6, 4, 90_000}, 6},
		{"both", 1, []string{"org_kde_kwin_idle", person, "ext_idle_notifier_v1"}, []uint32{1, 6, 90_000, 4}, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, p := compose(t, tt.version, tt.globals...)
			w := p.start(t, Options{Idle: 90 * time.Second}, "idle").is(Working, "")
			if got := wait.For(t, "the request", c.asked); !slices.Equal(got, tt.want) {
				t.Errorf("asked %v, want %v", got, tt.want)
			}
			w.nothing()
			for range 2 {
				c.say(tt.object, idleReached)
				w.next(Idle)
				c.say(tt.object, idleReached+1) // somebody is back
				w.nothing()
			}
			c.conn.Close()
			w.next(Logout)
		})
	}
}

// A compositor may have no such protocol, offer nonsense, send half a message, or never answer.
func TestIdleWaylandOddities(t *testing.T) {
	_, p := compose(t, 1, "wl_compositor", "wl_seat")
	p.start(t, Options{Idle: time.Minute}, "idle").is(Unavailable, NotBuilt)
	_, p = compose(t, 1, "ext_idle_notifier_v1") // and nobody to be idle
	p.start(t, Options{Idle: time.Minute}, "idle").is(Unavailable, NotBuilt)

	dir := socketDir(t)
	accepted := server(t, filepath.Join(dir, "wayland-0"))
	p = env("XDG_RUNTIME_DIR", dir, "WAYLAND_DISPLAY", "wayland-0")
	w := p.start(t, Options{Idle: time.Minute}, "idle")
	conn := <-accepted
	_, _ = conn.Write([]byte{2, 0, 0, 0, 0, 0, 4, 0}) // shorter than its own head
	w.is(Unavailable, NoDisplay)
	p.start(t, Options{Idle: time.Minute}, "idle").is(Unavailable, TimedOut)
}

// A real compositor, without a screen: its person has been idle for as long as asked.
func TestIdleSway(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Sway: true})
	sway, socket, err := d.StartSway(desktoptest.Context(t), "")
	if err != nil {
		t.Fatal(err)
	}
	p := env("WAYLAND_DISPLAY", socket)
	w := p.start(t, Options{Idle: 300 * time.Millisecond}, "idle").is(Working, "")
	w.next(Idle)
	screen := p.start(t, Options{}, "display").is(Working, "")
	sway.Stop()
	w.next(Logout)
	screen.next(Logout)
}
