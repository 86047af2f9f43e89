//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

var full = desktop.Options{Keyring: true, Panel: desktop.Xfce, Notifications: true}

// The main road: an exported list of 300 clients, the icon, the menu, a click by mouse, the code; locked, and gone.
func TestFromListToCode(t *testing.T) {
	p := at(t, full)
	clients := examples.Clients(300, 5)
	p.imports(clients)
	p.kapu("lock")

	_, tray := p.tray()
	p.must(tray.WaitShown(p.ctx))
	p.waitLocked(tray)
	p.picture("1-locked")
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))

	wanted := find(t, clients, "Kovács & Társa")
	path := p.pathOf(tray, wanted)
	p.must(tray.HoverPath(p.ctx, path...))
	p.picture("2-menu")
	p.must(p.CloseMenus(p.ctx))
	p.must(tray.MousePath(p.ctx, path...))
	p.clipboardIs(wanted.Key)
	p.picture("3-copied")

	said, err := p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool {
		return strings.Contains(n.Summary+n.Body, "Kovács &")
	})
	p.must(err)
	digits, _ := p.Clipboard(p.ctx)
	if strings.Contains(said.Summary+said.Body, digits) {
		t.Errorf("the notice shows the code: %+v", said)
	}
	targets, err := p.Targets(p.ctx)
	p.must(err)
	if !slices.Contains(targets, "x-kde-passwordManagerHint") {
		t.Errorf("not marked as a secret: %v", targets)
	}

	// The client stands among the recent ones now, in front of the folders.
	_, err = tray.WaitItem(p.ctx, wanted.Name)
	p.must(err)

	agent := p.agentPID()
	p.must(tray.ClickPath(p.ctx, "Zárolás"))
	p.waitLocked(tray)
	p.nothingLeft(tray, clients, agent)
	p.picture("4-locked-again")
}

// nothingLeft checks that a lock holds: no process with keys, no name in the menu, no code on the clipboard.
func (p *person) nothingLeft(tray *desktop.Tray, clients []examples.Client, agent int) {
	p.t.Helper()
	waitGone(p.t, agent)
	if agent == 0 || p.agentPID() != 0 {
		p.t.Errorf("an agent still runs (%d, %d)", agent, p.agentPID())
	}
	if text, _ := p.Clipboard(p.ctx); text != "" {
		p.t.Errorf("the clipboard holds %q", text)
	}
	items, err := tray.Menu() // hidden items too
	p.must(err)
	outline := everything(items)
	for _, c := range clients {
		if strings.Contains(outline, c.Name) {
			p.t.Errorf("the locked menu knows %q", c.Name)
		}
	}
}

func everything(items []desktop.Item) string {
	var b strings.Builder
	for _, i := range items {
		b.WriteString(i.Label + "\n" + everything(i.Children))
	}
	return b.String()
}

// pathOf returns the labels that lead to a client through the folder's submenus.
func (p *person) pathOf(tray *desktop.Tray, c examples.Client) (path []string) {
	p.t.Helper()
	p.must(tray.WaitMenu(p.ctx, "the folder of "+c.Name, func(items []desktop.Item) bool {
		desktop.Walk(items, func(at []string, item desktop.Item) {
			if len(at) > 1 && item.Label == c.Name && strings.HasPrefix(at[0], c.Folder) {
				path = at
			}
		})
		return path != nil
	}))
	return path
}

func (p *person) clipboardIs(key string) {
	p.t.Helper()
	wait.Until(p.t, "the code on the clipboard", func() bool {
		text, _ := p.Clipboard(p.ctx)
		return slices.Contains(codes(p.t, key), text)
	})
	p.step()
}

// picture keeps a screenshot where KAPU_PICTURES says, for the person who wants to look and for the README.
func (p *person) picture(name string) {
	p.t.Helper()
	if dir := os.Getenv("KAPU_PICTURES"); dir != "" {
		p.must(p.Screenshot(p.ctx, filepath.Join(dir, name+".png")))
	}
}

