package tray

import (
	"context"
	"log"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/lang"
)

// registerTime is what systray has for registering the icon, before Kapu looks whether it did.
const registerTime = time.Second

// indicatorsName is on the bus where Ayatana's indicators are the watcher, as with an applet on Budgie's panel. They
// show an icon by the path of its file alone.
const indicatorsName = "org.ayatana.indicator.application"

// keepHosted has each watcher that begins show the icon: by files in a folder where it needs them, and registered where
// systray has missed it. systray registers, and only then begins to hear of watchers: one that came in between would
// show no icon until it begins anew.
//
// The connection is systray's, by which watchers know the icon; it may hear of nothing but what systray expects (see
// desktop).
func (d *desktop) keepHosted(ctx context.Context, folder string) error {
	bus, err := dbus.SessionBus()
	if err == nil {
		err = bus.AddMatchSignal(dbus.WithMatchObjectPath("/org/freedesktop/DBus"), dbus.WithMatchInterface(busInterface),
			dbus.WithMatchSender(busInterface), dbus.WithMatchMember(ownerChanged), dbus.WithMatchArg(0, hostWatcher))
	}
	if err != nil {
		return lang.E("tray-no-bus", "Reason", err)
	}
	changes := make(chan *dbus.Signal, 10)
	bus.Signal(changes)
	go func() {
		onPanel.showFor(ctx, bus, folder)
		look := time.NewTimer(registerTime)
		defer look.Stop()
		for {
			select {
			case s, ok := <-changes:
				if !ok {
					return
				}
				if owner, told := ownerOf(s, hostWatcher); told && owner != "" {
					onPanel.showFor(ctx, bus, folder)
					look.Reset(registerTime)
				}
			case <-look.C:
				onPanel.showFor(ctx, bus, folder) // it may take its other name later
				registerMissed(ctx, bus)
			case <-ctx.Done():
				return
			}
		}
	}()
	return nil
}

// showFor gives the icon the form that the watcher on the bus can show.
func (i *statusItem) showFor(ctx context.Context, bus *dbus.Conn, folder string) {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	if watcher := processOf(ctx, bus, hostWatcher); watcher == 0 || watcher != processOf(ctx, bus, indicatorsName) {
		folder = ""
	}
	if err := i.setFolder(folder); err != nil { // the icon has a placeholder's place, and works
		log.Print(err)
	}
}

// processOf is the process that has a name on the bus, 0 for none. It may have several connections.
func processOf(ctx context.Context, bus *dbus.Conn, name string) (pid uint32) {
	_ = bus.BusObject().CallWithContext(ctx, busInterface+".GetConnectionUnixProcessID", 0, name).Store(&pid)
	return pid
}

// registerMissed registers the icon where the watcher says that it does not have it. Where there is no watcher, or it
// does not say, nothing is to be done.
func registerMissed(ctx context.Context, bus *dbus.Conn) {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
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
