//go:build linux

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/lang"
)

// Where a code cannot be pasted, or the person wants it so, the notice shows it, and only the notice does.
func TestCodeIsShownForTyping(t *testing.T) {
	onDisplay := desktop.Options{Keyring: true, Display: true, Notifications: true}
	for name, c := range map[string]struct {
		opts     desktop.Options
		env      []string
		settings string
		says     string
	}{
		"no display":          {desktop.Options{Keyring: true, Notifications: true}, nil, "", "a vágólap nem használható. Gépelje be a kódot."},
		"no remote clipboard": {onDisplay, []string{"XRDP_SESSION=1"}, "", "a kód csak itt, a távoli gépen van a vágólapon."},
		"always":              {onDisplay, nil, "[copy]\nshow_code = \"always\"\n", "kód a vágólapon"},
	} {
		t.Run(name, func(t *testing.T) {
			p := at(t, c.opts)
			p.env = append(p.env, c.env...)
			watcher, err := p.StartWatcher()
			p.must(err)
			t.Cleanup(watcher.Stop)
			p.settings(c.settings)
			clients := examples.Clients(3, 0)
			p.imports(clients)
			process, tray := p.tray()
			p.must(tray.ClickPath(p.ctx, clients[1].Name))
			n, err := p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool { return strings.Contains(n.Body, c.says) })
			p.must(err)
			good := slices.ContainsFunc(codes(t, clients[1].Key), func(code string) bool { return n.Summary == lang.Grouped(code) })
			if !good || !strings.Contains(n.Body, clients[1].Name) {
				t.Errorf("the notice is %+v", n)
			}
			if c.opts.Display {
				p.clipboardIs(clients[1].Key)
			}
			p.kapu("lock")
			p.waitLocked(tray)
			for p.Notifications().Open(n.ID) {
				time.Sleep(10 * time.Millisecond)
				if p.ctx.Err() != nil {
					t.Fatal("locked, and the notice with the code is still open")
				}
			}
			if digits := strings.ReplaceAll(n.Summary, " ", ""); strings.Contains(process.Output(), digits) {
				t.Error("the tray printed the code")
			}
		})
	}
}
