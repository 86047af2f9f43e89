//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/examples"
)

// A machine is copied with all that is on it, as an image of a virtual desktop is: the copy is told so, in the menu
// too, and the machine that was there first goes on.
func TestClonedMachine(t *testing.T) {
	s := &site{address: filepath.Join(t.TempDir(), "megosztott")}
	owner, twin := comes(t, s), comes(t, s)
	owner.must(os.Mkdir(s.address, 0o700))
	clients := examples.Clients(2, 0)
	owner.imports(clients)
	owner.kapu("office", "create", s.address, "--office", "Kis Iroda", "--name", "Anna")
	owner.kapu("lock")

	twin.StopKeyring()
	for _, part := range []string{"kapu", filepath.Join(".local", "share", "keyrings")} {
		to := filepath.Join(twin.Home(), part)
		twin.must(os.RemoveAll(to))
		twin.must(os.CopyFS(to, os.DirFS(filepath.Join(owner.Home(), part))))
	}
	twin.must(twin.StartKeyring(twin.ctx))

	owner.opensTray()
	owner.kapu("unlock")
	owner.kapu("code", clients[0].Name)
	owner.kapu("office", "sync")
	twin.opensTray()
	twin.kapu("unlock")
	twin.kapu("code", clients[1].Name)
	if err := twin.command("office", "sync").Run(); err == nil {
		t.Error("the copy is in step with the office")
	}
	const sentence = "egy másik gép is használja: lemásolták"
	twin.told(sentence)
	const row = "Az iroda nem frissül ezen a gépen…"
	twin.row(row)
	// A click opens the page. There is no browser for it here, so it says what is the matter once more.
	if link := twin.kapu("open", "office", "--link"); !strings.HasPrefix(link, "http") {
		t.Errorf("the page of the office is at %q", link)
	}
	times := func() (n int) {
		for _, note := range twin.Notifications().Sent() {
			if strings.Contains(note.Body, sentence) {
				n++
			}
		}
		return n
	}
	before := times()
	twin.must(twin.icon.ClickPath(twin.ctx, row))
	twin.until("a click on the row says what is the matter", func() bool { return times() > before })

	twin.kapu("office", "leave", "--yes")
	twin.until("the row is gone", func() bool { return !twin.shows(row) })
	owner.kapu("office", "sync")
	if owner.shows(row) || len(owner.has()) != len(clients) {
		t.Errorf("the machine that was there first has %v", owner.has())
	}
}
