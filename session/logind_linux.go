package session

import (
	"slices"

	"github.com/godbus/dbus/v5"
)

const (
	logind        = "org.freedesktop.login1"
	logindPath    = dbus.ObjectPath("/org/freedesktop/login1")
	logindManager = logind + ".Manager"
	logindSession = logind + ".Session"
	properties    = "org.freedesktop.DBus.Properties"
)

// logindBus is a connection that listens to logind.
func (p environment) logindBus(w *watch) (*bus, *outcome) {
	b, f := connect(w.ctx, p.systemBus())
	if f != nil {
		return nil, f
	}
	if f := b.trustOnly(logind); f != nil {
		b.conn.Close()
		return nil, f
	}
	return b, nil
}

// personClasses are the classes of sessions that a person sits at.
var personClasses = []string{"user", "user-early", "user-light", "user-early-light"}

// ourSession is logind's object for the session on whose screen we are.
func (p environment) ourSession(b *bus) (dbus.ObjectPath, *outcome) {
	var candidates []dbus.ObjectPath
	var path dbus.ObjectPath
	if id := p.getenv("XDG_SESSION_ID"); id != "" {
		if b.call(logind, logindPath, logindManager+".GetSession", id).Store(&path) == nil {
			candidates = append(candidates, path)
		}
	}
	if b.call(logind, logindPath, logindManager+".GetSessionByPID", uint32(p.pid)).Store(&path) == nil {
		candidates = append(candidates, path)
	}
	// What the user's service manager started belongs to no session: the user's screen is the next best.
	if b.call(logind, logindPath, logindManager+".GetUser", uint32(p.uid)).Store(&path) == nil {
		if v, err := b.get(logind, path, logind+".User", "Display"); err == nil {
			var display struct {
				ID   string
				Path dbus.ObjectPath
			}
			if dbus.Store([]any{v.Value()}, &display) == nil && display.ID != "" {
				candidates = append(candidates, display.Path)
			}
		}
	}
	for _, path := range candidates {
		class, err := b.get(logind, path, logindSession, "Class")
		s, _ := class.Value().(string)
		if err == nil && slices.Contains(personClasses, s) {
			return path, nil // others, such as those of services, are never locked
		}
	}
	return "", new(unavailable(NoSession, ""))
}

// logindSession hears when our session is locked, left for another one, or ended. That it is locked logind knows only
// of who locks by its signal (`loginctl lock-session`) or sets LockedHint: some lockers do neither, so it is unproven.
func (p environment) logindSession(w *watch, name string) outcome {
	b, f := p.logindBus(w)
	if f != nil {
		return *f
	}
	session, f := p.ourSession(b)
	if f == nil {
		f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(session))
	}
	if f == nil {
		f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(logindPath),
			dbus.WithMatchMember("SessionRemoved"))
	}
	if f != nil {
		b.conn.Close()
		return *f
	}
	l := &sessionListener{bus: b, w: w, name: name, session: session}
	w.run(func() {
		l.read("LockedHint", "Active", "State")
		l.begun = true
		b.listen(w, name, []Reason{Locked, Switched}, l.signal)
	})
	return outcome{state: Working, code: LockerSet, detail: string(session), unsure: []Reason{Locked}}
}

// sessionListener translates what logind says of one session into events.
type sessionListener struct {
	*bus
	w       *watch
	name    string
	session dbus.ObjectPath
	begun   bool // what is so from the start is no return
}

func (l *sessionListener) signal(s *dbus.Signal) {
	switch {
	case s.Path == l.session && s.Name == logindSession+".Lock":
		l.w.emit(l.name, Locked)
	case s.Path == l.session && s.Name == logindSession+".Unlock":
		l.w.emit(l.name, Back)
	case s.Name == logindManager+".SessionRemoved" && len(s.Body) == 2 && s.Body[1] == l.session:
		l.w.emit(l.name, Logout)
	case s.Path == l.session && s.Name == properties+".PropertiesChanged" && len(s.Body) == 3:
		changed, _ := s.Body[1].(map[string]dbus.Variant)
		for key, v := range changed {
			l.property(key, v.Value())
		}
		invalidated, _ := s.Body[2].([]string)
		l.read(invalidated...)
	}
}

// read asks for properties of the session: those of the start, and those whose new values a signal has left out.
func (l *sessionListener) read(keys ...string) {
	for _, key := range keys {
		if v, err := l.get(logind, l.session, logindSession, key); err == nil {
			l.property(key, v.Value())
		}
	}
}

func (l *sessionListener) property(key string, value any) {
	switch {
	case l.begun && (key == "LockedHint" && value == false || key == "Active" && value == true):
		l.w.emit(l.name, Back)
	case key == "LockedHint" && value == true:
		l.w.emit(l.name, Locked)
	case key == "Active" && value == false:
		l.w.emit(l.name, Switched)
	case key == "State" && value == "closing":
		l.w.emit(l.name, Logout)
	}
}
