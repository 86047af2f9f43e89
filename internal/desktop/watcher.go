//go:build linux

package desktop

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// Watcher is a stand-in for a panel's tray where there is no display: programs register their icons
// with it and find a host.
type Watcher struct {
	conn  *dbus.Conn
	props *prop.Properties

	mu         sync.Mutex
	items      []string
	registered int
	deaf       bool
}

// StartWatcher starts a stand-in tray. Only one tray can be on the bus, so not beside a panel.
func (d *Desktop) StartWatcher() (*Watcher, error) {
	w := &Watcher{}
	err := d.claim(watcherName, func(conn *dbus.Conn) (err error) {
		w.conn = conn
		spec := prop.Map{watcherName: {
			"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
			"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitTrue},
			"ProtocolVersion":                {Value: int32(0), Emit: prop.EmitTrue},
		}}
		if w.props, err = prop.Export(conn, watcherPath, spec); err != nil {
			return err
		}
		if err := conn.Export(watcherMethods{w}, watcherPath, watcherName); err != nil {
			return err
		}
		gone := make(chan *dbus.Signal, 64)
		conn.Signal(gone)
		go w.forget(gone)
		return conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"))
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// watcherMethods is what the bus may call, kept apart from what a test may.
type watcherMethods struct{ w *Watcher }

func (m watcherMethods) RegisterStatusNotifierItem(sender dbus.Sender, service string) *dbus.Error {
	item := string(sender) + service // programs name themselves or, as systray does, the path of their icon
	if !strings.HasPrefix(service, "/") {
		item = string(sender) + string(itemPath)
	}
	w := m.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deaf {
		w.deaf = false
		return dbus.NewError("org.freedesktop.DBus.Error.UnknownObject", nil)
	}
	w.registered++
	if !slices.Contains(w.items, item) {
		w.items = append(w.items, item)
	}
	w.publish()
	_ = w.conn.Emit(watcherPath, watcherName+".StatusNotifierItemRegistered", item)
	return nil
}

func (m watcherMethods) RegisterStatusNotifierHost(string) *dbus.Error { return nil }

// publish tells the bus of the items. The caller holds the lock. The library panics if it cannot: at the end of a test
// the connection may be closed while programs still leave the bus.
func (w *Watcher) publish() {
	defer func() {
		if cause := recover(); cause != nil && w.conn.Connected() {
			panic(cause)
		}
	}()
	w.props.SetMust(watcherName, "RegisteredStatusNotifierItems", slices.Clone(w.items))
}

// forget drops the items of programs that leave the bus.
func (w *Watcher) forget(signals <-chan *dbus.Signal) {
	for s := range signals {
		if len(s.Body) != 3 || s.Body[2] != "" {
			continue
		}
		name, _ := s.Body[0].(string)
		w.mu.Lock()
		before := len(w.items)
		w.items = slices.DeleteFunc(w.items, func(item string) bool { return strings.HasPrefix(item, name+"/") })
		if len(w.items) != before {
			w.publish()
		}
		w.mu.Unlock()
	}
}

// Items is the icons that are registered now, as "connection/path".
func (w *Watcher) Items() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.items)
}

// Registrations is how often an icon was registered, again or for the first time.
func (w *Watcher) Registrations() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.registered
}

// MissNext has the next registration fail, as if it had been made before the tray was there.
func (w *Watcher) MissNext() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deaf = true
}

// WaitItems waits until so many icons are registered.
func (w *Watcher) WaitItems(ctx context.Context, n int) error {
	return poll(ctx, "tray icons to register", func() (bool, error) { return len(w.Items()) == n, nil })
}

// Stop takes the tray off the bus. StartWatcher can start another one.
func (w *Watcher) Stop() { unclaim(w.conn, watcherName) }
