//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/examples"
	"kapu/internal/wait"
)

// screenSaver returns what makes the screen saver come up or go. It says whether it is up, as real ones do: the signal
// may come before anybody listens.
func (p *person) screenSaver() func(up bool) {
	p.t.Helper()
	bus, err := p.Connect()
	p.must(err)
	p.t.Cleanup(func() { bus.Close() })
	const saver, path = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
	var active atomic.Bool
	p.must(bus.ExportMethodTable(map[string]any{
		"GetActive": func() (bool, *dbus.Error) { return active.Load(), nil },
	}, path, saver))
	_, err = bus.RequestName(saver, dbus.NameFlagDoNotQueue)
	p.must(err)
	return func(up bool) {
		p.t.Helper()
		active.Store(up)
		p.must(bus.Emit(path, saver+".ActiveChanged", up))
	}
}

// begun is a command in the middle of its work.
type begun struct {
	*exec.Cmd
	said bytes.Buffer
	done chan struct{}
}

func (p *person) begin(args ...string) *begun {
	p.t.Helper()
	b := &begun{Cmd: p.command(args...), done: make(chan struct{})}
	b.Stdout, b.Stderr = &b.said, &b.said
	p.must(b.Start())
	go func() {
		_ = b.Wait()
		close(b.done)
	}()
	return b
}

// ends waits for the command's end and returns its exit code.
func (p *person) ends(b *begun) int {
	p.t.Helper()
	select {
	case <-b.done:
	case <-p.ctx.Done():
		p.t.Fatalf("%v does not end", b.Args)
	}
	p.step()
	return b.ProcessState.ExitCode()
}

// A lock in the middle of a copy that waits for its window: the copy ends, and no code comes to the clipboard later.
func TestLockInTheMiddleOfACopy(t *testing.T) {
	p := at(t, full)
	up := p.screenSaver()
	clients := examples.Clients(3, 0)
	p.imports(clients)
	before, _ := p.Clipboard(p.ctx)
	if left := 30*time.Second - time.Since(time.Now().Truncate(30*time.Second)); left < 10*time.Second {
		time.Sleep(left) // the copy is to wait
	}
	c := p.begin("copy", "--next", clients[0].Name)
	time.Sleep(300 * time.Millisecond)
	agent := p.agentPID()
	up(true)
	if code := p.ends(c); code != 3 {
		t.Errorf("the copy ended with %d: %s", code, c.said.String())
	}
	waitGone(p.t, agent)
	if now, _ := p.Clipboard(p.ctx); now != before {
		t.Errorf("on the clipboard is %q", now)
	}
}

// A lock in the middle of a large import: afterwards all of it is there or nothing, and the command said which, or
// that it does not know.
func TestLockInTheMiddleOfAnImport(t *testing.T) {
	p := at(t, full)
	p.imports(examples.Clients(1, 0))
	const many = 5000
	var list strings.Builder
	for i := range many {
		fmt.Fprintf(&list, "otpauth://totp/Tomeges%%20%d?secret=%s\n", i, secretOf(i))
	}
	path := filepath.Join(t.TempDir(), "sok.txt")
	p.must(os.WriteFile(path, []byte(list.String()), 0o600))
	for _, wait := range []time.Duration{30, 90, 180, 300} {
		agent := p.agentPID()
		c := p.begin("import", path)
		time.Sleep(wait * time.Millisecond)
		p.must(syscall.Kill(agent, syscall.SIGTERM)) // two at once are as good as one
		_ = syscall.Kill(agent, syscall.SIGHUP)
		code := p.ends(c)
		waitGone(p.t, agent)
		p.kapu("unlock")
		n := strings.Count(p.kapu("list"), "\n")
		t.Logf("after %d ms: exit code %d, %d clients", wait, code, n)
		if n != 1 && n != 1+many || code == 0 && n == 1 || code != 0 && code != 3 {
			t.Errorf("exit code %d, %d clients: %s", code, n, c.said.String())
		}
	}
}

// secretOf makes a key of its own for each number.
func secretOf(i int) string {
	digits := fmt.Sprintf("%08d", i)
	return "JBSWY3DP" + strings.NewReplacer("0", "A", "1", "B", "8", "C", "9", "D").Replace(digits)
}

// A question for the PIN: a second unlocking says that it stands, who closes it is told of no problem, and a lock
// closes it and leaves nothing open.
func TestLockInTheMiddleOfAnUnlocking(t *testing.T) {
	p := at(t, full)
	up := p.screenSaver()
	p.imports(examples.Clients(3, 0))
	protect := p.command("protect", "pin")
	protect.Stdin = strings.NewReader("2580\n")
	if out, err := protect.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p.kapu("lock")
	_, tray := p.tray()

	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	p.must(p.FocusWindow(p.ctx, asking))
	second := p.begin("unlock")
	if code := p.ends(second); code != 3 || !strings.Contains(second.said.String(), "éppen feloldja") {
		t.Errorf("the second unlocking ended with %d: %s", code, second.said.String())
	}
	p.cancel(asking)
	p.none()
	if said := p.Notifications().Sent(); len(said) > 0 {
		t.Errorf("who closed the question is told %+v", said)
	}

	c := p.begin("unlock")
	p.must(p.FocusWindow(p.ctx, asking))
	p.must(p.Type(p.ctx, "2580"))
	up(true)
	if code := p.ends(c); code != 3 {
		t.Errorf("the unlocking ended with %d: %s", code, c.said.String())
	}
	p.must(p.WaitNoWindow(p.ctx, asking))
	p.none()

	// The answer and the lock in one moment: whichever is first, nothing stays open.
	up(false)
	c = p.begin("unlock")
	p.must(p.FocusWindow(p.ctx, asking))
	p.must(p.Type(p.ctx, "2580"))
	p.must(p.Key(p.ctx, "Return"))
	up(true)
	p.ends(c)
	p.none()
}

// none waits until no agent is there.
func (p *person) none() {
	p.t.Helper()
	wait.Until(p.t, "the agent to end", func() bool { return p.agentPID() == 0 })
}
