package main

import (
	"errors"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// run runs a command as a subreaper, the parent of whatever its children leave behind: what a browser or a detached
// agent took is counted when it ends, too. What outlives the command is not. It returns the exit code and the
// processor's time.
func run(cmd *exec.Cmd) (code int, cpu time.Duration, err error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 1, 0, err
	}
	if err := cmd.Start(); err != nil {
		return 1, 0, err
	}
	for ended := false; ; {
		options := 0
		if ended {
			options = unix.WNOHANG // only what has ended, too
		}
		var status unix.WaitStatus
		var used unix.Rusage
		pid, err := unix.Wait4(-1, &status, options, &used)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || pid == 0 {
			return code, cpu, nil
		}
		cpu += time.Duration(used.Utime.Nano() + used.Stime.Nano())
		if pid == cmd.Process.Pid {
			ended, code = true, status.ExitStatus()
			if !status.Exited() {
				code = 1
			}
		}
	}
}
