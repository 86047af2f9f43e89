// Package servers runs real S3 servers for tests: one, or a cluster of four machines with a network between them.
package servers

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"kapu/internal/wait"
)

// What the servers are opened with.
const (
	Access = "access"
	Secret = "secretsecret"
)

// Program returns the path of a server that `make test-cluster` has built. Without that the test is skipped.
func Program(t testing.TB, name string) string {
	t.Helper()
	if os.Getenv("KAPU_CLUSTER_TESTS") != "1" {
		t.Skip("make test-cluster runs this")
	}
	dir, err := os.Getwd()
	check(t, err)
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, ".tools", name)
}

// Start starts a server that ends with the test, whatever becomes of that.
func Start(t testing.TB, cmd *exec.Cmd, log string) *os.Process {
	t.Helper()
	out, err := os.Create(log)
	check(t, err)
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(log)
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said[max(0, len(said)-4000):])
		}
	})
	return cmd.Process
}

// Await waits until something is so.
func Await(t testing.TB, what string, is func() bool) {
	t.Helper()
	wait.Until(t, what, is)
}

// FreePort is an address on this machine where nobody listens.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().String()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
