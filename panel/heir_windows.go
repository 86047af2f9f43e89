package panel

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// standsBy: Windows lets go of a socket only while nobody waits at it, so the heir comes when the agent ends, and one that
// was killed has none.
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
