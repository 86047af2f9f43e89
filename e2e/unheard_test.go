//go:build linux

package e2e

import (
	"os"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
)

// On a desktop that does not say when its screen is locked, the first start of the tray says so, once, with the line
// that lets one key lock both; install.md has the same line, and TestLockersThatTellNobody tries it.
func TestFirstStartSaysWhatIsNotHeard(t *testing.T) {
	p := at(t, full)
	p.must(os.Remove(p.unheard()))
	first, _ := p.tray()
	said, err := p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool { return strings.Contains(n.Body, "nem szól a Kapunak") })
	p.must(err)
	const line = "sh -c 'kapu lock; exec i3lock'"
	guide, err := os.ReadFile("../docs/install.md")
	p.must(err)
	if !strings.Contains(said.Body, line) || !strings.Contains(string(guide), "exec --no-startup-id "+line) {
		t.Errorf("it says %q", said.Body)
	}
	first.Stop()
	told, err := os.ReadFile(p.unheard())
	p.must(err)
	p.tray()
	if string(told) != "XFCE x11\n" {
		t.Errorf("it remembers %q", told)
	}
}

// quietSaver is a screen saver that can be asked.
type quietSaver struct{ asked chan struct{} }

func (s quietSaver) GetActive() (bool, *dbus.Error) {
	select {
	case s.asked <- struct{}{}:
	default:
	}
	return false, nil
}

// Where a screen saver on the bus tells, nothing is said.
func TestFirstStartIsSilentWhereALockIsHeard(t *testing.T) {
	p := at(t, full)
	p.must(os.Remove(p.unheard()))
	bus, err := p.Connect()
	p.must(err)
	t.Cleanup(func() { bus.Close() })
	const saver = "org.freedesktop.ScreenSaver"
	s := quietSaver{make(chan struct{}, 1)}
	p.must(bus.Export(s, "/org/freedesktop/ScreenSaver", saver))
	_, err = bus.RequestName(saver, dbus.NameFlagDoNotQueue)
	p.must(err)
	_, tray := p.tray()
	select {
	case <-s.asked:
	case <-p.ctx.Done():
		t.Fatal("nobody asks the screen saver")
	}
	p.ends(p.begin("doctor")) // which takes the same look at the desktop, and longer
	p.must(tray.ClickPath(p.ctx, "Kilépés"))
	if said := p.Notifications().Sent(); len(said) > 0 {
		t.Errorf("it says %q", said[0].Body)
	}
}
