package process

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"kapu/lang"
)

// KeepInRAM keeps the memory of this process, and what it will take later, from being written to swap. The system
// allows it to whoever may lock any amount. A limit, as most desktops have one (8 MiB), cannot be kept to: Go reserves
// far more than it uses, and what is over the limit is not merely left unlocked but refused, at a later moment, which
// ends the process. Locking only the identity would be of no use: its copies and the clients' keys are in the same
// heap.
func KeepInRAM() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		return err
	}
	if limit.Max == unix.RLIM_INFINITY {
		limit.Cur = limit.Max
		_ = unix.Setrlimit(unix.RLIMIT_MEMLOCK, &limit)
	}
	if limit.Cur != unix.RLIM_INFINITY && !mayLock() {
		return lang.E("memory-limit", "KiB", limit.Cur>>10)
	}
	// On fault: what was reserved and never used takes no memory.
	return unix.Mlockall(unix.MCL_CURRENT | unix.MCL_FUTURE | unix.MCL_ONFAULT)
}

// mayLock says whether this process is exempt from the limit.
func mayLock() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	return unix.Capget(&header, &data[0]) == nil && data[0].Effective&(1<<unix.CAP_IPC_LOCK) != 0
}

// SwapsToDisk says whether this machine writes memory to a disk; to a compressed part of the memory is none.
func SwapsToDisk() bool {
	data, err := os.ReadFile("/proc/swaps")
	if err != nil {
		return true // it is not known
	}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if i > 0 && !strings.HasPrefix(line, "/dev/zram") {
			return true
		}
	}
	return false
}
