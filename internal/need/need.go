// Package need is for tests that compare with another program.
package need

import (
	"os"
	"os/exec"
	"testing"
)

// Program skips the test, or under `make test` fails it, where a program of a Debian package is missing.
func Program(t testing.TB, name, pkg string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("KAPU_DESKTOP_TESTS") == "1" {
		t.Fatalf("%s is missing: apt-get install %s", name, pkg)
	}
	t.Skipf("%s is missing: apt-get install %s", name, pkg)
}
