package tray

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/agent"
	bench "kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// However many clients there are, the menu fits a real panel's screen of 1280 by 800: the mouse reaches the client who
// is deepest in it, and the lock at its end; also on a panel that starts again. It lacks no row.
func TestManyClientsOnARealPanel(t *testing.T) {
	for name, tt := range map[string]struct{ clients, folders int }{
		"2000 in 40 folders": {2000, 40}, "300 in 6 folders": {300, 6}, "1800 without folders": {1800, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktoptest.Start(t, bench.Options{Panel: bench.Xfce, Notifications: true})
			p := start(t, d, true, true)
			r := rand.New(rand.NewPCG(3, 3))
			all := unlocked(randomClients(r, tt.clients, func(i int) string {
				if tt.folders == 0 {
					return ""
				}
				return fmt.Sprint("Mappa ", i%tt.folders+1)
			})...).clients
			for i := range all {
				all[i].UserName = "anna"
				if i%100 == 0 {
					all[i].Favourite = true
				}
				if i%100 == 1 {
					all[i].LastUsed = time.Now().Add(-time.Duration(i) * time.Hour)
				}
			}
			p.order(order{Agent: yes(), Clients: all, Due: 3, Unkept: true, Office: &agent.OfficeStatus{Admin: true, Requests: 1}})
			path := deepest(build(unlocked(all...)).folders)
			if _, err := p.WaitItem(desktoptest.Context(t), path...); err != nil {
				t.Fatal(err)
			}
			picture := func(step string, path ...string) {
				t.Helper()
				if err := p.HoverPath(desktoptest.Context(t), path...); err != nil {
					t.Fatal(err)
				}
				if dir := os.Getenv("DESKTOP_SHOTS"); dir != "" {
					file := strings.ReplaceAll(name, " ", "-") + "-" + step + ".png"
					if err := d.Screenshot(desktoptest.Context(t), filepath.Join(dir, file)); err != nil {
						t.Error(err)
					}
				}
				if err := d.CloseMenus(desktoptest.Context(t)); err != nil {
					t.Fatal(err)
				}
			}
			picture("deep", path...)
			picture("sign-in", "Felhasználónév, majd kód", all[0].Label())
			if err := p.MousePath(desktoptest.Context(t), path...); err != nil {
				t.Fatal(err)
			}
			p.prints("copy ")
			if err := d.RestartPanel(desktoptest.Context(t)); err != nil {
				t.Fatal(err)
			}
			if err := p.MousePath(desktoptest.Context(t), path...); err != nil {
				t.Fatal(err)
			}
			p.printsTimes("copy ", 2)
			if err := p.MousePath(desktoptest.Context(t), "Zárolás"); err != nil {
				t.Fatal(err)
			}
			p.prints("lock")
			if list := d.Repairs(); len(list) > 0 {
				t.Errorf("the panel lacked rows: %q", list)
			}
		})
	}
}

// deepest is the way to the last client of the deepest submenu.
func deepest(rows []row) (path []string) {
	for _, r := range rows {
		if below := append([]string{r.label}, deepest(r.rows)...); len(below) >= len(path) {
			path = below
		}
	}
	return path
}
