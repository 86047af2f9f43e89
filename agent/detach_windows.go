package agent

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// detached gives the agent no console, so that closing the one it was started from does not end it.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}
