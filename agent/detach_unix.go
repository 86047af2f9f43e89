//go:build !windows

package agent

import "syscall"

// detached puts the agent into a session of its own, so that closing the terminal does not end it by accident
// and Ctrl-C meant for a command does not reach it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
