//go:build linux

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// TestMain builds the program and puts it into PATH. It is built as it is shipped: under the race detector, which
// may watch over the tests themselves, a PIN takes ten times as long.
func TestMain(m *testing.M) {
	if path := os.Getenv(strangerFile); path != "" {
		strangerMain(path)
	}
	dir, err := os.MkdirTemp("", "kapu-cli-")
	if err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "kapu"), "kapu")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		os.Exit(1)
	}
	os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// TestScripts runs testdata/script/*.txtar: what a person types and what they see, with a real Secret Service.
func TestScripts(t *testing.T) {
	desktoptest.Need(t, desktop.Options{Keyring: true, Display: true})
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup:               setUp,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "managed": managed, "flip": flip, "same": same, "lines": lines, "words": words,
		},
	})
}

// condition knows [quick]: a missing program may be left out. `make test` knows no such excuse. [mounts] is whether
// this system lets a test have an /etc/xdg of its own.
func condition(name string) (bool, error) {
	if name == "mounts" {
		return exec.Command("unshare", append(ownMounts(), "true")...).Run() == nil, nil
	}
	if name != "quick" {
		return false, fmt.Errorf("no condition %s", name)
	}
	return os.Getenv("KAPU_DESKTOP_TESTS") != "1", nil
}

// setUp gives a script a bus and a keychain of its own: one that another script has left a key in would be looked
// through for the key of a moved vault. What is about the clipboard has a display.
func setUp(e *testscript.Env) error {
	display := strings.HasPrefix(filepath.Base(e.WorkDir), "script-copy")
	d, err := desktop.Start(context.Background(), desktop.Options{Keyring: true, Display: display})
	if err != nil {
		return err
	}
	e.Defer(d.Stop)
	home := filepath.Join(e.WorkDir, "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	for _, kv := range d.Env() {
		name, value, _ := strings.Cut(kv, "=")
		if name == "DBUS_SESSION_BUS_ADDRESS" || name == "XDG_RUNTIME_DIR" || display && name == "DISPLAY" {
			e.Setenv(name, value)
		}
	}
	e.Setenv("HOME", home)
	e.Setenv("KAPU_HOME", home)
	e.Setenv("LANG", "en_GB.UTF-8")
	exports, err := filepath.Abs("../exchange/testdata")
	if err != nil {
		return err
	}
	e.Setenv("EXPORTS", exports)
	e.Setenv("PATH", os.Getenv("PATH"))
	e.Setenv("GORACE", os.Getenv("GORACE"))
	e.Defer(func() {
		homes, _ := filepath.Glob(filepath.Join(e.WorkDir, "*", "run"))
		for _, run := range homes {
			endAgents(run)
		}
	})
	return nil
}

// endAgents locks whatever a script left unlocked.
func endAgents(run string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if c, err := agent.Dial(ctx, config.Paths{Runtime: run}); err == nil {
		_ = c.Lock(ctx)
	}
}

// exits CODE PROGRAM ARGS...: runs a program that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGS]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// managed DIR CODE PROGRAM ARGS...: is exits on a machine whose /etc/xdg is DIR, which is the administrator's.
func managed(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: managed DIR CODE PROGRAM [ARGS]")
	}
	const run = `mount --bind "$0" /etc/xdg && exec "$@"`
	words := append([]string{args[1], "unshare"}, ownMounts()...)
	exits(ts, neg, append(append(words, "sh", "-c", run, ts.MkAbs(args[0])), args[2:]...))
}

// ownMounts are the arguments of unshare for a program that sees files where others do not.
func ownMounts() []string {
	if os.Getuid() == 0 {
		return []string{"--mount"}
	}
	return []string{"--map-root-user", "--mount"}
}

// flip FILE: changes one bit in the middle of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	data[len(data)/2] ^= 1
	ts.Check(os.WriteFile(name, data, 0o600))
}

// same FILE SECRET: the file holds the code that oathtool makes of the secret now, or made a moment ago.
func same(ts *testscript.TestScript, _ bool, args []string) {
	got := strings.TrimSpace(ts.ReadFile(args[0]))
	for _, ago := range []string{"now", "now - 30 seconds"} {
		want, err := exec.Command("oathtool", "--totp", "-b", args[1], "--now", ago).Output()
		ts.Check(err)
		if got == strings.TrimSpace(string(want)) {
			return
		}
	}
	ts.Fatalf("%s is %q, which oathtool would not say", args[0], got)
}

// lines FILE N: the file has N lines.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// words FILE FILE: both end a line with the same six words.
func words(ts *testscript.TestScript, _ bool, args []string) {
	six := regexp.MustCompile(`: (\pL+ \pL+ \pL+, \pL+ \pL+ \pL+)\n`)
	a, b := six.FindStringSubmatch(ts.ReadFile(args[0])), six.FindStringSubmatch(ts.ReadFile(args[1]))
	if a == nil || b == nil || a[1] != b[1] {
		ts.Fatalf("%q and %q", a, b)
	}
}
