package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// callLimit is how long a service may take to answer. What does not is treated as absent.
const callLimit = time.Second

// The bus daemon itself.
const (
	daemon     = "org.freedesktop.DBus"
	daemonPath = "/org/freedesktop/DBus"
	noOwner    = daemon + ".Error.NameHasNoOwner"

	unknownMethod    = daemon + ".Error.UnknownMethod"
	unknownObject    = daemon + ".Error.UnknownObject"
	unknownInterface = daemon + ".Error.UnknownInterface"
)

// bus is a private D-Bus connection: a shared one may be closed by others.
type bus struct {
	conn    *dbus.Conn
	signals chan *dbus.Signal

	name  string // the only service that is trusted; "" trusts all
	owner string // who that is now
	again func() // called when the service has been started anew

	due   <-chan time.Time // something to be done later
	later func()
}

func (p environment) systemBus() string {
	if a := p.getenv("DBUS_SYSTEM_BUS_ADDRESS"); a != "" {
		return a
	}
	return "unix:path=/run/dbus/system_bus_socket"
}

// connect opens a connection that ends with the context. A bus that is not there is a outcome, not a fault.
func connect(ctx context.Context, address string) (*bus, *outcome) {
	if address == "" || strings.HasPrefix(address, "disabled:") || strings.HasPrefix(address, "autolaunch:") {
		return nil, new(unavailable(NoBus, ""))
	}
	ctx, cancel := context.WithCancel(ctx)
	limit := time.AfterFunc(callLimit, cancel) // the library greets a bus without any limit
	conn, err := dbus.Connect(address, dbus.WithContext(ctx), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	switch {
	case !limit.Stop():
		return nil, new(unavailable(TimedOut, "the message bus"))
	case err != nil:
		cancel()
		return nil, new(unavailable(NoBus, err.Error()))
	}
	context.AfterFunc(conn.Context(), cancel)
	b := &bus{conn: conn, signals: make(chan *dbus.Signal, 16)}
	conn.Signal(b.signals)
	return b, nil
}

// trustOnly restricts the connection to what one service says. Without it anybody on the bus could speak in its
// name, and on the system bus that is every user of the machine.
func (b *bus) trustOnly(name string) *outcome {
	f := b.match(
		dbus.WithMatchSender(daemon), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, name),
	)
	if f != nil {
		return f
	}
	err := b.call(daemon, daemonPath, daemon+".GetNameOwner", name).Store(&b.owner)
	if isError(err, noOwner) {
		return new(unavailable(NoService, name))
	}
	if err != nil {
		return callFailed(name, err)
	}
	b.name = name
	return nil
}

// match asks the bus for certain signals.
func (b *bus) match(opts ...dbus.MatchOption) *outcome {
	ctx, cancel := context.WithTimeout(b.conn.Context(), callLimit)
	defer cancel()
	if err := b.conn.AddMatchSignalContext(ctx, opts...); err != nil {
		return callFailed("AddMatch", err)
	}
	return nil
}

// call calls a method, within the limit and without starting a service for it.
func (b *bus) call(dest string, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(b.conn.Context(), callLimit)
	defer cancel()
	return b.conn.Object(dest, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...)
}

// get reads a property.
func (b *bus) get(dest string, path dbus.ObjectPath, iface, property string) (dbus.Variant, error) {
	var v dbus.Variant
	err := b.call(dest, path, "org.freedesktop.DBus.Properties.Get", iface, property).Store(&v)
	return v, err
}

// is reads a property that is a yes or a no. What cannot be read is a no.
func (b *bus) is(dest string, path dbus.ObjectPath, iface, property string) bool {
	v, err := b.get(dest, path, iface, property)
	yes, _ := v.Value().(bool)
	return err == nil && yes
}

// listen hands on what is said until the context or the connection ends.
func (b *bus) listen(w *watch, name string, reasons []Reason, handle func(*dbus.Signal)) {
	defer b.conn.Close()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-b.due:
			b.later()
		case s, ok := <-b.signals:
			if !ok {
				w.lost(name, reasons...)
				return
			}
			if b.trusted(s) {
				handle(s)
			}
		}
	}
}

// trusted says whether a signal is of the service that is trusted; it also follows one that is restarted.
func (b *bus) trusted(s *dbus.Signal) bool {
	if b.name == "" {
		return true
	}
	if s.Sender == daemon {
		if s.Name == daemon+".NameOwnerChanged" && len(s.Body) == 3 && s.Body[0] == b.name {
			b.owner, _ = s.Body[2].(string)
			if b.owner != "" && b.again != nil {
				b.again()
			}
		}
		return false
	}
	return s.Sender == b.owner && b.owner != ""
}

// flag is the only argument of a signal that says yes or no.
func flag(s *dbus.Signal) bool {
	if len(s.Body) == 0 {
		return false
	}
	yes, _ := s.Body[0].(bool)
	return yes
}

func isError(err error, name string) bool {
	var e dbus.Error
	return errors.As(err, &e) && e.Name == name
}

func callFailed(what string, err error) *outcome {
	if errors.Is(err, context.DeadlineExceeded) {
		return new(unavailable(TimedOut, what))
	}
	return new(unavailable(Failed, what+": "+err.Error()))
}
