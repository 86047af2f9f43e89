//go:build !windows

package panel

import (
	"os"
	"os/exec"
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
