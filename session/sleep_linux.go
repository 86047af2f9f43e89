package session

import (
	"os"

	"github.com/godbus/dbus/v5"
)

// inhibitor is a delay lock of logind on sleeping. It lasts until the file is closed.
type inhibitor struct{ file *os.File }

// acquire takes the lock unless it is held. Idempotent.
func (i *inhibitor) acquire(b *bus) error {
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

// handOver transfers ownership of the lock to the caller, as the function that releases it.
func (i *inhibitor) handOver() func() {
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
	acquire := func() {}
	if w.opts.on(Sleep) {
		acquire = func() { refused = held.acquire(b) }
	}
	acquire()
	b.again = func() { // whether a new logind knows of the old one's inhibitors is not ours to guess
		old := held.handOver()
		acquire()
		old()
	}
	first := refused
	w.run(func() {
		defer func() { held.handOver()() }()
		if b.is(logind, logindPath, logindManager, "PreparingForSleep") {
			w.emitHolding(name, Sleep, held.handOver())
		}
		b.listen(w, name, []Reason{Sleep}, func(s *dbus.Signal) {
			switch {
			case s.Name == logindManager+".PrepareForSleep" && flag(s):
				w.emitHolding(name, Sleep, held.handOver())
			case s.Name == logindManager+".PrepareForSleep":
				acquire()
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
