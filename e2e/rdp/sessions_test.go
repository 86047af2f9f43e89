//go:build linux

package rdp

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/agent"
	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// additions is how many clients each session adds while the other does the same.
const additions = 8

// desk is one of the sessions, with its tray, its remote screen and the process that has its vault open.
type desk struct {
	*office
	tray, screen *desktop.Process
	agent        int
}

// One person works in two sessions on the same server at once, with one vault: neither loses what the other adds, both
// menus show it, and what locks one of them leaves the other alone.
func TestTwoSessionsOfOnePerson(t *testing.T) {
	first := desk{office: open(t)}
	first.screen = first.connect()
	first.configure("2m")
	first.kapu("import", "export.txt")
	first.kapu("lock")
	second := desk{office: first.beside()}
	second.screen = second.connect()
	if first.env("DISPLAY") == second.env("DISPLAY") || first.env("DBUS_SESSION_BUS_ADDRESS") == second.env("DBUS_SESSION_BUS_ADDRESS") {
		t.Fatalf("one session: %s", first.env("DISPLAY"))
	}
	desks := []*desk{&first, &second}
	for _, d := range desks {
		d.tray = d.office.tray()
		d.sitDown()
	}
	if first.agent == second.agent {
		t.Fatal("the sessions share an agent")
	}

	everyone := namesOf(first.clients)
	everyone = append(everyone, addAtOnce(desks)...)
	for _, d := range desks {
		d.menuHas(d.tray, everyone...)
	}

	second.crosses(second.clients[1])
	at := second.copied()
	first.crosses(first.clients[2])
	first.kapu("lock")
	first.left("the lock of the first session")
	second.undisturbed("the lock of the first session", at)
	second.add("Későbbi Kft.")
	everyone = append(everyone, "Későbbi Kft.")
	first.sitDown()
	for _, d := range desks {
		d.menuHas(d.tray, everyone...)
	}

	second.crosses(second.clients[3])
	at = second.copied()
	start := time.Now()
	first.screen.Stop()
	first.untilGone(first.agent, start)
	first.trayLocked(first.tray)
	second.undisturbed("the disconnect of the first session", at)

	first.codeIsShown()

	second.kapu("lock")
	second.left("the lock of the second session")
	second.sitDown() // from the file, not from anybody's memory
	if got, want := strings.Count(second.kapu("list", "--json"), `"id"`), len(everyone); got != want {
		t.Errorf("the vault has %d clients, want %d", got, want)
	}
	second.menuHas(second.tray, everyone...)
	t.Logf("two sessions added %d clients at once, and all %d are there", 2*additions, len(everyone))
}

// codeIsShown comes back by a remote desktop without a clipboard, and then by one with: only the first needs digits.
func (d *desk) codeIsShown() {
	d.t.Helper()
	for _, d.without = range []bool{true, false} {
		d.screen = d.connect()
		d.sitDown()
		c := d.clients[5]
		copied := d.askAgent("copy-or-show", c.Name)
		if d.without && (copied.Reach != agent.OnlyHere || !slices.Contains(d.codes(c.Key), copied.Code)) {
			d.t.Errorf("without a clipboard: %+v", copied)
		}
		if !d.without && (copied.Reach != "" || copied.Code != "") {
			d.t.Errorf("with a clipboard: %+v", copied)
		}
		if text := d.insideClipboard(); !slices.Contains(d.codes(c.Key), text) {
			d.t.Errorf("in the session is %q", text)
		}
		d.kapu("lock")
		d.left("the lock, without a clipboard: " + fmt.Sprint(d.without))
		d.screen.Stop()
	}
}

// sitDown unlocks.
func (d *desk) sitDown() {
	d.t.Helper()
	d.kapu("unlock")
	d.agent = d.endpoint().PID
	d.menuHas(d.tray, namesOf(d.clients)...)
}

// add adds a client with a key of its own.
func (d *desk) add(name string) {
	d.t.Helper()
	if err := d.tryAdd(name); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) tryAdd(name string) error {
	cmd := d.inside(program, "add", name, "--folder", "Közös")
	cmd.Stdin = strings.NewReader(rand.Text()[:16] + "\n")
	_, err := output(cmd)
	return err
}

// addAtOnce lets the sessions add clients, each while the others do, and returns all their names.
func addAtOnce(desks []*desk) (names []string) {
	var all sync.WaitGroup
	for n, d := range desks {
		var own []string
		for i := range additions {
			own = append(own, fmt.Sprintf("Új %d/%d Bt.", n+1, i+1))
		}
		names = append(names, own...)
		all.Go(func() {
			for _, name := range own {
				if err := d.tryAdd(name); err != nil {
					d.t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	all.Wait()
	return names
}

// left checks that nothing of the session is open, and that no code of it is on its clipboards.
func (d *desk) left(after string) {
	d.t.Helper()
	if alive(d.agent) {
		d.t.Errorf("after %s its agent runs", after)
	}
	d.trayLocked(d.tray)
	if d.insideEmpty("after " + after); strings.Contains(d.menu(d.tray), "Kft.") {
		d.t.Errorf("after %s its menu has names", after)
	}
}

// undisturbed checks that the session goes on as before, with the code that the person's machine was given at a time.
func (d *desk) undisturbed(by string, at string) {
	d.t.Helper()
	if !alive(d.agent) || d.endpoint().PID != d.agent || d.locked() {
		d.t.Errorf("%s has ended the other session's agent", by)
	}
	if text, err := d.Clipboard(d.ctx); len(text) != 6 || d.copied() != at {
		d.t.Errorf("%s has taken the other session's code: %q, %v", by, text, err)
	}
	d.menuHas(d.tray, namesOf(d.clients)...)
}

func namesOf(clients []examples.Client) (names []string) {
	for _, c := range clients {
		names = append(names, c.Name)
	}
	return names
}
