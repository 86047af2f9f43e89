//go:build linux

package e2e

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// On a bare session bus with a stand-in for the tray's host: no display is needed to read the whole menu and to
// click in it.
func TestMenuOnABareBus(t *testing.T) {
	p := at(t, desktop.Options{Keyring: true, Notifications: true})
	clients := examples.Clients(200, 4)
	clients = append(clients,
		examples.Client{Name: strings.Repeat("Hosszú nevű ", 16) + "Kft.", Folder: "Kft-k", Key: "JBSWY3DPEHPK3PXP"},
		examples.Client{Name: "חברה בע״מ", Folder: "Kft-k", Key: "GEZDGNBVGY3TQOJQ"},
		examples.Client{Name: "Iker Bt.", Folder: "Kft-k", Key: "MFRGGZDFMZTWQ2LK"},
		examples.Client{Name: "Iker Bt.", Folder: "Kft-k", Key: "KRUGKIDROVUWG2ZA"},
	)
	p.imports(clients)

	// There is no host yet: the program says so once and goes on.
	process, tray := p.tray()
	wait.Until(t, "a word that there is no host", func() bool { return process.Output() != "" })
	time.Sleep(500 * time.Millisecond)
	said := process.Output()
	watcher, err := p.StartWatcher()
	p.must(err)
	p.must(watcher.WaitItems(p.ctx, 1))
	if n := strings.Count(said, "\n"); n != 1 {
		t.Errorf("without a host it said %d lines: %q", n, said)
	}

	// Every client is in the menu, under its folder, by its exact name.
	p.must(tray.WaitMenu(p.ctx, "all clients", func(items []desktop.Item) bool {
		shown := map[string]int{}
		desktop.Walk(items, func(path []string, row desktop.Item) {
			if len(path) > 1 && !row.Submenu {
				shown[row.Label]++
			}
		})
		for _, c := range clients {
			if c.Name != "Iker Bt." && shown[c.Name] != 1 {
				return false
			}
		}
		return len(shown) == len(clients)
	}))
	items, err := tray.Menu()
	p.must(err)
	outline := desktop.Outline(items)
	desktop.Walk(items, func(path []string, row desktop.Item) {
		if n := len(desktop.Visible(row.Children)); n > 25 {
			t.Errorf("%q has %d rows", path, n)
		}
	})
	if strings.Count(outline, "Iker Bt.") != 2 || strings.Contains(outline, "Iker Bt.\n") {
		t.Errorf("the two of one name are not told apart:\n%s", outline)
	}
	for _, want := range []string{"Zárolás", "Kilépés"} {
		if !strings.Contains(outline, want) {
			t.Errorf("no %q in\n%s", want, outline)
		}
	}

	// A click without a clipboard is a sentence, not silence.
	wanted := find(t, clients, "חברה")
	p.must(tray.ClickPath(p.ctx, p.pathOf(tray, wanted)...))
	_, err = p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool {
		return strings.Contains(n.Summary+n.Body, "a vágólap nem használható")
	})
	p.must(err)

	agent := p.agentPID()
	p.must(tray.ClickPath(p.ctx, "Zárolás"))
	p.waitLocked(tray)
	waitGone(p.t, agent)
	items, err = tray.Menu()
	p.must(err)
	for _, c := range clients {
		if strings.Contains(everything(items), c.Name) {
			t.Errorf("the locked menu knows %q", c.Name)
		}
	}

	// What is unlocked elsewhere in the session shows here.
	p.kapu("unlock")
	_, err = tray.WaitItem(p.ctx, p.pathOf(tray, wanted)...)
	p.must(err)
	p.must(tray.ClickPath(p.ctx, "Kilépés"))
	p.must(process.Wait(p.ctx))
}

// quiet waits until nothing follows the first layout any more.
func (p *person) quiet(tray *desktop.Tray) {
	p.t.Helper()
	counter, err := tray.CountSignals()
	p.must(err)
	defer counter.Stop()
	for before := -1; ; {
		now, err := counter.Total()
		p.must(err)
		if now == before {
			return
		}
		before = now
		time.Sleep(time.Second)
	}
}

// One changed client costs at most ten signals, wherever it moves in its folder.
func TestOneChangeIsFewSignals(t *testing.T) {
	p := at(t, desktop.Options{Keyring: true})
	_, err := p.StartWatcher()
	p.must(err)
	clients := examples.Clients(200, 10) // 20 a folder, so that none is split
	p.imports(clients)
	_, tray := p.tray()
	p.pathOf(tray, clients[199])
	_, err = tray.Menu()
	p.must(err)
	p.quiet(tray)
	for _, change := range []struct {
		what string
		args []string
		name string
	}{
		{"renamed in place", []string{"edit", clients[50].Name, "--name", clients[50].Name + " 2"}, clients[50].Name + " 2"},
		{"renamed to the end", []string{"edit", clients[60].Name, "--name", "Zsuzsa Virág Kft."}, "Zsuzsa Virág Kft."},
		{"renamed to the start", []string{"edit", clients[70].Name, "--name", "Aba Kft."}, "Aba Kft."},
		{"moved to another folder", []string{"edit", clients[80].Name, "--folder", clients[81].Folder}, clients[80].Name},
	} {
		counter, err := tray.CountSignals()
		p.must(err)
		p.kapu(change.args...)
		p.must(tray.WaitMenu(p.ctx, change.what, func(items []desktop.Item) bool {
			return strings.Contains(desktop.Outline(items), change.name)
		}))
		time.Sleep(300 * time.Millisecond)
		n, err := counter.Total()
		p.must(err)
		counter.Stop()
		t.Logf("%s: %d signals", change.what, n)
		if n > 10 {
			t.Errorf("%s: %d signals", change.what, n)
		}
	}
}
