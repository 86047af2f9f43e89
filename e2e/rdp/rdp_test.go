//go:build linux

package rdp

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// rounds of copying and locking: a clearing that is only mostly quick enough shows itself.
const rounds = 20

// The person works in a remote session: the code reaches the machine in front of them, a lock takes it away from
// both machines, and when they go away the vault is locked and stays locked.
func TestRemoteDesktop(t *testing.T) {
	o := open(t)
	screen := o.connect()
	o.configure()
	if out := o.kapu("import", "export.txt"); !strings.Contains(out, "30 új") {
		t.Fatal(out)
	}
	o.must(os.Remove(filepath.Join(o.person.home, "export.txt")))
	o.kapu("lock")
	tray := o.tray()
	o.trayLocked(tray)
	o.doctor()

	o.kapu("unlock")
	t.Logf("the code was on the person's machine %v after it was copied", ms(o.crosses(o.clients[3])))
	o.strangerGetsNothing()
	o.locksBothClipboards()

	o.kapu("unlock")
	o.crosses(o.clients[4])
	agent := o.endpoint().PID
	start := time.Now()
	o.must(screen.Signal(os.Kill))
	t.Logf("from the disconnect to the agent's end: %v", ms(o.untilGone(agent, start)))
	o.noAgent()
	if text := o.insideClipboard(); text != "" {
		t.Errorf("after the disconnect the session's clipboard holds %q", text)
	}
	o.trayLocked(tray)
	if text, _ := o.Clipboard(o.ctx); text != "" {
		t.Errorf("after the disconnect the person's machine holds %q", text)
	}

	o.connect() // the same session: its tray is still there
	if !o.locked() {
		t.Error("unlocked by itself when the person came back")
	}
	o.noAgent()
	o.trayLocked(tray)
	o.killedKeepsTheCode()

	o.kapu("unlock")
	o.crosses(o.clients[5])
	at := o.copied()
	o.kapu("lock")
	if _, forgot := o.forgets(at); !forgot {
		t.Error("after the last lock the person's machine keeps the code")
	}
	ctx, cancel := context.WithTimeout(o.ctx, time.Second) // as a paste would: see copied
	defer cancel()
	if text, _ := o.ClipboardAs(ctx, "UTF8_STRING"); len(text) > 0 {
		t.Errorf("after the last lock the person's machine holds %q", text)
	}
}

// killedKeepsTheCode shows that forgets can tell: an agent that is killed has no time to clear anything.
func (o *office) killedKeepsTheCode() {
	o.t.Helper()
	o.kapu("unlock")
	o.crosses(o.clients[6])
	at := o.copied()
	o.must(syscall.Kill(o.endpoint().PID, syscall.SIGKILL))
	time.Sleep(300 * time.Millisecond)
	text, _ := o.Clipboard(o.ctx)
	if o.copied() != at || text == "" {
		o.t.Error("the person's machine forgot the code though nobody cleared it: this test cannot tell")
	}
}

// locksBothClipboards copies and locks again and again; each time the person's own machine must forget the code,
// though the process that put it there is gone at once.
func (o *office) locksBothClipboards() {
	o.t.Helper()
	var kept int
	var slowest time.Duration
	for i := range rounds {
		c := o.clients[i]
		o.kapu("unlock")
		o.crosses(c)
		at := o.copied()
		o.kapu("lock")
		took, forgot := o.forgets(at)
		if !forgot {
			kept++
		}
		slowest = max(slowest, took)
		if text := o.insideClipboard(); text != "" {
			o.t.Errorf("after the lock the session's clipboard holds %q", text)
		}
	}
	o.t.Logf("locked %d times: the person's machine forgot the code %d times, the slowest %v after the lock", rounds, rounds-kept, ms(slowest))
	if kept > 0 {
		o.t.Errorf("in %d of %d rounds the person's machine kept the code", kept, rounds)
	}
}

// doctor says that this desktop tells of the disconnect.
func (o *office) doctor() {
	o.t.Helper()
	var findings []struct{ Check, State, Detail string }
	out, _ := o.inside(program, "doctor", "--json").Output() // fails for what this machine lacks otherwise
	o.must(json.Unmarshal([]byte(out), &findings))
	for _, f := range findings {
		if f.Check == "lock-disconnected" {
			o.t.Logf("doctor: %s: %s", f.State, f.Detail)
			if f.State != "ok" || !strings.Contains(f.Detail, "xrdp") {
				o.t.Errorf("doctor: %+v", f)
			}
			return
		}
	}
	o.t.Errorf("the doctor says nothing of a disconnect: %s", out)
}

func ms(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
