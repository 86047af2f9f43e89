//go:build linux

package cli

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// kapu makes a command of the program in a session of its own on a desktop.
func kapu(t *testing.T, d *desktop.Desktop, home, session string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("kapu", args...)
	cmd.Env = append(d.Env(), "KAPU_HOME="+home, "LANG=en_GB.UTF-8", "PATH="+os.Getenv("PATH"), "DISPLAY="+session)
	return cmd
}

// Two agents, in two sessions, and a command line add 250 accounts each at once: all 750 are there.
func TestTwoAgentsAndACommandLine(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	home := t.TempDir()
	const each = 250
	sessions := []string{":901", ":902"}
	for _, s := range sessions {
		if out, err := kapu(t, d, home, s, "unlock").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Cleanup(func() { _ = kapu(t, d, home, s, "lock").Run() })
	}
	var wg sync.WaitGroup
	for _, s := range sessions {
		c := dial(t, home, s)
		wg.Go(func() {
			for i := range each {
				n := agent.New{Client: agent.Client{Name: fmt.Sprintf("Agent %s %d", s, i)}, Key: newKey()}
				if _, err := c.Add(t.Context(), n); err != nil {
					t.Errorf("%s, %d: %v", s, i, err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range each {
			cmd := kapu(t, d, home, sessions[0], "add", fmt.Sprintf("Shell %d", i))
			cmd.Stdin = strings.NewReader(newKey())
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("command %d: %v: %s", i, err, out)
			}
		}
	})
	wg.Wait()
	for _, s := range sessions {
		out, err := kapu(t, d, home, s, "status", "--json").Output()
		var status agent.Status
		if err := json.Unmarshal(out, &status); err != nil {
			t.Fatal(err)
		}
		if err != nil || status.Clients != 3*each || status.Accounts != 3*each {
			t.Errorf("session %s sees %+v, %v", s, status, err)
		}
	}
}

func dial(t *testing.T, home, session string) *agent.Conn {
	t.Helper()
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", session)
	c, err := agent.Dial(t.Context(), config.Paths{Runtime: filepath.Join(home, "run")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var lastKey atomic.Uint64

// newKey is a key of nobody's yet. The test has the same ones in each run, since of random ones some read as words.
func newKey() string {
	sum := sha256.Sum256(fmt.Append(nil, "cli ", lastKey.Add(1)))
	return base32.StdEncoding.EncodeToString(sum[:10])
}

// A keychain that never answers costs seconds and a sentence, not the program.
func TestSilentKeychain(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	hung := make(chan struct{})
	defer close(hung)
	if err := bus.ExportSubtreeMethodTable(map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { <-hung; return dbus.Variant{}, nil },
	}, "/org/freedesktop/secrets", "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := kapu(t, d, home, ":903", "unlock")
	done := make(chan struct{})
	var out []byte
	go func() { defer close(done); out, err = cmd.CombinedOutput() }()
	wait.For(t, "the command to give up", done)
	if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(string(out), "keychain has not answered") {
		t.Errorf("exit code %d: %s", cmd.ProcessState.ExitCode(), out)
	}
	if _, err := os.Stat(filepath.Join(home, "vault.age")); !os.IsNotExist(err) {
		t.Errorf("a vault without a key: %v", err)
	}
}

// Giving up while the keychain asks for its password leaves nothing behind that opens later.
func TestInterruptedUnlockLeavesNoAgent(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	// A locked collection: the question whether it is open is answered, all others wait for the person.
	if err := bus.ExportSubtreeMethodTable(map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil },
	}, "/org/freedesktop/secrets", "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	hung := make(chan struct{})
	defer close(hung)
	var once sync.Once
	if err := bus.ExportMethodTable(map[string]any{
		"SearchItems": func(map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
			once.Do(func() { close(asked) })
			<-hung
			return nil, nil, nil
		},
	}, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := kapu(t, d, home, ":904", "unlock")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait.For(t, "the keychain to be asked", asked)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The agent held its lock file as long as it lived.
	lock := filepath.Join(home, "run", "agent-_904.lock")
	wait.Until(t, "the agent to give up the keychain", func() bool {
		return exec.Command("flock", "--nonblock", lock, "true").Run() == nil
	})
}
