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
