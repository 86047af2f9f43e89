//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"kapu/internal/examples"
	"kapu/internal/need"
	"kapu/internal/wait"
)

// sweeperPID is the process that clears the clipboard after the agent, or 0.
func (p *person) sweeperPID() int {
	for _, pid := range kapuProcesses(p.home()) {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if bytes.HasSuffix(line, []byte("\x00sweep\x00")) {
			return pid
		}
	}
	return 0
}

// Diodon puts back what was on a clipboard that becomes empty. After a lock, and after the agent was killed, the code
// does not come back; what the person copies next stays, and ends the process that saw to it.
func TestCodeDoesNotComeBack(t *testing.T) {
	need.Program(t, "diodon", "diodon")
	for name, end := range map[string]func(p *person, agent int){
		"locked": func(p *person, _ int) { p.kapu("lock") },
		"killed": func(p *person, agent int) { p.must(syscall.Kill(agent, syscall.SIGKILL)) },
	} {
		t.Run(name, func(t *testing.T) {
			p := at(t, full)
			clients := examples.Clients(3, 0)
			p.imports(clients)
			_, err := p.Launch(p.Command(p.ctx, "diodon"))
			p.must(err)
			p.kapu("copy", clients[0].Name)
			p.clipboardIs(clients[0].Key)
			agent := p.agentPID()
			wait.Until(t, "the sweeper", func() bool { return p.sweeperPID() != 0 })
			time.Sleep(200 * time.Millisecond) // until it has been told, beside the copying, what to clear
			end(p, agent)
			waitGone(t, agent)
			p.must(p.WaitClipboard(p.ctx, ""))
			for start := time.Now(); time.Since(start) < 2*time.Second; time.Sleep(50 * time.Millisecond) {
				if text, err := p.Clipboard(p.ctx); text != "" || err != nil {
					t.Fatalf("the clipboard holds %d bytes, %v", len(text), err)
				}
			}
			sweeper := p.sweeperPID()
			if sweeper == 0 {
				t.Fatal("nobody keeps the clipboard empty")
			}
			p.must(p.SetClipboard(p.ctx, "mine"))
			waitGone(t, sweeper)
			if text, err := p.Clipboard(p.ctx); text != "mine" || err != nil {
				t.Errorf("what was copied next is %q, %v", text, err)
			}
		})
	}
}

// The sweeper of an agent that has ended leaves what its successor copies alone, though it may be the same text.
func TestSweeperLeavesTheNextAgentAlone(t *testing.T) {
	p := at(t, full)
	clients := examples.Clients(3, 0)
	p.imports(clients)
	copyName := func() {
		t.Helper()
		p.kapu("copy", "--user-name", clients[0].Name)
	}
	p.kapu("edit", clients[0].Name, "--user-name", "kovacs.b")
	copyName()
	p.must(p.WaitClipboard(p.ctx, "kovacs.b"))
	p.kapu("lock")
	p.must(p.WaitClipboard(p.ctx, ""))
	first := p.sweeperPID()
	p.kapu("unlock")
	copyName()
	waitGone(t, first)
	if text, err := p.Clipboard(p.ctx); text != "kovacs.b" || err != nil {
		t.Errorf("the clipboard holds %q, %v", text, err)
	}
	wait.Until(t, "its own sweeper", func() bool { return p.sweeperPID() != 0 })
}
