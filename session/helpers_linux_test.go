package session

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// calm is how long a test waits to see that nothing happens.
const calm = 150 * time.Millisecond

// env makes an environment from its surroundings, given as names and values. There is nothing else.
func env(pairs ...string) environment {
	vars := map[string]string{
		"DBUS_SESSION_BUS_ADDRESS": "disabled:",
		"DBUS_SYSTEM_BUS_ADDRESS":  "disabled:",
	}
	for i := 0; i < len(pairs); i += 2 {
		vars[pairs[i]] = pairs[i+1]
	}
	return environment{getenv: func(k string) string { return vars[k] }, pid: os.Getpid(), uid: os.Getuid(), sockets: "/proc/net/unix"}
}

// listening is a running watch in a test.
type listening struct {
	t *testing.T
	*Watcher
	end func()
}

// start watches only the named source of the environment, and nothing that happens before its end may go unread.
func (p environment) start(t *testing.T, opts Options, name string) *listening {
	t.Helper()
	all := p.sources()
	i := slices.IndexFunc(all, func(s source) bool { return s.name == name })
	ctx, cancel := context.WithCancel(t.Context())
	l := &listening{t, &Watcher{begin(ctx, opts, all[i:i+1])}, cancel}
	t.Cleanup(func() {
		cancel()
		limit := time.After(desktoptest.Limit)
		for {
			select {
			case e, more := <-l.Events():
				if !more {
					return
				}
				t.Errorf("nobody waited for %s", e.Reason)
				e.Done()
			case <-limit:
				t.Error("the watch does not end")
				return
			}
		}
	})
	return l
}

// is checks what was found out about the source.
func (l *listening) is(state State, code Code) *listening {
	l.t.Helper()
	if s := l.Sources()[0]; s.State != state || s.Code != code {
		l.t.Fatalf("%+v; want %s %s", s, state, code)
	}
	return l
}

// next waits for an event.
func (l *listening) next(want Reason) Event {
	l.t.Helper()
	select {
	case e := <-l.Events():
		if e.Reason != want {
			l.t.Fatalf("told %q by %s, want %q", e.Reason, e.Source, want)
		}
		return e
	case <-time.After(desktoptest.Limit):
		l.t.Fatalf("was not told: %s", want)
	}
	panic("not reached")
}

// nothing checks that nothing is told for a moment.
func (l *listening) nothing() {
	l.t.Helper()
	select {
	case e := <-l.Events():
		l.t.Fatalf("told %s by %s", e.Reason, e.Source)
	case <-time.After(calm):
	}
}

// client is a connection of the test's own to the desktop's bus.
func client(t *testing.T, d *desktop.Desktop) *dbus.Conn {
	t.Helper()
	conn, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func emit(t *testing.T, conn *dbus.Conn, path dbus.ObjectPath, name string, args ...any) {
	t.Helper()
	if err := conn.Emit(path, name, args...); err != nil {
		t.Fatal(err)
	}
}

func own(t *testing.T, conn *dbus.Conn, name string) {
	t.Helper()
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for something that is seen only by looking.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	wait.Until(t, what, yes)
}
