package panel

import (
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// standsBy: Windows lets go of a socket only while nobody waits at it, so the heir comes when the agent ends, and one
// that was killed has none.
const standsBy = false

// pass lets a process that is yet to be started inherit files, and returns what they are called there.
func pass(cmd *exec.Cmd, files []*os.File) (names []uintptr, err error) {
	for _, f := range files {
		handle := f.Fd()
		if err := windows.SetHandleInformation(windows.Handle(handle), windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
			return nil, err
		}
		names = append(names, handle)
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, syscall.Handle(handle))
	}
	return names, nil
}

// share returns a listener's socket as a file. Nothing is accepted from then on: Windows lets go
// of a socket only while nobody waits at it.
func share(l *net.TCPListener) (f *os.File, err error) {
	_ = l.SetDeadline(time.Unix(1, 0))
	for range shareTries {
		if f, err = l.File(); err == nil {
			break
		}
		time.Sleep(shareTime)
	}
	return f, err
}

// How often, and how far apart, it is tried to get a socket that somebody has just waited at.
const (
	shareTries = 10
	shareTime  = 5 * time.Millisecond
)
