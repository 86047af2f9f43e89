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
func (p place) logindBus(w *watch) (*bus, *finding) {
	b, f := connect(w.ctx, p.systemBus())
	if f != nil {
		return nil, f
	}
	if f := b.believe(logind); f != nil {
		b.conn.Close()
		return nil, f
	}
	return b, nil
}

// ourSession is logind's object for the session on whose screen we are.
func (p place) ourSession(b *bus) (dbus.ObjectPath, *finding) {
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
		if s, _ := class.Value().(string); err == nil && slices.Contains([]string{"user", "user-early", "user-light", "user-early-light"}, s) {
			return path, nil // others, such as those of services, are never locked
		}
	}
	return "", &finding{Unavailable, NoSession, ""}
}

// logindSession hears when our session is locked, left for another one, or ended.
func (p place) logindSession(w *watch, name string) finding {
	b, f := p.logindBus(w)
	if f != nil {
		return *f
	}
	session, f := p.ourSession(b)
	if f == nil {
		f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(session))
	}
	if f == nil {
		f = b.match(dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(logindPath), dbus.WithMatchMember("SessionRemoved"))
	}
	if f != nil {
		b.conn.Close()
		return *f
	}

	begun := false // what is so from the start is no return
	property := func(key string, value any) {
		switch {
		case begun && (key == "LockedHint" && value == false || key == "Active" && value == true):
			w.emit(name, Back)
		case key == "LockedHint" && value == true:
			w.emit(name, Locked)
		case key == "Active" && value == false:
			w.emit(name, Switched)
		case key == "State" && value == "closing":
			w.emit(name, Logout)
		}
	}
	look := func(keys ...string) {
		for _, key := range keys {
			if v, err := b.get(logind, session, logindSession, key); err == nil {
				property(key, v.Value())
			}
		}
	}
	w.run(func() {
		look("LockedHint", "Active", "State")
		begun = true
		b.listen(w, name, []Reason{Locked, Switched}, func(s *dbus.Signal) {
			switch {
			case s.Path == session && s.Name == logindSession+".Lock":
				w.emit(name, Locked)
			case s.Path == session && s.Name == logindSession+".Unlock":
				w.emit(name, Back)
			case s.Name == logindManager+".SessionRemoved" && len(s.Body) == 2 && s.Body[1] == session:
				w.emit(name, Logout)
			case s.Path == session && s.Name == properties+".PropertiesChanged" && len(s.Body) == 3:
				changed, _ := s.Body[1].(map[string]dbus.Variant)
				for key, v := range changed {
					property(key, v.Value())
				}
				unsaid, _ := s.Body[2].([]string)
				look(unsaid...)
			}
		})
	})
	return working(string(session))
}
