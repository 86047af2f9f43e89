package process

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// Detached gives a process no console, so that closing the one it was started from does not end it.
func Detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}
