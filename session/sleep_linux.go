package session

import (
	"os"

	"github.com/godbus/dbus/v5"
)

// inhibitor is a delay lock of logind (systemd-inhibit): sleep waits until the file is closed, or logind's own limit
// (5 s) is over.
type inhibitor struct{ file *os.File }

func (i *inhibitor) acquire(b *bus) error {
	if i.file != nil {
		return nil
	}
	var fd dbus.UnixFD
	// The texts are shown by systemd-inhibit. They are not translated there either.
	const what, who, why, mode = "sleep", "Kapu", "Locking the keys before sleep", "delay"
	err := b.call(logind, logindPath, logindManager+".Inhibit", what, who, why, mode).Store(&fd)
	if err != nil {
		return err
	}
	i.file = os.NewFile(uintptr(fd), "inhibitor")
	return nil
}

// release hands the lock over: what it returns gives it back, which is the caller's to do from now on.
func (i *inhibitor) release() func() {
	file := i.file
	i.file = nil
	return func() { _ = file.Close() } // of nil does nothing
}

// logindSleep hears of sleep and shutdown, and holds up sleep until the event is done.
func (p environment) logindSleep(w *watch, name string) outcome {
	b, f := p.logindBus(w)
	if f != nil {
		return *f
	}
	f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(logindPath), dbus.WithMatchInterface(logindManager))
	if f != nil {
		b.conn.Close()
		return *f
	}

	held := &inhibitor{}
	var refused error
	take := func() {}
	if w.opts.on(Sleep) {
		take = func() { refused = held.acquire(b) }
	}
	take()
	b.again = func() { // whether a new logind knows of the old one's inhibitors is not ours to guess
		old := held.release()
		take()
		old()
	}
	first := refused
	w.run(func() {
		defer func() { held.release()() }()
		if b.is(logind, logindPath, logindManager, "PreparingForSleep") {
			w.emitHolding(name, Sleep, held.release())
		}
		b.listen(w, name, []Reason{Sleep}, func(s *dbus.Signal) {
			switch {
			case s.Name == logindManager+".PrepareForSleep" && flag(s):
				w.emitHolding(name, Sleep, held.release())
			case s.Name == logindManager+".PrepareForSleep":
				take()
				w.emit(name, Back)
			case s.Name == logindManager+".PrepareForShutdown" && flag(s):
				w.emit(name, Logout)
			}
		})
	})
	if first != nil {
		return outcome{state: Working, code: NoDelay, detail: first.Error()}
	}
	return working("")
}
