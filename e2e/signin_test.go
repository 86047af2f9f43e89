//go:build linux

package e2e

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// The user name is pasted into a window of each kind that people paste into, and the code comes by itself.
func TestTheCodeFollowsAPastedUserName(t *testing.T) {
	p := at(t, desktop.Options{Keyring: true, Display: true, Swing: true})
	clients := examples.Clients(3, 0)
	p.imports(clients)
	client := clients[1]
	const name = "kovacs" // as much as the Swing field takes
	p.kapu("edit", client.Name, "--user-name", name)
	for kind, open := range map[string]func(t *testing.T) (paste, stop func()){
		"GTK":      p.gtkField,
		"Java":     p.swingField,
		"Chromium": p.chromiumField,
	} {
		t.Run(kind, func(t *testing.T) {
			paste, stop := open(t)
			defer stop()
			said := p.kapu("copy", "--both", client.Name)
			if !strings.Contains(said, client.Name) || !strings.Contains(said, "Illessze be; utána a kód") {
				t.Errorf("said %q", said)
			}
			for range 3 { // a clipboard manager looks; nobody has pasted
				if text, err := p.Clipboard(p.ctx); err != nil || text != name {
					t.Fatalf("%q, %v", text, err)
				}
			}
			paste()
			p.clipboardIs(client.Key)
		})
	}
	if uses := strings.Count(p.kapu("log"), "kód másolva"); uses != 3 {
		t.Errorf("the log tells of %d uses", uses)
	}
}

// gtkField is a dialog with a text field.
func (p *person) gtkField(t *testing.T) (paste, stop func()) {
	const title = "Belépés a portálra"
	var typed bytes.Buffer
	cmd := p.Command(context.Background(), "zenity", "--entry", "--title="+title, "--text=Felhasználónév")
	cmd.Stdout = &typed
	done := start(t, cmd)
	p.must(p.FocusWindow(p.ctx, title))
	return func() { p.must(p.Key(p.ctx, "ctrl+v")) }, func() {
		p.must(p.Answer(p.ctx, title, ""))
		wait.For(t, "the dialog's end", done)
		if got := strings.TrimSpace(typed.String()); got != "kovacs" {
			t.Errorf("%q was pasted", got)
		}
	}
}

func (p *person) swingField(t *testing.T) (paste, stop func()) {
	field, err := p.SwingField(p.ctx)
	p.must(err)
	return func() {
		p.must(field.Paste(p.ctx))
		p.must(field.WaitText(p.ctx, "kovacs"))
	}, field.Stop
}

// chromiumField is a sign-in page in a browser with a profile in the desktop's home, which stays until all of the
// browser's processes have ended. The page's title is what its field holds.
func (p *person) chromiumField(t *testing.T) (paste, stop func()) {
	const page = `data:text/html,<title>Portal:</title><input autofocus oninput="document.title='Portal:'%2Bthis.value">`
	cmd := p.Command(context.Background(), "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu",
		"--app="+page)
	done := start(t, cmd)
	// The page takes keys once it has the focus, of which the screen does not tell, so it is asked for one until it shows
	// it. Not for the paste itself: what is pasted once more is the code.
	taken := func(pause time.Duration) bool {
		p.must(p.FocusWindow(p.ctx, "^Portal:"))
		p.must(p.Key(p.ctx, "x"))
		moment, cancel := context.WithTimeout(p.ctx, pause)
		defer cancel()
		return p.FocusWindow(moment, "^Portal:x") == nil
	}
	for pause := time.Second; !taken(pause); pause *= 2 {
	}
	return func() {
		p.must(p.Key(p.ctx, "ctrl+a", "ctrl+v"))
		p.must(p.FocusWindow(p.ctx, "^Portal:kovacs$"))
	}, func() { _ = cmd.Process.Kill(); <-done }
}

// start starts a program; what it returns is closed when that has ended.
func start(t *testing.T, cmd *exec.Cmd) <-chan struct{} {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	return done
}

// From the tray, by mouse: the submenu puts the user name there, the paste brings the code, and both notices come. The
// same row twice is the code without a paste.
func TestUserNameThenCodeFromTheTray(t *testing.T) {
	p := at(t, full)
	clients := examples.Clients(300, 6)
	p.imports(clients)
	client := find(t, clients, "Kovács & Társa")
	p.kapu("edit", client.Name, "--user-name", "kovacs", "--favourite")
	_, tray := p.tray()
	row := []string{"Felhasználónév, majd kód", client.Name}
	_, err := tray.WaitItem(p.ctx, row...)
	p.must(err)
	paste, stop := p.gtkField(t)
	p.must(tray.MousePath(p.ctx, row...))
	p.must(p.WaitClipboard(p.ctx, "kovacs"))
	told := func(what string) {
		t.Helper()
		_, err := p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool {
			return strings.HasPrefix(n.Body, client.Name+": "+what)
		})
		p.must(err)
	}
	told("felhasználónév a vágólapon. Illessze be; utána a kód kerül a vágólapra.")
	p.must(p.FocusWindow(p.ctx, "Belépés a portálra"))
	paste()
	p.clipboardIs(client.Key)
	told("kód a vágólapon, ")
	stop()

	p.must(tray.MousePath(p.ctx, row...))
	p.must(p.WaitClipboard(p.ctx, "kovacs"))
	p.must(tray.MousePath(p.ctx, row...))
	p.clipboardIs(client.Key)
}
