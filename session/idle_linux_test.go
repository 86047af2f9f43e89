package session

import (
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// monitor stands in for Mutter's idle monitor.
type monitor struct {
	mu    sync.Mutex
	id    uint32
	limit uint64
}

func (m *monitor) AddIdleWatch(ms uint64) (uint32, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.id++
	m.limit = ms
	return m.id, nil
}

func (m *monitor) asked() (uint32, uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.id, m.limit
}

func TestIdleMutter(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	shell := func(m *monitor) *dbus.Conn {
		conn := client(t, d)
		if err := conn.Export(m, mutterPath, mutter); err != nil {
			t.Fatal(err)
		}
		own(t, conn, mutter)
		return conn
	}
	first := &monitor{id: 40}
	conn := shell(first)
	w := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress()).start(t, Options{Idle: 90 * time.Second}, "idle").is(Working, "")
	if id, ms := first.asked(); id != 41 || ms != 90_000 {
		t.Fatalf("asked for watch %d after %d ms", id, ms)
	}
	emit(t, conn, mutterPath, mutter+".WatchFired", uint32(7)) // somebody else's
	w.nothing()
	emit(t, conn, mutterPath, mutter+".WatchFired", uint32(41))
	w.next(Idle)

	// The shell is restarted, and has forgotten.
	conn.Close()
	second := &monitor{id: 50}
	conn = shell(second)
	eventually(t, "the new shell is asked", func() bool { id, _ := second.asked(); return id == 51 })
	w.nothing() // and the answer has arrived
	emit(t, conn, mutterPath, mutter+".WatchFired", uint32(51))
	w.next(Idle)
}

func TestIdleX11(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Display: true})
	ctx := desktoptest.Context(t)
	key := func() {
		t.Helper()
		if err := d.Key(ctx, "shift"); err != nil {
			t.Fatal(err)
		}
	}
	const limit = 700 * time.Millisecond
	p := env("DISPLAY", d.Display(), "DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
	key()
	w := p.start(t, Options{Idle: limit}, "idle").is(Working, "")
	if detail := w.Sources()[0].Detail; detail != "X11" {
		t.Errorf("listens to %s", detail)
	}
	for range 2 { // once for each rest
		for range 4 {
			key()
			w.nothing()
		}
		w.next(Idle)
		w.nothing()
	}
	w.end()

	// Long at rest already: somebody has unlocked from elsewhere, and has the whole time from there.
	time.Sleep(2 * limit)
	begun := time.Now()
	w = p.start(t, Options{Idle: limit}, "idle")
	w.next(Idle)
	if rested := time.Since(begun); rested < limit {
		t.Errorf("locked again %v after the unlocking", rested)
	}
	w.nothing()
	for range 4 {
		key()
		w.nothing()
	}
	w.next(Idle)
	w.end()

	w = p.start(t, Options{Idle: time.Hour}, "idle").is(Working, "")
	screen := p.start(t, Options{}, "display").is(Working, "")
	blind := p.start(t, Options{Idle: time.Hour, Off: map[Reason]bool{Logout: true}}, "idle").is(Working, "")
	d.Stop()
	screen.next(Logout)
	w.next(Logout)
	blind.next(Idle)
	p.start(t, Options{Idle: time.Hour}, "idle").is(Unavailable, NoDisplay)
	p.start(t, Options{}, "display").is(Unavailable, NoDisplay)
}
