//go:build linux

package wine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	edgeKey    = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\msedge.exe`
	defaultKey = `HKCR\http\shell\open\command`
)

// search opens the page in the browser that Windows names, and the quick search by keys pressed in another program.
func (m *machine) search(t *testing.T) {
	m.build("msedge.exe", "kapu/e2e/wine/msedge", "")
	edge := "Z:" + strings.ReplaceAll(filepath.Join(m.Dir, "msedge.exe"), "/", `\`)
	m.kapu("unlock")
	m.must(os.WriteFile(m.Drive("kapu/config.toml"), []byte("language = \"hu\"\n"), 0o600))

	m.run("reg", "add", defaultKey, "/ve", "/f", "/d", edge+" %1")
	m.kapu("open")
	if said := m.browser(); !strings.HasPrefix(said[0], "http://kapu-") || len(said) != 2 {
		t.Errorf("the person's browser was told %q", said)
	}
	m.run("reg", "add", edgeKey, "/ve", "/f", "/d", edge)
	m.kapu("open")
	if said := m.browser(); !strings.HasPrefix(said[0], "--app=http://kapu-") {
		t.Errorf("Edge was told %q", said)
	}

	m.must(m.withInput("2580\n", "protect", "pin"))
	m.kapu("lock")
	tray, err := m.Launch(m.command("kapuw.exe"))
	m.must(err)
	editor, err := m.Launch(m.command("notepad"))
	m.must(err)
	m.wait("the tray", func() bool { return m.post("SystrayClass", "0", "0", "0") == 1 })
	m.wait("the question", func() bool {
		// The keys are asked for a moment after the icon is there, and Wine hears of a window's focus after X does:
		// keys pressed too early are lost, as a person's are, who presses them again.
		if m.focus("Notepad$") != nil {
			return false
		}
		m.must(m.Key(m.ctx, "ctrl+alt+shift+k"))
		return m.focus("^Kapu$") == nil
	})
	out, err := m.output("messages.exe", "texts", "Kapu")
	m.must(err)
	if !strings.Contains(out, "PIN-kód:\n") || !strings.Contains(out, "OK\nMégse\n") {
		t.Errorf("the question is %q", out)
	}
	m.must(m.Type(m.ctx, "2580"))
	m.must(m.Key(m.ctx, "Return"))
	if said := strings.Join(m.browser(), "\n"); !strings.Contains(said, "--window-size=460,520") {
		t.Errorf("for the search the browser was told %q", said)
	}
	if m.status().Locked {
		t.Error("the search has locked the vault")
	}
	editor.Stop()
	m.post("SystrayClass", "0x10", "0", "0")
	m.wait("the tray's end", func() bool { return len(m.Processes("kapuw.exe")) == 0 })
	m.must(tray.Wait(m.ctx))
	m.gone("the tray's end")
}

// focus gives a window the keyboard, if it comes within some seconds.
func (m *machine) focus(title string) error {
	moment, cancel := context.WithTimeout(m.ctx, 10*time.Second)
	defer cancel()
	return m.FocusWindow(moment, title)
}

// browser waits until the browser was called, and returns what it was told and, last, what the page answered.
func (m *machine) browser() (said []string) {
	m.t.Helper()
	note := filepath.Join(m.Dir, "msedge.exe.txt")
	m.wait("the browser", func() bool {
		text, err := os.ReadFile(note)
		said = strings.Split(string(text), "\n")
		return err == nil
	})
	m.must(os.Remove(note))
	if answer := said[len(said)-1]; answer != "200 OK" {
		m.t.Errorf("the page answered %s", answer)
	}
	return said
}
