//go:build linux

// Package desks tries the built program on whole desktops, as they are installed, with the mouse where they have one:
// icon, menu, submenus, a copied code, a lock, a restart of the panel. `make test-desktops` runs it; it leaves pictures
// behind, for a person to look at. So it does each keychain, with the person who answers its questions.
package desks

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jezek/xgb"
)

// program is the path of the built kapu, "" where nobody asked for whole desktops.
var program string

// pictures is the variable with the folder for them, which asks for whole desktops.
const pictures = "KAPU_DESKS"

func TestMain(m *testing.M) {
	if os.Getenv(pictures) == "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "kapu-desks-")
	if err != nil {
		panic(err)
	}
	xgb.Logger.SetOutput(io.Discard) // it tells of each display without a password
	program = filepath.Join(dir, "kapu")
	build := exec.Command("go", "build", "-o", program, "kapu")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err == nil {
		err = os.MkdirAll(os.Getenv(pictures), 0o755)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s\n", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// asked skips the test where nobody asked for whole desktops.
func asked(t *testing.T) {
	t.Helper()
	if program == "" {
		t.Skip("whole desktops need many packages, and time: make test-desktops")
	}
}
