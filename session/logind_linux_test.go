package session

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

const mockIface = "org.freedesktop.DBus.Mock"

// login is python3-dbusmock's logind on a bus of its own.
type login struct {
	t       *testing.T
	d       *desktop.Desktop
	conn    *dbus.Conn
	process *desktop.Process
}

func startLogin(t *testing.T) *login {
	t.Helper()
	d, process := desktoptest.Logind(t)
	return &login{t, d, client(t, d), process}
}

func (l *login) call(path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	l.t.Helper()
	c := l.conn.Object(logind, path).CallWithContext(l.t.Context(), method, 0, args...)
	if c.Err != nil {
		l.t.Fatalf("%s: %s", method, c.Err)
	}
	return c
}

func (l *login) add(session string) dbus.ObjectPath {
	l.t.Helper()
	var path string
	if err := l.call(logindPath, mockIface+".AddSession", session, "seat0", uint32(os.Getuid()), "someone", true).Store(&path); err != nil {
		l.t.Fatal(err)
	}
	return dbus.ObjectPath(path)
}

func (l *login) set(session dbus.ObjectPath, key string, value any) {
	l.t.Helper()
	l.call(session, mockIface+".UpdateProperties", logindSession, map[string]dbus.Variant{key: dbus.MakeVariant(value)})
}

func (l *login) says(path dbus.ObjectPath, iface, signal, signature string, args ...any) {
	l.t.Helper()
	variants := []dbus.Variant{}
	for _, a := range args {
		variants = append(variants, dbus.MakeVariant(a))
	}
	l.call(path, mockIface+".EmitSignal", iface, signal, signature, variants)
}

// inhibitors counts those of this program.
func (l *login) inhibitors() (n int) {
	l.t.Helper()
	var all []struct {
		What, Who, Why, Mode string
		UID, PID             uint32
	}
	if err := l.call(logindPath, logindManager+".ListInhibitors").Store(&all); err != nil {
		l.t.Fatal(err)
	}
	for _, i := range all {
		if i.Who == "Kapu" && i.What == "sleep" && i.Mode == "delay" {
			n++
		}
	}
	return n
}

// env is the environment of a process in the session.
func (l *login) env(session string) environment {
	return env("DBUS_SYSTEM_BUS_ADDRESS", l.d.BusAddress(), "XDG_SESSION_ID", session)
}

func TestLogindSession(t *testing.T) {
	l := startLogin(t)
	ours, other := l.add("c7"), l.add("c8")
	w := l.env("c7").start(t, Options{}, "logind-session").is(Working, LockerSet)

	l.says(other, logindSession, "Lock", "")
	l.set(other, "LockedHint", true)
	l.says(ours, logindSession, "Unlock", "")
	w.nothing()

	l.says(ours, logindSession, "Lock", "")
	w.next(Locked)
	l.call(ours, logindSession+".SetLockedHint", true)
	w.next(Locked)
	l.call(ours, logindSession+".SetLockedHint", false)
	l.set(ours, "Active", false)
	w.next(Switched)
	l.set(ours, "Active", true)
	w.nothing()
	l.set(ours, "State", "closing")
	w.next(Logout)
	l.says(logindPath, logindManager, "SessionRemoved", "so", "c8", other)
	l.says(logindPath, logindManager, "SessionRemoved", "so", "c7", ours)
	w.next(Logout)
}

// A change may be announced without the new value.
func TestLogindUnsaid(t *testing.T) {
	l := startLogin(t)
	ours := l.add("c7")
	w := l.env("c7").start(t, Options{}, "logind-session").is(Working, LockerSet)
	l.call(ours, properties+".Set", logindSession, "Active", dbus.MakeVariant(false))
	w.next(Switched)
	l.says(ours, properties, "PropertiesChanged", "sa{sv}as", logindSession, map[string]dbus.Variant{}, []string{"Active"})
	w.next(Switched)
}

func TestLogindLockedBefore(t *testing.T) {
	l := startLogin(t)
	l.set(l.add("c7"), "LockedHint", true)
	l.env("c7").start(t, Options{}, "logind-session").is(Working, LockerSet).next(Locked)
}

func TestLogindWhichSession(t *testing.T) {
	l := startLogin(t)
	ours := l.add("c7")
	// Nothing says which session it is, and the user has no screen: there is none, but sleep is still heard of.
	l.env("").start(t, Options{}, "logind-session").is(Unavailable, NoSession)
	l.env("").start(t, Options{}, "logind-sleep").is(Working, "")

	// (The stand-in's own GetUser fails on a number.)
	l.call(logindPath, mockIface+".AddMethod", logindManager, "GetUser", "u", "o", `ret = "/org/freedesktop/login1/user/%d" % args[0]`)
	// The user's service manager started us: our session is the one with the user's screen.
	user := dbus.ObjectPath("/org/freedesktop/login1/user/" + strconv.Itoa(os.Getuid()))
	l.call(user, properties+".Set", logind+".User", "Display", dbus.MakeVariant(struct {
		ID   string
		Path dbus.ObjectPath
	}{"c7", ours}))
	w := l.env("stale").start(t, Options{}, "logind-session").is(Working, LockerSet)
	l.says(ours, logindSession, "Lock", "")
	w.next(Locked)

	// A timer's session has no screen that could be locked.
	l.set(ours, "Class", "background")
	l.env("c7").start(t, Options{}, "logind-session").is(Unavailable, NoSession)
}

