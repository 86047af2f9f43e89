package tray

import (
	"context"
	"errors"
	"io"
	"log"
	"strings"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
	"kapu/lang"
)

// desktop is the session bus, on a connection of our own: systray stops registering with panels once its
// connection delivers a signal that it does not expect, and signals of notices are such.
type desktop struct{ bus *dbus.Conn }

// busTime is what the session bus may take to answer.
const busTime = 5 * time.Second

// openDesktop finds the session bus. Without one systray would end in a panic.
func openDesktop(ctx context.Context) (*desktop, error) {
	limit, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	bus, err := sessionbus.Connect(limit)
	if err == nil {
		if _, err = dbus.SessionBus(); err != nil { // the one that systray will use
			bus.Close()
		}
	}
	if errors.Is(err, sessionbus.ErrNone) {
		err = lang.Cause("cause-no-bus")
	}
	if err != nil {
		return nil, lang.E("tray-no-bus", "Reason", err)
	}
	return &desktop{bus}, nil
}

// gone is closed when the session ends.
func (d *desktop) gone() <-chan struct{} { return d.bus.Context().Done() }

func (d *desktop) close() { d.bus.Close() }

const (
	// hostWatcher is the name on the bus of what brings icons and panels together, and hostPath its object.
	hostWatcher = "org.kde.StatusNotifierWatcher"
	hostPath    = "/StatusNotifierWatcher"

	busInterface = "org.freedesktop.DBus"
	ownerChanged = "NameOwnerChanged"
)

// ownerOf returns who owns a name now, if it is this that the signal tells.
func ownerOf(s *dbus.Signal, name string) (owner string, told bool) {
	if s.Name != busInterface+"."+ownerChanged || len(s.Body) < 3 || s.Body[0] != name {
		return "", false
	}
	owner, told = s.Body[2].(string)
	return owner, told
}

// CheckHost says what keeps the tray's icon from being seen on this desktop: no session bus, or nobody there who
// shows icons.
func CheckHost(ctx context.Context) error {
	d, err := openDesktop(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	return d.checkHost(ctx)
}

// checkHost returns a sentence if nobody shows tray icons.
func (d *desktop) checkHost(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	var owned bool
	err := d.bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, hostWatcher).Store(&owned)
	if err != nil || !owned {
		return lang.E("tray-no-host")
	}
	var host dbus.Variant
	err = d.bus.Object(hostWatcher, hostPath).CallWithContext(ctx,
		"org.freedesktop.DBus.Properties.Get", 0, hostWatcher, "IsStatusNotifierHostRegistered").Store(&host)
	if err == nil && host.Value() == false {
		return lang.E("tray-no-host")
	}
	return nil
}

// present shows the icon until quit is closed. ready makes the menu; started comes when the icon is on the bus.
// Only then may its title change: the one before becomes the icon's name for the desktop.
func present(ready, started func(), quit <-chan struct{}) {
	log.SetOutput(registerErrors{log.Writer()})
	systray.SetTitle(iconID)
	made := make(chan struct{}) // systray makes the menu beside the connection
	start, end := systray.RunWithExternalLoop(func() {
		ready()
		close(made)
	}, func() {})
	start()
	<-made
	started()
	<-quit
	end()
}

// iconID is the icon's name for the desktop, which keeps its place by it.
const iconID = "kapu"

// registerErrors drops what systray says when no panel is there: it is said in the person's words, once.
type registerErrors struct{ io.Writer }

func (w registerErrors) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "systray error: failed to register:") {
		return len(p), nil
	}
	return w.Writer.Write(p)
}
