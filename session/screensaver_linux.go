package session

import (
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
)

// savers are the screen savers that say when they come up, and where they can be asked.
var savers = []struct {
	name string
	path dbus.ObjectPath
}{
	{"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"}, // KDE, light-locker
	{"org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"},
	{"org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"},
	{"org.mate.ScreenSaver", "/org/mate/ScreenSaver"},
	{"org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"},
}

// screenSavers hears a screen saver come up, also one that is started later. On the session bus everybody is
// this user, so it does not matter who says it, or under which path; those differ between versions.
func (p environment) screenSavers(w *watch, name string) outcome {
	b, f := connect(w.ctx, sessionbus.Address(p.getenv))
	if f != nil {
		return *f
	}
	var mu sync.Mutex
	var asking sync.WaitGroup
	var there []string
	up := false
	for _, s := range savers {
		if f := b.match(dbus.WithMatchInterface(s.name), dbus.WithMatchMember("ActiveChanged")); f != nil {
			b.conn.Close()
			return *f
		}
		asking.Go(func() { // at the same time, since a frozen one must not hide another that is up
			var active, owned bool
			err := b.call(daemon, daemonPath, daemon+".NameHasOwner", s.name).Store(&owned)
			if err != nil || !owned {
				return
			}
			err = b.call(s.name, s.path, s.name+".GetActive").Store(&active)
			if isError(err, unknownMethod) || isError(err, unknownObject) || isError(err, unknownInterface) {
				return // it takes the name to hold up idleness, as some bars and players do, and locks nothing
			}
			mu.Lock()
			defer mu.Unlock()
			there = append(there, s.name)
			up = up || err == nil && active
		})
	}
	asking.Wait()
	slices.Sort(there)

	w.run(func() {
		if up {
			w.emit(name, Locked)
		}
		b.listen(w, name, []Reason{Locked}, func(s *dbus.Signal) {
			switch {
			case !strings.HasSuffix(s.Name, ".ScreenSaver.ActiveChanged"):
			case flag(s):
				w.emit(name, Locked)
			default:
				w.emit(name, Back)
			}
		})
	})
	if len(there) == 0 {
		return unavailable(NoService, "")
	}
	return working(strings.Join(there, " "))
}
