//go:build linux

// Package wine tries the program for Windows in Wine, on a virtual desktop with a panel: the tests of the rooms that
// have something of their own for Windows, and the built programs from one end to the other.
//
// Wine takes half a minute to set up, so it runs only when asked to: `make test-wine`, which `make test` calls.
package wine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// limit bounds the whole test. It takes half of that.
const limit = 5 * time.Minute

func TestWindows(t *testing.T) {
	m := open(t)
	t.Run("rooms", m.rooms)
	t.Run("office", m.office)
	t.Run("search", m.search)
	t.Run("installer", m.installer)
}

// machine is a Windows of its own: a Wine prefix, on a desktop of its own.
type machine struct {
	*desktop.Desktop
	t   *testing.T
	ctx context.Context
	dir string   // with the prefix, and where everything runs
	env []string // of everything that runs in Wine

	programs string        // the folder of kapu.exe and kapuw.exe
	setup    func() string // waits for the installer and returns its path
}

func open(t *testing.T) *machine {
	t.Helper()
	if os.Getenv("KAPU_WINE_TESTS") != "1" {
		t.Skip("Wine takes long to set up, so this is done only on request: make test-wine")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("Wine runs programs for this machine's processor only, and the programs are built for x86-64")
	}
	for program, pkg := range map[string]string{
		"wine": "wine wine64", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-posix", "oathtool": "oathtool", "makensis": "nsis",
	} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: apt-get install %s", program, pkg)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	m := &machine{t: t, ctx: ctx, dir: t.TempDir()}
	m.programs = m.dir
	m.setup = m.pack() // which takes as long as all that follows here
	m.Desktop = desktoptest.Start(t, desktop.Options{Display: true, Panel: true})
	m.env = append(m.Env(), "WINEPREFIX="+filepath.Join(m.dir, "prefix"), "WINEARCH=win64", "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=mscoree,mshtml=", `KAPU_HOME=C:\kapu`, "LC_ALL=en_US.UTF-8")
	m.install()
	return m
}

// install makes the prefix and builds the programs.
func (m *machine) install() {
	m.t.Helper()
	m.t.Cleanup(func() { // ends what runs in this prefix, nothing else
		end := exec.Command("wineserver", "-k", "-w")
		end.Env = m.env
		_ = end.Run()
	})
	m.wine("wineboot", "-i")
	m.wine("wineserver", "-w")
	library := filepath.Join(m.dir, "prefix", "drive_c", "windows", "system32", "bcryptprimitives.dll")
	m.must(m.tool(nil, "x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-nostdlib", "-e", "DllMain", "-o", library,
		"stub/bcryptprimitives.c", "-ladvapi32", "-lkernel32"))
	m.wine("wine", "winecfg", "-v", "win10")
	m.build("kapu.exe", "kapu", "")
	m.build("kapuw.exe", "kapu", "-H windowsgui")
	m.build("messages.exe", "kapu/e2e/wine/messages", "")
	// What Wine starts by itself keeps the output of the first program that asks for it open.
	m.wine("wineserver", "-p")
	m.wine("wine", "messages.exe", "post", "None", "0", "0", "0")
}

func (m *machine) build(name, pkg, flags string) {
	m.t.Helper()
	m.must(m.tool(forWindows, "go", "build", "-trimpath", "-ldflags", "-s -w "+flags, "-o", filepath.Join(m.dir, name), pkg))
}

// forWindows lets Go build programs for it.
var forWindows = []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}

// tool runs a program of this machine, not of Wine.
func (m *machine) tool(env []string, name string, args ...string) error {
	cmd := exec.CommandContext(m.ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

// command prepares a program that runs in the prefix, in the folder of the built programs.
func (m *machine) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(m.ctx, name, args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = m.env, m.dir, time.Second
	return cmd
}

// wine runs a program of Wine's own that must succeed.
func (m *machine) wine(name string, args ...string) {
	m.t.Helper()
	_, err := printed(m.command(name, args...))
	m.must(err)
}

// output runs a Windows program and returns what it printed.
func (m *machine) output(name string, args ...string) (string, error) {
	return printed(m.command("wine", append([]string{name}, args...)...))
}

// printed runs a program and returns what it printed. Files take it, because what the program leaves running would
// keep a pipe open.
func printed(cmd *exec.Cmd) (string, error) {
	var files [2]*os.File
	for i := range files {
		f, err := os.CreateTemp(cmd.Dir, "out")
		if err != nil {
			return "", err
		}
		defer os.Remove(f.Name())
		defer f.Close()
		files[i] = f
	}
	cmd.Stdout, cmd.Stderr = files[0], files[1]
	err := cmd.Run()
	said, _ := os.ReadFile(files[0].Name())
	if complaint, _ := os.ReadFile(files[1].Name()); err != nil {
		err = fmt.Errorf("%v: %w: %s", cmd.Args, err, complaint)
	}
	return strings.ReplaceAll(string(said), "\r\n", "\n"), err
}

// withInput runs kapu with something on its standard input.
func (m *machine) withInput(text string, args ...string) error {
	cmd := m.command("wine", append([]string{filepath.Join(m.programs, "kapu.exe")}, args...)...)
	cmd.Stdin = strings.NewReader(text)
	_, err := printed(cmd)
	return err
}

// kapu runs a command that must succeed, and returns what it printed.
func (m *machine) kapu(args ...string) string {
	m.t.Helper()
	out, err := m.output(filepath.Join(m.programs, "kapu.exe"), args...)
	m.must(err)
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
}

// wait asks again and again until the answer is yes.
func (m *machine) wait(what string, check func() bool) {
	m.t.Helper()
	for start := time.Now(); !check(); time.Sleep(50 * time.Millisecond) {
		if m.ctx.Err() != nil || time.Since(start) > 30*time.Second {
			m.t.Fatalf("waited %v for %s", time.Since(start).Round(time.Millisecond), what)
		}
	}
}
