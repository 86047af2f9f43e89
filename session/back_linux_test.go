package session

import (
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// returning are the options of Returns, but for the sources of a test's own environment.
func returning() Options {
	o := Options{Back: true, Off: map[Reason]bool{}}
	for _, r := range Reasons() {
		o.Off[r] = true
	}
	return o
}

func TestLogindBack(t *testing.T) {
	l := startLogin(t)
	ours, other := l.add("c7"), l.add("c8")
	w := l.env("c7").start(t, returning(), "logind-session").is(Working, LockerSet)
	w.nothing() // to be there from the start is no return
	l.says(other, logindSession, "Unlock", "")
	l.says(ours, logindSession, "Lock", "")
	l.call(ours, logindSession+".SetLockedHint", true)
	l.set(ours, "Active", false)
	w.nothing()
	l.says(ours, logindSession, "Unlock", "")
	w.next(Back)
	l.call(ours, logindSession+".SetLockedHint", false)
	w.next(Back)
	l.set(ours, "Active", true)
	w.next(Back)

	w = l.env("c7").start(t, returning(), "logind-sleep").is(Working, "")
	if n := l.inhibitors(); n != 0 {
		t.Errorf("%d inhibitors for who only waits for a return", n)
	}
	l.says(logindPath, logindManager, "PrepareForSleep", "b", true)
	w.nothing()
	l.says(logindPath, logindManager, "PrepareForSleep", "b", false)
	w.next(Back)
}

func TestScreenSaverBack(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	w := env("DBUS_SESSION_BUS_ADDRESS", d.BusAddress()).start(t, returning(), "screen-saver").is(Unavailable, NoService)
	conn := client(t, d)
	s := savers[1]
	own(t, conn, s.name)
	emit(t, conn, s.path, s.name+".ActiveChanged", true)
	emit(t, conn, s.path, s.name+".SessionIdleChanged", false)
	w.nothing()
	emit(t, conn, s.path, s.name+".ActiveChanged", false)
	w.next(Back)
}
