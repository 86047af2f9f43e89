package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// peak is the most memory that `kapu import` may have, in bytes.
const peak = 400_000_000

// imported is what a process of the program did with a file.
type imported struct {
	exit, peak int // bytes
	out, err   string
}

// program builds the program as it is shipped.
func program(t *testing.T) string {
	t.Helper()
	kapu := filepath.Join(t.TempDir(), "kapu")
	build := exec.Command("go", "build", "-o", kapu, "kapu")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return kapu
}

// importBy imports a file by a process of the program, whose peak of memory the system tells. A child begins with the
// peak of the process that makes it, so between it and this one, which is large, there is a small one (TestMeasured).
func importBy(t *testing.T, kapu, path string) imported {
	t.Helper()
	home := t.TempDir()
	runtime.GC()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMeasured$")
	cmd.Env = append(os.Environ(), "KAPU_TEST_MEASURED="+kapu, "KAPU_TEST_FILE="+path, "KAPU_HOME="+home, "TMPDIR="+home,
		"LANG=en_GB.UTF-8", "DBUS_SESSION_BUS_ADDRESS=disabled:")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var i imported
	_, said, _ := strings.Cut(string(out), "\nmeasured ")
	if _, scan := fmt.Sscan(said, &i.exit, &i.peak); err != nil || scan != nil {
		t.Fatalf("%v, %.300s", err, out)
	}
	i.out, i.err = string(out), stderr.String()
	if files, _ := os.ReadDir(home); len(files) != 0 {
		t.Errorf("%d files were left in the temporary folder", len(files))
	}
	return i
}

// TestMeasured is no test, but the process in the middle.
func TestMeasured(t *testing.T) {
	kapu := os.Getenv("KAPU_TEST_MEASURED")
	if kapu == "" {
		t.Skip("is run by TestBombs")
	}
	cmd := exec.Command(kapu, "import", "--dry-run", os.Getenv("KAPU_TEST_FILE"))
	cmd.Stdin, cmd.Stderr = strings.NewReader(testPassword+"\n"), os.Stderr
	_, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	fmt.Printf("\nmeasured %d %d\n", cmd.ProcessState.ExitCode(), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss*1024)
}

// A bomb is imported by a process of the program, which either reads it within the memory that every import has, or
// refuses it by a sentence that says what is too much.
func TestBombs(t *testing.T) {
	kapu := program(t)
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bomb")
			if err := os.WriteFile(path, bomb.make(t), 0o600); err != nil {
				t.Fatal(err)
			}
			got := importBy(t, kapu, path)
			t.Logf("%d MB, exit %d: %.150s", got.peak/1_000_000, got.exit, got.err)
			if got.peak > peak {
				t.Errorf("it took %d MB", got.peak/1_000_000)
			}
			slow := strings.Contains(got.err, "Reading took more than") // a machine that is too busy
			if got.exit != 0 && !strings.Contains(got.err, path) || !slow && !strings.Contains(got.err, bomb.said) {
				t.Errorf("exit %d: %s, want %q", got.exit, got.err, bomb.said)
			}
		})
	}
}

// The largest good files of each kind are taken within the same memory.
func TestLargestFiles(t *testing.T) {
	kapu := program(t)
	for name, make := range largest {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			data := make(t)
			if err := os.WriteFile(path, data, 0o600); err != nil || len(data) > maxFile {
				t.Fatal(len(data), err)
			}
			got := importBy(t, kapu, path)
			t.Logf("%d MiB: %d MB, exit %d: %.150s", len(data)>>20, got.peak/1_000_000, got.exit, got.err)
			slow := strings.Contains(got.err, "Reading took more than")
			if got.exit != 0 && !slow || got.peak > peak {
				t.Errorf("%d MB, exit %d: %s", got.peak/1_000_000, got.exit, got.err)
			}
		})
	}
}