func TestSleepWaitsUntilDone(t *testing.T) {
	l := startLogin(t)
	w := l.env("").start(t, Options{}, "logind-sleep").is(Working, "")
	for range 3 {
		eventually(t, "sleep is held up", func() bool { return l.inhibitors() == 1 })
		l.says(logindPath, logindManager, "PrepareForSleep", "b", true)
		e := w.next(Sleep)
		if n := l.inhibitors(); n != 1 {
			t.Fatalf("%d inhibitors before everything is locked", n)
		}
		e.Done()
		e.Done()
		eventually(t, "the machine may sleep", func() bool { return l.inhibitors() == 0 })
		l.says(logindPath, logindManager, "PrepareForSleep", "b", false)
	}
	eventually(t, "sleep is held up again", func() bool { return l.inhibitors() == 1 })
	l.says(logindPath, logindManager, "PrepareForShutdown", "b", false)
	w.nothing()
	l.says(logindPath, logindManager, "PrepareForShutdown", "b", true)
	w.next(Logout)
	w.end()
	eventually(t, "nothing is held at the end", func() bool { return l.inhibitors() == 0 })
}

func TestSleepNotHeldWhenSwitchedOff(t *testing.T) {
	l := startLogin(t)
	w := l.env("").start(t, Options{Off: map[Reason]bool{Sleep: true}}, "logind-sleep").is(Working, "")
	if n := l.inhibitors(); n != 0 {
		t.Errorf("%d inhibitors", n)
	}
	l.says(logindPath, logindManager, "PrepareForSleep", "b", true)
	l.says(logindPath, logindManager, "PrepareForSleep", "b", false)
	w.nothing()
	if n := l.inhibitors(); n != 0 {
		t.Errorf("%d inhibitors", n)
	}
}

func TestSleepBegunBefore(t *testing.T) {
	l := startLogin(t)
	l.call(logindPath, properties+".Set", logindManager, "PreparingForSleep", dbus.MakeVariant(true))
	l.env("").start(t, Options{}, "logind-sleep").next(Sleep).Done()
	eventually(t, "the machine may sleep", func() bool { return l.inhibitors() == 0 })
}

func TestLogindRestarted(t *testing.T) {
	l := startLogin(t)
	w := l.env("").start(t, Options{}, "logind-sleep").is(Working, "")
	l.process.Stop()
	eventually(t, "logind is gone", func() bool { there, _ := l.d.HasName(logind); return !there })
	l.process = desktoptest.LaunchLogind(l.t, l.d)
	eventually(t, "sleep is held up", func() bool { return l.inhibitors() == 1 })
	l.says(logindPath, logindManager, "PrepareForSleep", "b", true)
	w.next(Sleep).Done()
}

// Every user of the machine may send signals on the system bus.
func TestOthersAreNotBelieved(t *testing.T) {
	l := startLogin(t)
	ours := l.add("c7")
	w := l.env("c7").start(t, Options{}, "logind-session").is(Working, LockerSet)
	stranger := client(t, l.d)
	emit(t, stranger, ours, logindSession+".Lock")
	for _, name := range l.names() { // sent to one program, a signal needs no subscription
		msg := &dbus.Message{
			Type: dbus.TypeSignal,
			Headers: map[dbus.HeaderField]dbus.Variant{
				dbus.FieldPath:        dbus.MakeVariant(ours),
				dbus.FieldInterface:   dbus.MakeVariant(logindSession),
				dbus.FieldMember:      dbus.MakeVariant("Lock"),
				dbus.FieldDestination: dbus.MakeVariant(name),
			},
		}
		stranger.Send(msg, nil)
	}
	w.nothing()
	l.says(ours, logindSession, "Lock", "")
	w.next(Locked)
}

func (l *login) names() (unique []string) {
	var all []string
	if err := l.conn.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&all); err != nil {
		l.t.Fatal(err)
	}
	for _, n := range all {
		if n[0] == ':' {
			unique = append(unique, n)
		}
	}
	return unique
}

func TestLogindFrozen(t *testing.T) {
	l := startLogin(t)
	l.add("c7")
	if err := l.process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer l.process.Signal(syscall.SIGCONT)
	// That it starts while logind is stopped shows that it does not wait for it; for how long it would, says
	// TestSourceThatHangsHoldsNothingUp.
	if s := l.env("c7").start(t, Options{}, "logind-session").Sources()[0]; s.State != Unavailable {
		t.Errorf("%+v", s)
	}
	l.env("").start(t, Options{}, "logind-sleep").is(Working, NoDelay)
}

func TestNoSystemBus(t *testing.T) {
	for _, address := range []string{"disabled:", "unix:path=/nowhere", "nonsense", "autolaunch:"} {
		p := env("DBUS_SYSTEM_BUS_ADDRESS", address)
		p.start(t, Options{}, "logind-session").is(Unavailable, NoBus)
		p.start(t, Options{}, "logind-sleep").is(Unavailable, NoBus)
	}
	d := desktoptest.Start(t, desktop.Options{}) // a bus on which there is no logind
	p := env("DBUS_SYSTEM_BUS_ADDRESS", d.BusAddress())
	p.start(t, Options{}, "logind-session").is(Unavailable, NoService)
	p.start(t, Options{}, "logind-sleep").is(Unavailable, NoService)
}

func TestIdleHint(t *testing.T) {
	l := startLogin(t)
	ours := l.add("c7")
	w := l.env("c7").start(t, Options{Idle: time.Minute}, "idle").is(Unsure, DesktopSet)
	hint := func(idle bool, since time.Duration) {
		t.Helper()
		l.call(ours, properties+".Set", logindSession, "IdleSinceHint", dbus.MakeVariant(uint64(time.Now().Add(-since).UnixMicro())))
		l.set(ours, "IdleHint", idle)
	}
	hint(true, 10*time.Second) // the desktop's time is shorter than ours
	hint(false, 0)
	w.nothing()
	hint(true, time.Minute-calm)
	w.next(Idle)
	hint(false, 0)
	hint(true, 2*time.Minute) // and longer
	w.next(Idle)
}
