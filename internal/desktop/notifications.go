//go:build linux

package desktop

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	notifyName = "org.freedesktop.Notifications"
	notifyPath = "/org/freedesktop/Notifications"
)

// Why a notification was closed, for Notifications.Close.
const (
	Expired   uint32 = 1
	Dismissed uint32 = 2 // by the user
	Closed    uint32 = 3 // by the program that sent it
)

// Notification is one that a program sent.
type Notification struct {
	ID       uint32
	Replaces uint32 // the id it was to replace, else 0
	App      string
	Icon     string
	Summary  string
	Body     string
	Actions  []Action
	Hints    map[string]any
	Timeout  int32 // milliseconds; -1 leaves it to the server, 0 is never
}

// Action is a button of a notification. The key "default" stands for a click on the notification itself.
type Action struct{ Key, Label string }

// Notifications is a stand-in for a desktop's notification service. It shows nothing and records everything.
type Notifications struct {
	conn *dbus.Conn

	mu     sync.Mutex
	lastID uint32
	sent   []Notification
	open   map[uint32]dbus.Sender
}

// StartNotifications starts a stand-in. Only one notification service can be on the bus.
func (d *Desktop) StartNotifications() (*Notifications, error) {
	n := &Notifications{open: map[uint32]dbus.Sender{}}
	err := d.claim(notifyName, func(conn *dbus.Conn) error {
		n.conn = conn
		return conn.Export(notifyMethods{n}, notifyPath, notifyName)
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// notifyMethods is what the bus may call, kept apart from what a test may.
type notifyMethods struct{ n *Notifications }

func (m notifyMethods) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body", "persistence"}, nil
}

func (m notifyMethods) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "desktop", "kapu", "1", "1.2", nil
}

func (m notifyMethods) Notify(
	sender dbus.Sender, app string, replaces uint32, icon, summary, body string,
	actions []string, hints map[string]dbus.Variant, timeout int32,
) (uint32, *dbus.Error) {
	n := m.n
	n.mu.Lock()
	defer n.mu.Unlock()
	id := replaces
	if id == 0 {
		n.lastID++
		id = n.lastID
	}
	note := Notification{
		ID: id, Replaces: replaces, App: app, Icon: icon, Summary: summary, Body: body,
		Hints: map[string]any{}, Timeout: timeout,
	}
	for pair := range slices.Chunk(actions, 2) {
		if len(pair) == 2 {
			note.Actions = append(note.Actions, Action{Key: pair[0], Label: pair[1]})
		}
	}
	for key, value := range hints {
		note.Hints[key] = value.Value()
	}
	n.sent = append(n.sent, note)
	n.open[id] = sender
	return id, nil
}

func (m notifyMethods) CloseNotification(id uint32) *dbus.Error {
	if err := m.n.Close(id, Closed); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

// Sent is every notification so far, oldest first.
func (n *Notifications) Sent() []Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.sent)
}

// Open tells whether the notification is still on the screen, so to speak.
func (n *Notifications) Open(id uint32) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, open := n.open[id]
	return open
}

// Wait waits for a notification that match accepts, one already sent included, and returns the newest such.
func (n *Notifications) Wait(ctx context.Context, match func(Notification) bool) (found Notification, err error) {
	err = poll(ctx, "a notification", func() (bool, error) {
		for _, note := range slices.Backward(n.Sent()) {
			if match(note) {
				found = note
				return true, nil
			}
		}
		return false, nil
	})
	if err != nil {
		err = fmt.Errorf("%w; there were %+v", err, n.Sent())
	}
	return found, err
}

// Act presses the button with this key, which also closes the notification, as most desktops do.
func (n *Notifications) Act(id uint32, key string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, open := n.open[id]; !open {
		return fmt.Errorf("desktop: notification %d is not open", id)
	}
	if err := n.conn.Emit(notifyPath, notifyName+".ActionInvoked", id, key); err != nil {
		return fmt.Errorf("desktop: pressing %q of notification %d: %w", key, id, err)
	}
	return n.closeOpen(id, Dismissed)
}

// Close closes the notification for the reason given and tells the bus.
func (n *Notifications) Close(id, reason uint32) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closeOpen(id, reason)
}

// closeOpen is Close for who holds mu, until the bus has been told, too: a notice that replaces this one must come
// before the signals or after them, as with a service that does one thing at a time.
func (n *Notifications) closeOpen(id, reason uint32) error {
	if _, open := n.open[id]; !open {
		return fmt.Errorf("desktop: notification %d is not open", id)
	}
	delete(n.open, id)
	return n.conn.Emit(notifyPath, notifyName+".NotificationClosed", id, reason)
}

// Stop takes the service off the bus, as where a desktop has none. StartNotifications can start another.
func (n *Notifications) Stop() { unclaim(n.conn, notifyName) }
