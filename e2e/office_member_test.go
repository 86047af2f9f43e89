//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// member is a person of the office with their tray.
type member struct {
	*person
	icon *desktop.Tray
}

func comes(t *testing.T, s *site) *member {
	t.Helper()
	p := at(t, full)
	p.env = s.env
	p.settings("[office]\npoll = \"2s\"\n[copy]\nfresh_for = \"0s\"\n")
	return &member{person: p}
}

func (m *member) opensTray() {
	m.t.Helper()
	_, m.icon = m.tray()
}

// says runs a command that must succeed, with something on its standard input.
func (m *member) says(in string, args ...string) string {
	m.t.Helper()
	cmd := m.command(args...)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		m.t.Fatalf("kapu %s: %v: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// joins asks to be let in and returns what is said of it. The invitation and the keys come by the prompt.
func (m *member) joins(s *site, invitation string) string {
	m.t.Helper()
	return m.says(invitation+s.keys, append([]string{"office", "join", "--no-wait"}, s.flags()...)...)
}

// until waits for something to come about.
func (m *member) until(what string, so func() bool) {
	m.t.Helper()
	wait.Until(m.t, what, so)
	m.step()
}

// row waits for a row of the menu.
func (m *member) row(path ...string) {
	m.t.Helper()
	_, err := m.icon.WaitItem(m.ctx, path...)
	m.must(err)
}

// shows says whether a text is anywhere in the menu that the person sees.
func (m *member) shows(text string) bool {
	m.t.Helper()
	items, err := m.icon.Menu()
	m.must(err)
	return strings.Contains(desktop.Outline(items), text)
}

// has is what `kapu list` knows of each client, by name.
func (m *member) has() map[string]string {
	m.t.Helper()
	var clients []struct {
		Name      string `json:"name"`
		TaxNumber string `json:"tax_number"`
		Folder    string `json:"folder"`
	}
	m.must(json.Unmarshal([]byte(m.kapu("list", "--json")), &clients))
	list := map[string]string{}
	for _, c := range clients {
		list[c.Name] = strings.TrimSpace(c.Folder + " " + c.TaxNumber)
	}
	return list
}

// copies clicks a client in the menu until the code is the one that oathtool makes: a row that has only just become
// this client's is not taken for one that was meant.
func (m *member) copies(c examples.Client) {
	m.t.Helper()
	m.until("the code of "+c.Name+" is on the clipboard", func() bool {
		m.must(m.icon.ClickPath(m.ctx, m.pathOf(m.icon, c)...))
		for range 20 {
			if text, _ := m.Clipboard(m.ctx); slices.Contains(codes(m.t, c.Key), text) {
				return true
			}
			time.Sleep(50 * time.Millisecond)
		}
		return false
	})
}

// opens clicks a row until its dialog is there: one that has just been closed may not be quite gone yet.
func (m *member) opens(row string) {
	m.t.Helper()
	patience := time.Second
	m.until("the dialog is open", func() bool {
		m.must(m.icon.ClickPath(m.ctx, row))
		patience *= 2
		moment, cancel := context.WithTimeout(m.ctx, patience)
		defer cancel()
		return m.FocusWindow(moment, asking) == nil
	})
}

// books are the files of codes on the person's machine.
func (m *member) books() []string {
	books, _ := filepath.Glob(filepath.Join(m.home(), "office", "book-*"))
	return books
}

// look keeps a screenshot of the menu, open at a row, where pictures are wanted.
func (m *member) look(name string, path ...string) {
	m.t.Helper()
	if os.Getenv("KAPU_PICTURES") == "" {
		return
	}
	m.must(m.icon.WaitShown(m.ctx))
	m.must(m.icon.HoverPath(m.ctx, path...))
	m.picture(name)
	m.must(m.CloseMenus(m.ctx))
}

// sixWords cuts them out of a text that ends with them.
func sixWords(text string) string {
	words := strings.Fields(text)
	return strings.TrimSuffix(strings.Join(words[max(0, len(words)-6):], " "), ".")
}
