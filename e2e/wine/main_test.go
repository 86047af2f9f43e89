//go:build linux

// Package wine tries the program for Windows in Wine, on a virtual desktop with a panel: the tests of the rooms that
// have something of their own for Windows, and the built programs from one end to the other.
//
// Wine takes half a minute to set up, so it runs only when asked to: `make test-wine`, which `make test` calls.
package wine

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
	"kapu/internal/wine"
)

func TestWindows(t *testing.T) {
	m := open(t)
	m.part("rooms", m.rooms)
	m.part("calendar", m.calendar)
	m.part("office", m.office)
	m.part("search", m.search)
	m.part("installer", m.installer)
	m.part("everybody", m.everybody)
	m.part("policy", m.policy)
}

// machine is a Windows of its own, on a desktop of its own.
type machine struct {
	*desktop.Desktop
	*wine.Prefix
	t        *testing.T
	ctx      context.Context            // ends when nothing comes to pass any more
	step     func()                     // reports that something has
	programs string                     // the folder of kapu.exe and kapuw.exe
	released func(ending string) string // waits for the installers, and returns the path of one
}

func open(t *testing.T) *machine {
	t.Helper()
	if os.Getenv("KAPU_WINE_TESTS") != "1" {
		t.Skip("Wine takes long to set up, so this is done only on request: make test-wine")
	}
	if err := wine.Missing(); err != nil {
		t.Fatal(err)
	}
	for program, pkg := range map[string]string{"oathtool": "oathtool", "makensis": "nsis", "wixl": "wixl", "msibuild": "msitools"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: apt-get install %s", program, pkg)
		}
	}
	m := &machine{t: t, ctx: t.Context(), step: func() {}, programs: t.TempDir()}
	m.released = m.pack(m.programs) // which takes as long as all that follows here
	m.Desktop = desktoptest.Start(t, desktop.Options{Display: true, Panel: desktop.Xfce})
	var err error
	m.Prefix, err = wine.New(m.ctx, m.programs, m.Desktop.Env())
	m.must(err)
	t.Cleanup(m.Prefix.Stop)
	m.build("kapu.exe", "kapu", "")
	m.build("kapuw.exe", "kapu", wine.Windowed)
	m.build("messages.exe", "kapu/e2e/wine/messages", "")
	m.ctx, m.step = wait.Steps(t) // compiling is no step: it may take long
	m.post("None", "0", "0", "0") // what Wine starts by itself keeps the output of the first program open
	return m
}

// part runs a part of the test. One that hangs does not take the others' time.
func (m *machine) part(name string, test func(*testing.T)) {
	whole, ctx, step := m.t, m.ctx, m.step
	defer func() { m.t, m.ctx, m.step = whole, ctx, step }()
	whole.Run(name, func(t *testing.T) {
		m.t = t
		m.ctx, m.step = wait.Steps(t)
		test(t)
	})
}

func (m *machine) build(name, pkg, flags string) {
	m.t.Helper()
	m.must(m.Build(m.ctx, name, pkg, flags))
}

// command prepares a Windows program.
func (m *machine) command(name string, args ...string) *exec.Cmd {
	return m.Prefix.Command(m.ctx, "wine", append([]string{name}, args...)...)
}

// output runs a Windows program and returns what it printed.
func (m *machine) output(name string, args ...string) (string, error) {
	return wine.Printed(m.command(name, args...))
}

// withInput runs kapu with something on its standard input.
func (m *machine) withInput(text string, args ...string) error {
	cmd := m.command(filepath.Join(m.programs, "kapu.exe"), args...)
	cmd.Stdin = strings.NewReader(text)
	_, err := wine.Printed(cmd)
	return err
}

// kapu runs a command that must succeed, and returns what it printed. On a busy machine neither the agent nor the
// desktop may get its turn in time; where the sentence says to try again, that is done, as a person would.
func (m *machine) kapu(args ...string) (out string) {
	m.t.Helper()
	m.wait("kapu "+args[0], func() bool {
		var err error
		out, err = m.output(filepath.Join(m.programs, "kapu.exe"), args...)
		if err != nil && strings.Contains(err.Error(), "Try again") {
			m.t.Log(err)
			return false
		}
		m.must(err)
		return true
	})
	return out
}

// status is what the program says of itself.
func (m *machine) status() (s struct {
	Locked bool
	Method string
},
) {
	m.t.Helper()
	m.must(json.Unmarshal([]byte(m.kapu("status", "--json")), &s))
	return s
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
	m.step()
}

// wait asks again and again until the answer is yes.
func (m *machine) wait(what string, check func() bool) {
	m.t.Helper()
	wait.Until(m.t, what, check)
	m.step()
}
