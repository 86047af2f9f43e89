//go:build linux

// Package rdp tries the built program in a real remote desktop: xrdp on the loopback interface, a throw-away user
// who is logged in to it, and xfreerdp on a virtual screen as the machine that the person sits at.
//
// It makes users and starts a server, so it runs only when asked to, as root: `make test-rdp`, which `make test` calls.
package rdp

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

var (
	tools   string // a folder that every user of the machine can read
	program string // the built kapu in it
)

func TestMain(m *testing.M) {
	if task := os.Getenv(strangerTask); task != "" {
		strangerMain(task)
	}
	if os.Getenv("KAPU_RDP_TESTS") != "1" {
		os.Exit(m.Run()) // every test says why it does nothing
	}
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(tools)
	os.Exit(code)
}

func build() (err error) {
	if tools, err = os.MkdirTemp("", "kapu-rdp-"); err != nil {
		return err
	}
	if err := os.Chmod(tools, 0o755); err != nil {
		return err
	}
	program = filepath.Join(tools, "kapu")
	cmd := exec.Command("go", "build", "-o", program, "kapu")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// office is the whole stage: the terminal server with a session, and the machine in front of the person. Another
// office may share the server and the person: see beside.
type office struct {
	*desktop.Desktop // the person's own machine
	t                *testing.T
	ctx              context.Context // ends when nothing comes to pass any more
	step             func()          // reports that something has
	server           *server
	person           *user
	size             string   // of the remote screen; the server has a session for each
	without          bool     // the remote desktop's program has no clipboard
	seen             bool     // says the doctor: everybody can see the session's screen
	session          []string // the environment of programs in the session
	clients          []examples.Client
}

// open makes the users, starts the server, and logs in.
func open(t *testing.T) *office {
	t.Helper()
	need(t)
	o := &office{t: t, size: "1000x700", clients: examples.Clients(30, 2)}
	o.ctx, o.step = wait.Steps(t)
	o.person = newUser(t) // before the server, so that the server is gone when the user is removed
	o.Desktop = desktoptest.Start(t, desktop.Options{Display: true})
	o.server = o.startServer()
	o.furnish()
	return o
}

// beside is another machine in front of the same person, with a session of its own on the server.
func (o *office) beside() *office {
	o.t.Helper()
	other := *o
	other.Desktop = desktoptest.Start(o.t, desktop.Options{Display: true})
	other.size, other.session = "1024x740", nil
	return &other
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	o.step()
}

// wait asks again and again until the answer is yes.
func (o *office) wait(what string, check func() bool) {
	o.t.Helper()
	wait.Until(o.t, what, check)
	o.step()
}

// inside prepares a program in the session, as its user.
func (o *office) inside(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(o.ctx, name, args...)
	cmd.Env, cmd.Dir = o.session, o.person.home
	cmd.SysProcAttr = o.person.credential()
	cmd.WaitDelay = time.Second
	return cmd
}

// kapu runs a command in the session that must succeed, and returns what it printed.
func (o *office) kapu(args ...string) string {
	o.t.Helper()
	out, err := output(o.inside(program, args...))
	if err != nil {
		o.t.Fatalf("kapu %v: %v", args, err)
	}
	o.step()
	return out
}

// locked asks the program itself.
func (o *office) locked() bool {
	o.t.Helper()
	var status struct{ Locked bool }
	o.must(json.Unmarshal([]byte(o.kapu("status", "--json")), &status))
	return status.Locked
}
