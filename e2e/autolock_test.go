//go:build linux

package e2e

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/examples"
)

// What takes the person away from the screen locks: the process with the keys ends, the names and the copied code
// are gone.
func TestScreenLockLocks(t *testing.T) {
	p := at(t, full)
	up := p.screenSaver()

	tray, clients := p.unlockedWithCode()
	p.locksItself(tray, clients, func() { up(true) })

	// Nothing unlocks it again but the person.
	up(false)
	time.Sleep(300 * time.Millisecond)
	if p.agentPID() != 0 {
		t.Error("unlocked by itself")
	}
}

// Who has asked for it, and is unlocked by the keychain alone, finds the vault open again when they come back; not
// while the screen is still locked, and not after a lock by hand.
func TestScreenUnlockUnlocks(t *testing.T) {
	p := at(t, full)
	p.settings("[lock]\nunlock_with_session = true\n")
	up := p.screenSaver()

	tray, clients := p.unlockedWithCode()
	p.locksItself(tray, clients, func() { up(true) })
	if p.agentPID() != 0 {
		t.Error("unlocked under the locked screen")
	}
	up(false)
	_, err := tray.WaitItem(p.ctx, clients[5].Name)
	p.must(err)
	p.locksItself(tray, clients, func() { up(true) }) // two events in one moment
	up(true)
	up(false)
	_, err = tray.WaitItem(p.ctx, clients[5].Name)
	p.must(err)

	agent := p.agentPID()
	p.must(tray.ClickPath(p.ctx, "Zárolás"))
	waitGone(p.t, agent)
	up(true)
	up(false)
	time.Sleep(300 * time.Millisecond)
	if p.agentPID() != 0 {
		t.Error("unlocked after a lock by hand")
	}
}

// The machine is held awake until everything is locked. logind's part is played by python3-dbusmock.
func TestSleepLocksBeforeTheMachineSleeps(t *testing.T) {
	system, _ := desktoptest.Logind(t)
	p := at(t, full)
	p.env = []string{"DBUS_SYSTEM_BUS_ADDRESS=" + system.BusAddress()}
	bus, err := system.Connect()
	p.must(err)
	defer bus.Close()
	logind := bus.Object(desktoptest.LogindName, "/org/freedesktop/login1")
	held := func() int {
		var all []struct {
			What, Who, Why, Mode string
			UID, PID             uint32
		}
		p.must(logind.Call("org.freedesktop.login1.Manager.ListInhibitors", 0).Store(&all))
		return len(all)
	}

	tray, clients := p.unlockedWithCode()
	if held() != 1 {
		t.Errorf("%d inhibitors while unlocked", held())
	}
	p.locksItself(tray, clients, func() {
		p.must(logind.Call("org.freedesktop.DBus.Mock.EmitSignal", 0,
			"org.freedesktop.login1.Manager", "PrepareForSleep", "b", []dbus.Variant{dbus.MakeVariant(true)}).Err)
	})
	if held() != 0 {
		t.Error("locked, and the machine is still held awake")
	}
}

// unlockedWithCode is the usual state of things: the tray open, a code just copied.
func (p *person) unlockedWithCode() (*desktop.Tray, []examples.Client) {
	p.t.Helper()
	clients := examples.Clients(12, 0) // few enough to stand in the menu itself
	p.imports(clients)
	p.kapu("lock")
	_, tray := p.tray()
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	p.must(tray.ClickPath(p.ctx, clients[3].Name))
	p.clipboardIs(clients[3].Key)
	return tray, clients
}

// locksItself checks that an event locks, and tells how long it took.
func (p *person) locksItself(tray *desktop.Tray, clients []examples.Client, event func()) {
	p.t.Helper()
	agent := p.agentPID()
	start := time.Now()
	event()
	waitGone(p.t, agent)
	p.t.Logf("from the event to the agent's end: %d ms", time.Since(start).Milliseconds())
	p.waitLocked(tray)
	p.nothingLeft(tray, clients, agent)
}
