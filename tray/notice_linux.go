package tray

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	noticesName = "org.freedesktop.Notifications"
	noticesPath = "/org/freedesktop/Notifications"
	pressed     = "press"
)

// noticeTime is what the desktop may take to show a notice; the first may have to start the service.
const noticeTime = 5 * time.Second

// busNotices shows notices by the desktop's notification service.
type busNotices struct {
	bus *dbus.Conn

	mu    sync.Mutex    // held during Notify too: a press may come with its answer
	id    uint32        // of the open notice, else 0
	press func()        // its button; nil if it has none
	since dbus.Sequence // of the answer that brought it: signals before that are of what it replaced
}

func newSink(d *desktop) sink {
	b := &busNotices{bus: d.bus}
	signals := make(chan *dbus.Signal, 16)
	d.bus.Signal(signals)
	// Errors mean that the bus is gone, and the tray with it.
	_ = d.bus.AddMatchSignal(dbus.WithMatchInterface(noticesName), dbus.WithMatchObjectPath(noticesPath))
	_ = d.bus.AddMatchSignal(dbus.WithMatchInterface(busInterface), dbus.WithMatchMember(ownerChanged),
		dbus.WithMatchArg(0, noticesName))
	go func() {
		for s := range signals {
			b.heard(s)
		}
	}()
	return b
}

func (b *busNotices) show(n note) error {
	ctx, cancel := context.WithTimeout(context.Background(), noticeTime)
	defer cancel()
	service := b.bus.Object(noticesName, noticesPath)
	var can []string
	if err := service.CallWithContext(ctx, noticesName+".GetCapabilities", 0).Store(&can); err != nil {
		return err
	}
	icon, category := "dialog-password", "x-kapu.code"
	if n.problem {
		icon, category = "dialog-warning", "x-kapu.problem"
	}
	body := n.text
	var actions []string
	for _, c := range can {
		switch {
		case c == "body-markup":
			body = escapeMarkup.Replace(body)
		case c == "actions" && n.button != "":
			actions = []string{pressed, n.button}
		}
	}
	hints := map[string]dbus.Variant{
		// No list of past notices is to keep whose codes were copied and when.
		"transient":     dbus.MakeVariant(true),
		"category":      dbus.MakeVariant(category),
		"desktop-entry": dbus.MakeVariant("kapu"),
	}
	timeout := int32(-1) // the desktop's own
	if !n.until.IsZero() {
		// Typing takes longer than most desktops show a notice; a critical one stays until it is taken back.
		hints["urgency"] = dbus.MakeVariant(byte(2))
		timeout = int32(max(time.Until(n.until).Milliseconds(), 1))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var id uint32
	answer := service.CallWithContext(ctx, noticesName+".Notify", 0,
		"Kapu", b.id, icon, n.heading(), body, actions, hints, timeout)
	if err := answer.Store(&id); err != nil {
		return err
	}
	b.id, b.press, b.since = id, n.press, answer.ResponseSequence
	return nil
}

// escapeMarkup writes a text so that a service that reads markup shows it as it is.
var escapeMarkup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (b *busNotices) hide() {
	b.mu.Lock()
	id := b.id
	b.id, b.press = 0, nil
	b.mu.Unlock()
	if id == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), noticeTime)
	defer cancel()
	_ = b.bus.Object(noticesName, noticesPath).CallWithContext(ctx, noticesName+".CloseNotification", 0, id).Err
}

// heard takes the service's signals. They and the answers to calls come one after the other, but reach goroutines of
// their own: who was first says their sequence, so that a press of a notice that was just being replaced does not copy
// for the client of the next.
func (b *busNotices) heard(s *dbus.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.Sequence < b.since {
		return
	}
	if _, told := ownerOf(s, noticesName); told { // a new service counts from 1 again
		b.id, b.press = 0, nil
		return
	}
	if len(s.Body) < 2 || b.id == 0 || s.Body[0] != b.id {
		return
	}
	switch s.Name {
	case noticesName + ".ActionInvoked":
		if s.Body[1] == pressed && b.press != nil {
			go b.press()
		}
	case noticesName + ".NotificationClosed":
		b.id, b.press = 0, nil
	}
}
