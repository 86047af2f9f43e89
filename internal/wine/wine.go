//go:build linux

// Package wine is a Windows of one's own for tests and measurements: a new Wine prefix on a private desktop.
//
// Its promise: what Wine 8 lacks for Go's programs is there, nothing of the machine's own prefix is touched, and Stop
// ends what runs in this prefix and nothing else.
package wine

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Prefix is such a Windows.
type Prefix struct {
	Dir string   // with the prefix in it; programs run here
	Env []string // of everything that runs in it
}

// Missing says why there can be no Wine on this machine, and what to install.
func Missing() error {
	if runtime.GOARCH != "amd64" {
		return errors.New("the programs are built for x86-64, and Wine runs those of this machine's processor only")
	}
	for program, pkg := range map[string]string{"wine": "wine wine64", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-posix"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing: apt-get install %s", program, pkg)
		}
	}
	return nil
}

//go:embed stub/bcryptprimitives.c
var bcryptprimitives []byte

// New makes a prefix in an empty folder; env is the desktop's. It takes about 20 s.
func New(ctx context.Context, dir string, env []string) (*Prefix, error) {
	p := &Prefix{Dir: dir, Env: append(env, "WINEPREFIX="+filepath.Join(dir, "prefix"), "WINEARCH=win64", "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=mscoree,mshtml=", `KAPU_HOME=C:\kapu`, "LC_ALL=en_US.UTF-8")}
	source, library := filepath.Join(dir, "bcryptprimitives.c"), p.Drive("windows/system32/bcryptprimitives.dll")
	if err := os.WriteFile(source, bcryptprimitives, 0o600); err != nil {
		return nil, err
	}
	for _, step := range [][]string{
		{"wineboot", "-i"},
		{"wineserver", "-w"},
		{
			"x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-nostdlib", "-e", "DllMain", "-o", library,
			source, "-ladvapi32", "-lkernel32",
		},
		{"wine", "winecfg", "-v", "win10"},
		{"wineserver", "-w"}, // it goes a while after its last program, and a lasting one cannot be had before
		{"wineserver", "-p"},
	} {
		if _, err := Printed(p.Command(ctx, step[0], step[1:]...)); err != nil {
			p.Stop()
			return nil, err
		}
	}
	return p, nil
}

// Stop ends what runs in this prefix.
func (p *Prefix) Stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = p.Command(ctx, "wineserver", "-k", "-w").Run()
}

// Drive is the path of a file on drive C.
func (p *Prefix) Drive(name string) string { return filepath.Join(p.Dir, "prefix/drive_c", name) }

// Command prepares a program that runs in the prefix.
func (p *Prefix) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = p.Env, p.Dir, time.Second
	return cmd
}

// ForWindows lets Go build programs for it.
var ForWindows = []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}

// Build builds a program as it is shipped into the prefix's folder; flags are further ones of the linker.
func (p *Prefix) Build(ctx context.Context, name, pkg, flags string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w "+flags, "-o", filepath.Join(p.Dir, name), pkg)
	cmd.Env = append(os.Environ(), ForWindows...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

// Windowed is the linker's flag for a program without a console window.
const Windowed = "-H windowsgui"

// Printed runs a program and returns what it printed. Files take it, because what the program leaves running would
// keep a pipe open.
func Printed(cmd *exec.Cmd) (string, error) {
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

// Processes are those of this prefix that were started by these words, one after the other, the first being the end
// of the program's name.
func (p *Prefix) Processes(words ...string) (pids []int) {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		args, _ := os.ReadFile(path)
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "environ"))
		if strings.Contains(string(args), strings.Join(words, "\x00")+"\x00") && strings.Contains(string(environ), "WINEPREFIX="+p.Dir+"/") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}
