//go:build !windows

package keeper

import (
	"os"
	"syscall"
)

// barrier has a higher number than the signals to end: of several that wait, the lowest comes first. To a process that
// runs it means nothing.
var barrier os.Signal = syscall.SIGCONT

func sendBarrier() error { return syscall.Kill(os.Getpid(), syscall.SIGCONT) }
