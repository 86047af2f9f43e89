//go:build !linux

package main

import (
	"os/exec"
	"time"
)

// run runs a command, and returns its exit code and the processor's time of what it waited for.
func run(cmd *exec.Cmd) (code int, cpu time.Duration, err error) {
	if code, err = exitCode(cmd, cmd.Run()); err != nil {
		return code, 0, err
	}
	return code, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
