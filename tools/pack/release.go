package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kapu/internal/build"
)

// target is a system that there are files for. macOS is not here: it needs Apple's tools (tools/scripts/macos-app.sh).
type target struct{ os, arch string }

var targets = []target{{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}

func (t target) String() string { return t.os + "_" + t.arch }

// release is what all targets have in common.
type release struct {
	out, work string
	root      string // of the repository
	version   string
	at        time.Time // of every file
	draft     bool      // no release, but a try: the installer need not be small
}

func newRelease(out string) (*release, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	root, err := output("go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		if epoch, err = output("git", "-C", root, "log", "-1", "--format=%ct"); err != nil {
			return nil, err
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	work, err := os.MkdirTemp("", "kapu-pack-")
	return &release{out: out, work: work, root: root, version: build.Version, at: time.Unix(seconds, 0).UTC()}, err
}

// name is that of a file of the release.
func (r *release) name(t target, ending string) string {
	return fmt.Sprintf("kapu_%s_%s%s", r.version, t, ending)
}

func (r *release) path(t target, ending string) string {
	return filepath.Join(r.out, r.name(t, ending))
}

// build makes the programs of a target, the command line first.
func (r *release) build(t target) ([]string, error) {
	// Windows opens a console window for every program that is not linked as a windowed one. What windows show of
	// the program (icon, version, manifest) is linked from the *.syso files in the main package's folder.
	linked := map[string]string{"kapu": ""}
	order := []string{"kapu"}
	if t.os == "windows" {
		linked = map[string]string{"kapu.exe": "", "kapuw.exe": " -H windowsgui"}
		order = []string{"kapu.exe", "kapuw.exe"}
	}
	var programs []string
	for _, name := range order {
		path := filepath.Join(r.work, t.String(), name)
		c := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-ldflags", "-s -w -buildid="+linked[name], "-o", path, ".")
		c.Dir = r.root
		c.Env = append(os.Environ(), "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=0", "GOFLAGS=")
		if err := run(c); err != nil {
			return nil, err
		}
		if t.os == "windows" {
			if err := sign(path); err != nil {
				return nil, err
			}
		}
		programs = append(programs, path)
	}
	return programs, nil
}

// sign has a file for Windows signed, where there is a key.
func sign(path string) error {
	signer := os.Getenv("KAPU_SIGN")
	if signer == "" {
		return nil
	}
	return run(exec.Command(signer, path))
}

func run(c *exec.Cmd) error {
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(c.Args, " "), err, out)
	}
	return nil
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
