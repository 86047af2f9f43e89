//go:build !windows

package cli

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

func showColours() {}

// stayInFront keeps Ctrl-Z from leaving what is shown on the screen, until the returned function is called.
func stayInFront() (end func()) {
	signal.Ignore(syscall.SIGTSTP)
	return func() { signal.Reset(syscall.SIGTSTP) }
}

// errorOutput is where sentences about errors go.
func errorOutput() io.Writer { return os.Stderr }
