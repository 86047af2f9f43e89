//go:build linux

// Package e2e tries the built program as a person does: on a virtual desktop with a real panel, a real Secret
// Service, a real mouse and a real clipboard.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// program is the path of the built kapu.
var program string

func TestMain(m *testing.M) {
	if os.Getenv(tracerVictim) != "" {
		tracerMain()
	}
	dir, err := os.MkdirTemp("", "kapu-e2e-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "kapu")
	if out, err := exec.Command("go", "build", "-o", program, "kapu").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// person is somebody at a desktop of their own, with their own files.
type person struct {
	*desktop.Desktop
	t   *testing.T
	ctx context.Context // ends when nothing comes to pass any more
	// step reports that something has.
	step func()
	env  []string // of every command, beside the desktop's
}

func at(t *testing.T, opts desktop.Options) *person {
	t.Helper()
	d := desktoptest.Start(t, opts)
	p := &person{Desktop: d, t: t}
	p.ctx, p.step = wait.Steps(t)
	p.hasHeard()
	t.Cleanup(func() { _ = p.command("lock").Run() })
	return p
}

// hasHeard makes the machine one whose person was told that this desktop does not say when the screen is locked.
func (p *person) hasHeard() {
	p.t.Helper()
	p.must(os.MkdirAll(filepath.Join(p.home(), "state"), 0o700))
	p.must(os.WriteFile(p.unheard(), []byte("XFCE x11\n"), 0o600))
}

func (p *person) unheard() string { return filepath.Join(p.home(), "state", "unheard-desktops") }

func (p *person) home() string { return filepath.Join(p.Home(), "kapu") }

func (p *person) command(args ...string) *exec.Cmd {
	cmd := p.Command(context.Background(), program, args...)
	cmd.Env = append(cmd.Env, "KAPU_HOME="+p.home(), "LANG=hu_HU.UTF-8", "LC_ALL=hu_HU.UTF-8",
		"KAPU_BROWSER=false") // a search asks by a dialog, unless p.env has a browser
	cmd.Env = append(cmd.Env, p.env...)
	return cmd
}

// kapu runs a command that must succeed and returns what it printed.
func (p *person) kapu(args ...string) string {
	p.t.Helper()
	var stderr bytes.Buffer
	cmd := p.command(args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("kapu %s: %v: %s", strings.Join(args, " "), err, stderr.String())
	}
	p.step()
	return string(out)
}

func (p *person) settings(text string) {
	p.t.Helper()
	if err := os.MkdirAll(p.home(), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.home(), "config.toml"), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// imports takes clients in from an exported list.
func (p *person) imports(clients []examples.Client) {
	p.t.Helper()
	list := filepath.Join(p.t.TempDir(), "export.txt")
	if err := os.WriteFile(list, examples.Export(clients), 0o600); err != nil {
		p.t.Fatal(err)
	}
	if out := p.kapu("import", list); !strings.Contains(out, fmt.Sprintf("%d új", len(clients))) {
		p.t.Fatalf("imported: %s", out)
	}
}

// tray starts the tray and waits for its icon on the bus.
func (p *person) tray() (*desktop.Process, *desktop.Tray) {
	p.t.Helper()
	process, err := p.Launch(p.command())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(process.Stop)
	tray, err := p.WaitTray(p.ctx, process.Pid())
	if err != nil {
		p.t.Fatal(err)
	}
	return process, tray
}

func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	p.step()
}

// waitLocked waits until the tray's menu shows the locked vault.
func (p *person) waitLocked(t *desktop.Tray) {
	p.t.Helper()
	_, err := t.WaitItem(p.ctx, "Feloldás…")
	p.must(err)
}

// agentPID is the process that holds the keys, or 0.
func (p *person) agentPID() int {
	for _, pid := range kapuProcesses(p.home()) {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if bytes.Contains(line, []byte("\x00agent")) {
			return pid
		}
	}
	return 0
}

// kapuProcesses are the running processes of our program that use a folder.
func kapuProcesses(home string) []int { return processes(home, program) }

// processes are those of a program that were started with that folder in their environment.
func processes(home, program string) []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
		env, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if exe == program && bytes.Contains(env, []byte("KAPU_HOME="+home+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// codes are what oathtool says of a key around now: the codes of this window, the one before and the one after.
func codes(t *testing.T, key string) []string {
	t.Helper()
	now := time.Now().Add(-30 * time.Second)
	out, err := exec.Command("oathtool", "--totp", "-b", "-w", "2", key, "--now", now.UTC().Format("2006-01-02 15:04:05 UTC")).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// find returns the example with a name that holds a text.
func find(t *testing.T, clients []examples.Client, part string) examples.Client {
	t.Helper()
	for _, c := range clients {
		if strings.Contains(c.Name, part) {
			return c
		}
	}
	t.Fatalf("no example %q", part)
	return examples.Client{}
}
