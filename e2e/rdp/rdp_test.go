//go:build linux

package rdp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// rounds of copying and locking: a clearing that is only mostly quick enough shows itself. Each crosses twice.
const rounds = 50

// The person works in a remote session: the code reaches the machine in front of them, a lock takes it away from
// both machines, and when they go away the vault is locked and stays locked.
func TestRemoteDesktop(t *testing.T) {
	o := open(t)
	screen := o.connect()
	o.configure("30s")
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

	for how, sig := range []os.Signal{os.Kill, syscall.SIGTERM} { // a broken line, and a closed window
		o.disconnects(screen, sig, o.clients[4+how])
		o.trayLocked(tray)
		screen = o.connect() // the same session: its tray is still there
		if !o.locked() {
			t.Error("unlocked by itself when the person came back")
		}
		o.noAgent()
		o.trayLocked(tray)
	}
	o.clearsForTheKilled("beside a running tray")
	tray.Stop()
	o.clearsForTheKilled("without a tray")
	o.killedKeepsTheCode()
	o.clearsInTime()
}

// disconnects goes away with a code on the clipboard.
func (o *office) disconnects(screen *desktop.Process, how os.Signal, c examples.Client) {
	o.t.Helper()
	o.kapu("unlock")
	o.crosses(c)
	agent := o.endpoint().PID
	start := time.Now()
	o.must(screen.Signal(how))
	o.t.Logf("from the disconnect (%v) to the agent's end: %v", how, ms(o.untilGone(agent, start)))
	o.noAgent()
	if !o.locked() {
		o.t.Error("after the disconnect the vault is open")
	}
	<-screen.Done() // with its window, and what it offered
	o.insideEmpty("after the disconnect")
	o.outsideEmpty("after the disconnect")
}

// clearsInTime looks at what the person's machine gets when the time is up: emptiness, and not silence.
func (o *office) clearsInTime() {
	o.t.Helper()
	o.configure("5s")
	o.kapu("lock")
	o.kapu("unlock")
	for _, c := range o.clients[7:9] {
		o.crosses(c)
		at := o.steady()
		o.wait("the time to be up", func() bool { now := o.copied(); return now != "" && now != at })
		o.insideEmpty("after its time")
		o.outsideEmpty("after its time")
		o.outsideEmpty("asked again")
	}
	o.crosses(o.clients[9]) // what is copied later still arrives
	at := o.steady()
	o.kapu("lock")
	if _, forgot := o.forgets(at); !forgot {
		o.t.Error("after the last lock the person's machine keeps the code")
	}
}

// clearsForTheKilled shows that the sweeper says in a killed agent's place that there is nothing.
func (o *office) clearsForTheKilled(where string) {
	o.t.Helper()
	o.kapu("unlock")
	o.crosses(o.clients[10])
	at := o.steady()
	o.must(syscall.Kill(o.endpoint().PID, syscall.SIGKILL))
	if _, forgot := o.forgets(at); !forgot {
		o.t.Errorf("the agent was killed, and the person's machine keeps the code, %s", where)
	}
	o.settle()
	o.outsideEmpty("after the agent was killed, " + where)
}

// killedKeepsTheCode shows that forgets can tell: where agent and sweeper are killed, nothing clears.
func (o *office) killedKeepsTheCode() {
	o.t.Helper()
	o.kapu("unlock")
	o.crosses(o.clients[6])
	at := o.steady()
	o.must(syscall.Kill(o.sweeper(), syscall.SIGKILL))
	o.must(syscall.Kill(o.endpoint().PID, syscall.SIGKILL))
	time.Sleep(300 * time.Millisecond)
	text, err := o.Clipboard(o.ctx)
	if now := o.steady(); now != at || text == "" {
		o.t.Errorf("the person's machine forgot the code (given at %x, then %x; %d characters, %v) though nobody cleared it: "+
			"this test cannot tell", at, now, len(text), err)
	}
}

// locksBothClipboards copies and locks again and again; each time the person's own machine must forget the code,
// though the process that put it there is gone at once.
func (o *office) locksBothClipboards() {
	o.t.Helper()
	var kept int
	var slowest time.Duration
	for i := range rounds {
		c := o.clients[i%len(o.clients)]
		o.kapu("unlock")
		o.crosses(c)
		at := o.steady()
		o.kapu("lock")
		took, forgot := o.forgets(at)
		if !forgot {
			kept++
		}
		slowest = max(slowest, took)
		o.insideEmpty("after the lock")
		o.settle()
		o.outsideEmpty("after the lock") // an answer: the paste does not hang
	}
	o.t.Logf("of %d codes all reached the person's machine, and locking took %d of them away again, the slowest %v after the lock",
		rounds, rounds-kept, ms(slowest))
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
	o.seen = strings.Contains(string(out), `"screen"`)
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
