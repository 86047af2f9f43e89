package session

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// saver is a screen saver's answer to GetActive.
type saver bool

func (s saver) GetActive() (bool, *dbus.Error) { return bool(s), nil }

func TestScreenSavers(t *testing.T) {
	for _, s := range savers {
		t.Run(s.name, func(t *testing.T) {
			d := desktoptest.Start(t, desktop.Options{})
			p := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
			// One that is started later is heard as well.
			w := p.start(t, Options{}, "screen-saver").is(Unavailable, NoService)
			conn := client(t, d)
			if err := conn.Export(saver(false), s.path, s.name); err != nil {
				t.Fatal(err)
			}
			own(t, conn, s.name)
			emit(t, conn, s.path, s.name+".ActiveChanged", false)
			emit(t, conn, s.path, s.name+".SessionIdleChanged", true)
			w.nothing()
			emit(t, conn, s.path, s.name+".ActiveChanged", true)
			w.next(Locked)
			w.end()

			w = p.start(t, Options{}, "screen-saver").is(Working, "")
			emit(t, conn, "/ScreenSaver", s.name+".ActiveChanged", true) // as KDE says it too
			w.next(Locked)

			if err := conn.Export(saver(true), s.path, s.name); err != nil {
				t.Fatal(err)
			}
			p.start(t, Options{}, "screen-saver").next(Locked) // up already
		})
	}
}

// frozen is a screen saver that never answers.
type frozen struct{ end chan struct{} }

func (f frozen) GetActive() (bool, *dbus.Error) { <-f.end; return false, nil }

func TestScreenSaverFrozen(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	conn := client(t, d)
	f := frozen{make(chan struct{})}
	defer close(f.end)
	if err := conn.Export(f, savers[1].path, savers[1].name); err != nil {
		t.Fatal(err)
	}
	own(t, conn, savers[1].name)
	w := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress()).start(t, Options{}, "screen-saver").is(Working, "")
	emit(t, conn, savers[1].path, savers[1].name+".ActiveChanged", true)
	w.next(Locked)
}

func TestSessionBusLost(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	p := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
	w := p.start(t, Options{}, "screen-saver").is(Unavailable, NoService)
	d.Stop()
	w.next(Logout)
	p.start(t, Options{}, "screen-saver").is(Unavailable, NoBus)
	env().start(t, Options{}, "screen-saver").is(Unavailable, NoBus)
}

// idleHolder takes a screen saver's name to hold up idleness, as some bars and players do; it locks nothing.
type idleHolder struct{}

func (idleHolder) Inhibit(string, string) (uint32, *dbus.Error) { return 1, nil }

// That somebody tells of a locked screen is proven by a screen saver on the bus alone: neither by its mere name nor by
// logind, which swaylock and a plain i3lock do not tell.
func TestLockedIsProven(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	conn := client(t, d)
	if err := conn.Export(idleHolder{}, savers[0].path, savers[0].name); err != nil {
		t.Fatal(err)
	}
	own(t, conn, savers[0].name)
	p := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
	w := p.start(t, Options{}, "screen-saver").is(Unavailable, NoService)
	if state := w.Sources()[0].Expect(Locked); state != Unavailable {
		t.Errorf("without a screen saver: %s", state)
	}
	if err := conn.Export(saver(false), savers[1].path, savers[1].name); err != nil {
		t.Fatal(err)
	}
	own(t, conn, savers[1].name)
	if state := p.start(t, Options{}, "screen-saver").Sources()[0].Expect(Locked); state != Working {
		t.Errorf("with one: %s", state)
	}

	l := startLogin(t)
	l.add("c7")
	s := l.env("c7").start(t, Options{}, "logind-session").Sources()[0]
	if s.Expect(Locked) != Unsure || s.Expect(Switched) != Working || s.Expect(Logout) != Working {
		t.Errorf("logind alone: %+v", s)
	}
}
