package process

import "golang.org/x/sys/unix"

// Harden keeps this process's memory to itself: no core dump, and no tracing or reading of its memory by other
// programs of the same user. (Root can do both; see docs/security.md.)
func Harden() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
