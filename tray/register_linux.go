package tray

import (
	"context"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// registerTime is what systray has for registering the icon, before Kapu looks whether it did.
const registerTime = time.Second

// registerMissed registers the icon with a watcher that does not have it. systray registers, and only then begins to
// hear of watchers: one that came in between would show no icon until it begins anew. The bus is systray's connection,
// by which watchers know the icon; it may hear of nothing but what systray expects (see desktop).
func registerMissed(bus *dbus.Conn) error {
	err := bus.AddMatchSignal(dbus.WithMatchObjectPath("/org/freedesktop/DBus"), dbus.WithMatchInterface(busInterface),
		dbus.WithMatchSender(busInterface), dbus.WithMatchMember(ownerChanged), dbus.WithMatchArg(0, hostWatcher))
	if err != nil {
		return err
	}
	changes := make(chan *dbus.Signal, 10)
	bus.Signal(changes)
	go func() {
		look := time.NewTimer(registerTime)
		defer look.Stop()
		for {
			select {
			case s, ok := <-changes:
				if !ok {
					return
				}
				if owner, told := ownerOf(s, hostWatcher); told && owner != "" {
					look.Reset(registerTime)
				}
			case <-look.C:
				ctx, cancel := context.WithTimeout(bus.Context(), busTime)
				registerAgain(ctx, bus)
				cancel()
			}
		}
	}()
	return nil
}

// registerAgain registers the icon where the watcher says that it does not have it. Where there is no watcher, or it
// does not say, nothing is to be done.
func registerAgain(ctx context.Context, bus *dbus.Conn) {
	watcher := bus.Object(hostWatcher, hostPath)
	var items []string
	err := watcher.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		hostWatcher, "RegisteredStatusNotifierItems").Store(&items)
	if err != nil {
		return
	}
	for _, item := range items { // "connection/path", on GNOME "connection@/path"
		if connection, _, _ := strings.Cut(item, "/"); strings.TrimSuffix(connection, "@") == bus.Names()[0] {
			return
		}
	}
	watcher.CallWithContext(ctx, hostWatcher+".RegisterStatusNotifierItem", dbus.FlagNoAutoStart, iconPath)
}
