//go:build !windows

package process

import "syscall"

// Detached puts a process into a session of its own, so that closing the terminal does not end it by accident
// and Ctrl-C meant for a command does not reach it.
func Detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
