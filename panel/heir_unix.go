//go:build !windows

package panel

import (
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// standsBy says that an heir may hold the sockets while the agent accepts.
const standsBy = true

// pass lets a process that is yet to be started inherit files, and returns what they are called there.
func pass(cmd *exec.Cmd, files []*os.File) (names []uintptr, err error) {
	const first = 3 // after the standard ones
	for i := range files {
		names = append(names, uintptr(first+i))
	}
	cmd.ExtraFiles = files
	return names, nil
}

// share returns a listener's socket as a file. Handing a file to a process puts it into blocking mode, and with it the
// listener, whose Close would then wait for one more connection; one that was made in that mode is left as it is.
func share(l *net.TCPListener) (f *os.File, err error) {
	raw, err := l.SyscallConn()
	if err != nil {
		return nil, err
	}
	controlErr := raw.Control(func(fd uintptr) {
		var own int
		if own, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err != nil {
			return
		}
		_ = syscall.SetNonblock(own, false)
		f = os.NewFile(uintptr(own), "listener")
		_ = syscall.SetNonblock(own, true)
	})
	if err == nil {
		err = controlErr
	}
	return f, err
}
