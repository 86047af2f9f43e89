package tray

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/wait"
)

// A press that the service sent before it answered is of the notice that was replaced, under the same number; one that
// comes with the answer is of the new one, whichever goroutine is first.
func TestPressWhileANoticeIsReplaced(t *testing.T) {
	did := make(chan string, 2)
	b := &busNotices{id: 7, since: 10, press: func() { did <- "old" }}
	signal := func(member string, at dbus.Sequence) *dbus.Signal {
		return &dbus.Signal{Name: noticesName + "." + member, Body: []any{uint32(7), pressed}, Sequence: at}
	}
	b.mu.Lock() // the new one is on its way
	heard := make(chan bool)
	go func() {
		b.heard(signal("ActionInvoked", 20))
		b.heard(signal("NotificationClosed", 21))
		b.heard(signal("ActionInvoked", 23))
		close(heard)
	}()
	b.press, b.since = func() { did <- "new" }, 22
	b.mu.Unlock()
	wait.For(t, "the signals to be heard", heard)
	if what := wait.For(t, "a press", did); what != "new" {
		t.Errorf("the button of the %s notice was pressed", what)
	}
	if len(did) > 0 || b.id != 7 {
		t.Errorf("%d more presses; the open notice is %d", len(did), b.id)
	}
	b.heard(signal("NotificationClosed", 24))
	b.heard(signal("ActionInvoked", 25))
	if b.id != 0 || len(did) > 0 {
		t.Errorf("a closed notice is %d, pressed %d times", b.id, len(did))
	}
}
