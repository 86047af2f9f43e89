package session

import (
	"os"

	"github.com/godbus/dbus/v5"
)

// inhibitor is logind's promise to wait with sleeping. It lasts until the file is closed.
type inhibitor struct{ file *os.File }

func (i *inhibitor) take(b *bus) error {
	if i.file != nil {
		return nil
	}
	var fd dbus.UnixFD
	// The texts are shown by systemd-inhibit. They are not translated there either.
	err := b.call(logind, logindPath, logindManager+".Inhibit", "sleep", "Kapu", "Locking the keys before sleep", "delay").Store(&fd)
	if err != nil {
		return err
	}
	i.file = os.NewFile(uintptr(fd), "inhibitor")
	return nil
}

// hand returns how to give the inhibitor back; it is the caller's from now on.
func (i *inhibitor) hand() func() {
	file := i.file
	i.file = nil
	return func() { _ = file.Close() } // of nil does nothing
}

// logindSleep hears of sleep and shutdown, and holds up sleep until the event is done.
func (p place) logindSleep(w *watch, name string) finding {
	b, f := p.logindBus(w)
	if f != nil {
		return *f
	}
	if f := b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(logindPath), dbus.WithMatchInterface(logindManager)); f != nil {
		b.conn.Close()
		return *f
	}

	held := &inhibitor{}
	var refused error
	take := func() {}
	if w.opts.on(Sleep) {
		take = func() { refused = held.take(b) }
	}
	take()
	b.again = func() { // whether a new logind knows of the old one's inhibitors is not ours to guess
		old := held.hand()
		take()
		old()
	}
	first := refused
	w.run(func() {
		defer func() { held.hand()() }()
		if b.is(logind, logindPath, logindManager, "PreparingForSleep") {
			w.emitHolding(name, Sleep, held.hand())
		}
		b.listen(w, name, []Reason{Sleep}, func(s *dbus.Signal) {
			switch {
			case s.Name == logindManager+".PrepareForSleep" && flag(s):
				w.emitHolding(name, Sleep, held.hand())
			case s.Name == logindManager+".PrepareForSleep":
				take()
				w.emit(name, Back)
			case s.Name == logindManager+".PrepareForShutdown" && flag(s):
				w.emit(name, Logout)
			}
		})
	})
	if first != nil {
		return finding{Working, NoDelay, first.Error()}
	}
	return working("")
}
