package session

import (
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
	"kapu/internal/wayland"
)

const (
	mutter     = "org.gnome.Mutter.IdleMonitor"
	mutterPath = dbus.ObjectPath("/org/gnome/Mutter/IdleMonitor/Core")
)

// idle listens to the first of those who can tell: GNOME's compositor, the X server or another compositor, logind.
func (p environment) idle(w *watch, name string) outcome {
	f := p.idleMutter(w, name)
	if f.state == Working {
		return f
	}
	ask := p.idleX
	if wayland.Socket(p.getenv) != "" {
		ask = p.idleWayland // the X server of a Wayland desktop sees only what is typed into X programs
	}
	if f = ask(w, name); f.state == Working {
		return f
	}
	if l := p.idleLogind(w, name); l.state != Unavailable {
		return l
	}
	return f
}

// idleMutter asks GNOME's compositor to say when nothing was touched for that long.
func (p environment) idleMutter(w *watch, name string) outcome {
	b, f := connect(w.ctx, sessionbus.Address(p.getenv))
	if f != nil {
		return *f
	}
	if f = b.trustOnly(mutter); f == nil {
		f = b.match(dbus.WithMatchSender(mutter), dbus.WithMatchInterface(mutter))
	}
	watch := func(id *uint32, after time.Duration) error {
		return b.call(mutter, mutterPath, mutter+".AddIdleWatch", uint64(after.Milliseconds())).Store(id)
	}
	var each, first uint32
	rest := restSince{limit: w.opts.Idle}
	ask := func() error { return watch(&each, w.opts.Idle) }
	if f == nil {
		var ms uint64
		if b.call(mutter, mutterPath, mutter+".GetIdletime").Store(&ms) == nil && ms > 0 {
			rested := time.Duration(ms) * time.Millisecond
			rest.begun, rest.early = w.begun, rested >= w.opts.Idle
			_ = watch(&first, rested+w.opts.Idle)
		}
		if err := ask(); err != nil {
			f = callFailed(mutter, err)
		}
	}
	if f != nil {
		b.conn.Close()
		return *f
	}
	b.again = func() { first, rest.early = 0, false; _ = ask() } // a shell that is restarted forgets; one that refuses now is gone again
	w.run(func() {
		b.listen(w, name, []Reason{Idle}, func(s *dbus.Signal) {
			if s.Name != mutter+".WatchFired" || len(s.Body) != 1 {
				return
			}
			if s.Body[0] == each && rest.each(time.Now()) || s.Body[0] == first && rest.first() {
				w.emit(name, Idle)
			}
		})
	})
	return working(mutter)
}

// idleLogind listens to the hint that some desktops give, after a time of their own.
func (p environment) idleLogind(w *watch, name string) outcome {
	b, f := p.logindBus(w)
	if f != nil {
		return *f
	}
	session, f := p.ourSession(b)
	if f == nil {
		f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(session), dbus.WithMatchInterface(properties))
	}
	if f != nil {
		b.conn.Close()
		return *f
	}

	b.later = func() { w.emit(name, Idle) }
	readHint := func() {
		b.due = nil
		if !b.is(logind, session, logindSession, "IdleHint") {
			return
		}
		since, err := b.get(logind, session, logindSession, "IdleSinceHint")
		wait := w.opts.Idle
		if us, ok := since.Value().(uint64); err == nil && ok {
			wait -= min(time.Since(time.UnixMicro(int64(us))), time.Since(w.begun))
		}
		// Never longer than the limit, however wrong the clock.
		b.due = time.After(min(max(wait, 0), w.opts.Idle))
	}
	w.run(func() {
		readHint()
		b.listen(w, name, []Reason{Idle}, func(s *dbus.Signal) {
			if s.Path == session && s.Name == properties+".PropertiesChanged" &&
				len(s.Body) == 3 && s.Body[0] == logindSession {
				changed, _ := s.Body[1].(map[string]dbus.Variant)
				invalidated, _ := s.Body[2].([]string)
				if _, ok := changed["IdleHint"]; ok || len(invalidated) > 0 {
					readHint()
				}
			}
		})
	})
	return outcome{state: Unsure, code: DesktopSet, detail: "logind IdleHint"}
}
