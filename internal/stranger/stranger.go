//go:build linux

// Package stranger is another user of the machine, for tests: a throw-away user id under which a small program opens
// connections in bursts, or waits for a port to be free and takes it.
package stranger

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"kapu/internal/wait"
)

// user is an id that belongs to nobody, and not to the user nobody either.
const user = 61_234

// Missing says why there can be no other user here; "" if there can.
func Missing() string {
	if os.Getuid() != 0 {
		return "acting as another user of the machine needs root"
	}
	return ""
}

// Program builds the stranger's program where another user may run it.
func Program(t testing.TB) (path string) {
	t.Helper()
	if why := Missing(); why != "" {
		t.Skip(why)
	}
	dir, err := os.MkdirTemp("", "stranger-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path = filepath.Join(dir, "stranger")
	build := exec.Command("go", "build", "-o", path, "kapu/internal/stranger/program")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// Running is the program at work.
type Running struct {
	cmd   *exec.Cmd
	lines chan string
}

// Start runs the program as the other user, with arguments that it explains itself.
func Start(t testing.TB, program string, args ...string) *Running {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.Dir = "/"
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := &Running{cmd, make(chan string, 1)}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			r.lines <- lines.Text()
		}
		close(r.lines)
	}()
	t.Cleanup(r.Stop)
	return r
}

// Line waits for the next line that the program prints.
func (r *Running) Line(t testing.TB) string {
	t.Helper()
	return wait.For(t, "the stranger", r.lines)
}

// Came says whether it has printed a line by now that nobody has read.
func (r *Running) Came() bool { return len(r.lines) > 0 }

// Fate is what became of a flood's connections. Those of Closed, Answered and Kept waited for the other end.
type Fate struct{ Opened, Refused, Closed, Answered, Kept, Milliseconds int }

// Fate waits for the end of a flood.
func (r *Running) Fate(t testing.TB) (f Fate) {
	t.Helper()
	line := r.Line(t)
	if _, err := fmt.Sscan(line, &f.Opened, &f.Refused, &f.Closed, &f.Answered, &f.Kept, &f.Milliseconds); err != nil {
		t.Fatalf("the stranger says %q: %v", line, err)
	}
	return f
}

// Stop ends it.
func (r *Running) Stop() {
	_ = r.cmd.Process.Kill()
	for range r.lines {
	}
	_ = r.cmd.Wait()
}

// Flood opens so many connections to each of the addresses, at most perSecond a second.
func Flood(t testing.TB, program string, count, perSecond int, addresses ...string) *Running {
	t.Helper()
	return Start(t, program, append([]string{"flood", strconv.Itoa(count), strconv.Itoa(perSecond)}, addresses...)...)
}

// Squat waits for a port of the loopback interface to be free, takes it, prints "taken" and serves a page with a text.
func Squat(t testing.TB, program string, port int, text string) *Running {
	t.Helper()
	return Start(t, program, "squat", fmt.Sprint(port), text)
}
