//go:build linux

// Package desktoptest gives a test its own virtual desktop.
//
// Where packages are missing, the test is skipped with a sentence that names them, so that `go test`
// works on any machine. `make test` sets KAPU_DESKTOP_TESTS=1, which makes that a failure instead.
package desktoptest

import (
	"context"
	"os"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/wait"
)

// Limit is the watchdog's limit of whatever a test waits for on a desktop.
const Limit = wait.Hang

// Start starts a desktop that ends with the test. If the test fails, what the desktop's programs
// printed is in its log.
func Start(t testing.TB, opts desktop.Options) *desktop.Desktop {
	t.Helper()
	Need(t, opts)
	d, err := desktop.Start(Context(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, what := range d.Repairs() {
			t.Logf("the panel was started again: %s", what)
		}
		if t.Failed() {
			t.Logf("what ran on the desktop printed:\n%s", d.Logs())
		}
		d.Stop()
	})
	return d
}

// Need skips the test, or fails it, when packages for such a desktop are missing.
func Need(t testing.TB, opts desktop.Options) {
	t.Helper()
	missing := desktop.Missing(opts)
	if len(missing) == 0 {
		return
	}
	err := &desktop.MissingError{Packages: missing}
	if os.Getenv("KAPU_DESKTOP_TESTS") == "1" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// Context is a context for waiting on a desktop: wait.Context.
func Context(t testing.TB) context.Context { return wait.Context(t) }