// A field as in ÁNYK takes six characters and drops anything longer: the code arrives whole.
func TestPasteIntoALimitedField(t *testing.T) {
	opts := full
	opts.Swing = true
	p := at(t, opts)
	clients := examples.Clients(3, 0)
	p.imports(clients)
	_, tray := p.tray()
	field, err := p.SwingField(p.ctx)
	p.must(err)
	defer field.Stop()
	p.must(tray.ClickPath(p.ctx, clients[0].Name))
	p.clipboardIs(clients[0].Key)
	p.must(field.Paste(p.ctx))
	code, _ := p.Clipboard(p.ctx)
	p.must(field.WaitText(p.ctx, code))
}

// The clipboard is cleared in time, but only if the code is still on it.
func TestClipboardIsClearedIfStillOurs(t *testing.T) {
	p := at(t, full)
	p.settings("[copy]\nclear_after = \"5s\"\n")
	clients := examples.Clients(2, 0)
	p.imports(clients)
	wait.Until(t, "the code on the clipboard", func() bool { // on a busy machine it may have been cleared before we look
		p.kapu("copy", clients[0].Name)
		text, _ := p.Clipboard(p.ctx)
		return slices.Contains(codes(t, clients[0].Key), text)
	})
	p.must(p.WaitClipboard(p.ctx, ""))

	p.kapu("copy", clients[0].Name)
	p.must(p.SetClipboard(p.ctx, "mine"))
	time.Sleep(6 * time.Second)
	if text, _ := p.Clipboard(p.ctx); text != "mine" {
		t.Errorf("the clipboard holds %q", text)
	}
	p.kapu("lock")
	if text, _ := p.Clipboard(p.ctx); text != "mine" {
		t.Errorf("after locking it holds %q", text)
	}
}

// The panel restarts, as it does after an update: the icon is there again.
func TestPanelRestart(t *testing.T) {
	p := at(t, full)
	p.imports(examples.Clients(2, 0))
	_, tray := p.tray()
	p.must(tray.WaitShown(p.ctx))
	p.must(p.RestartPanel(p.ctx))
	p.must(tray.WaitShown(p.ctx))
}

// The agent is killed: the tray goes on, locked, and unlocks again.
func TestAgentIsKilled(t *testing.T) {
	p := at(t, full)
	clients := examples.Clients(3, 0)
	p.imports(clients)
	p.kapu("lock")
	_, tray := p.tray()
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	_, err := tray.WaitItem(p.ctx, clients[0].Name)
	p.must(err)
	p.must(syscall.Kill(p.agentPID(), syscall.SIGKILL))
	p.waitLocked(tray)
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	p.must(tray.ClickPath(p.ctx, clients[0].Name))
	p.clipboardIs(clients[0].Key)
}

// An agent that the tray started ends with the tray, however the tray ends.
func TestAgentEndsWithItsTray(t *testing.T) {
	for _, how := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(how.String(), func(t *testing.T) {
			p := at(t, full)
			clients := examples.Clients(3, 0)
			p.imports(clients)
			p.kapu("lock")
			process, tray := p.tray()
			p.must(tray.ClickPath(p.ctx, "Feloldás…"))
			_, err := tray.WaitItem(p.ctx, clients[0].Name)
			p.must(err)
			agent := p.agentPID()
			p.must(process.Signal(how))
			waitGone(t, agent)
		})
	}
}

// alive says whether a process still has memory. One that has ended and whose end nobody has asked for has none.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if pid == 0 || err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z") && !strings.HasPrefix(after, "X")
}

func waitGone(t *testing.T, pid int) {
	t.Helper()
	wait.Until(t, fmt.Sprintf("the end of process %d", pid), func() bool { return !alive(pid) })
}

// Locking waits for nothing: after `kapu lock` returns, the process is gone.
func TestLockedMeansGone(t *testing.T) {
	p := at(t, full)
	p.imports(examples.Clients(3, 0))
	agent := p.agentPID()
	p.kapu("lock")
	if agent == 0 || alive(agent) {
		t.Errorf("the agent %d is still there", agent)
	}
}
