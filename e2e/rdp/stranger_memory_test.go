//go:build linux

package rdp

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// look at what the system tells of a process.
func (l *loot) look(pid int) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	for _, name := range []string{"mem", "environ", "maps", "smaps", "smaps_rollup", "pagemap", "auxv", "stack", "syscall", "io"} {
		if data, err := os.Open(filepath.Join(dir, name)); err == nil {
			if n, _ := io.ReadFull(data, make([]byte, 1)); n > 0 || name == "mem" {
				l.Memory = append(l.Memory, filepath.Join(dir, name))
			}
			data.Close()
		}
	}
	for _, name := range []string{"fd", "fdinfo", "map_files", "cwd", "root", "exe"} {
		_, listed := os.ReadDir(filepath.Join(dir, name))
		_, followed := os.Readlink(filepath.Join(dir, name))
		if listed == nil || followed == nil {
			l.Memory = append(l.Memory, filepath.Join(dir, name))
		}
	}
	args, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
	l.Args += string(bytes.ReplaceAll(args, []byte{0}, []byte{' '})) + "\n"
}

// grab at a process by the calls that debuggers have.
func (l *loot) grab(pid int) {
	got := func(how string) { l.Memory = append(l.Memory, fmt.Sprintf("process %d by %s", pid, how)) }
	if syscall.PtraceAttach(pid) == nil {
		_ = syscall.PtraceDetach(pid)
		got("ptrace")
	}
	local := make([]byte, 1)
	to := unix.Iovec{Base: &local[0]}
	to.SetLen(1)
	if _, err := unix.ProcessVMReadv(pid, []unix.Iovec{to}, []unix.RemoteIovec{{Base: 0x400000, Len: 1}}, 0); err != unix.EPERM {
		got(fmt.Sprintf("process_vm_readv (%v)", err))
	}
	if fd, err := unix.PidfdOpen(pid, 0); err == nil {
		if theirs, err := unix.PidfdGetfd(fd, 1, 0); err == nil {
			unix.Close(theirs)
			got("pidfd_getfd")
		}
		unix.Close(fd)
	}
	if syscall.Kill(pid, 0) == nil {
		got("kill")
	}
}

// share reads the memory that the other user's programs share among themselves.
func (l *loot) share(uid uint32) {
	text, _ := os.ReadFile("/proc/sysvipc/shm")
	for line := range strings.Lines(string(text)) {
		const id, owner = 1, 7 // columns
		f := strings.Fields(line)
		if len(f) <= owner || f[owner] != strconv.Itoa(int(uid)) {
			continue
		}
		n, _ := strconv.Atoi(f[id])
		if data, err := unix.SysvShmAttach(n, 0, unix.SHM_RDONLY); err == nil {
			if seen := len(data) - bytes.Count(data, []byte{0}); seen > 0 {
				l.Shared = append(l.Shared, seen)
			}
			_ = unix.SysvShmDetach(data)
		}
	}
}
