//go:build linux

package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"kapu/agent"
	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// Right after an agent was locked, told to end or killed, `kapu unlock` unlocks: it waits for one that is just ending,
// and does not believe what one that was killed has left.
func TestUnlockRightAfterTheEnd(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	home := t.TempDir()
	const session, times = ":905", 100
	unlock := func() {
		t.Helper()
		if out, err := kapu(t, d, home, session, "unlock").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	t.Cleanup(func() { _ = kapu(t, d, home, session, "lock").Run() })
	unlock()
	signal := func(s syscall.Signal) func() error {
		return func() error { return syscall.Kill(agentOf(t, home, "_905"), s) }
	}
	for name, end := range map[string]func() error{
		"killed": signal(syscall.SIGKILL),
		"ended":  signal(syscall.SIGTERM),
		"locked": func() error { return kapu(t, d, home, session, "lock").Run() },
	} {
		t.Run(name, func(t *testing.T) {
			for range times {
				if err := end(); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				unlock()
				if _, err := dial(t, home, session).Status(t.Context()); err != nil {
					t.Fatalf("unlocked, and then: %v", err)
				}
			}
		})
	}
}

// agentOf is the process that the locator of a session names.
func agentOf(t *testing.T, home, session string) int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, "run", "agent-"+session+".json"))
	var l agent.Locator
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l.PID
}
