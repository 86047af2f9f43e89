//go:build !windows

package lang

import "syscall"

// systemKinds are errnos that say more than the kinds of package fs.
func systemKinds() []kind {
	return []kind{
		{syscall.ENOSPC, "cause-no-space"},
		{syscall.EDQUOT, "cause-quota"},
		{syscall.EFBIG, "cause-too-large"},
		{syscall.EROFS, "cause-read-only"},
		{syscall.EIO, "cause-drive"},
		{syscall.ENODEV, "cause-drive"},
		{syscall.ENXIO, "cause-drive"},
		{syscall.EBUSY, "cause-in-use"},
		{syscall.ETXTBSY, "cause-in-use"},
		{syscall.ENOTDIR, "cause-not-folder"},
		{syscall.EISDIR, "cause-is-folder"},
		{syscall.ENAMETOOLONG, "cause-name-long"},
		{syscall.ENOTEMPTY, "cause-not-empty"},
		{syscall.ELOOP, "cause-loop"},
		{syscall.EXDEV, "cause-unsupported"},
		{syscall.EINVAL, "cause-unsupported"},
		{syscall.EMFILE, "cause-many-open"},
		{syscall.ENFILE, "cause-many-open"},
		{syscall.ENOMEM, "cause-memory"},
		{syscall.ESTALE, "cause-share-gone"},
		{syscall.ENOTCONN, "cause-share-gone"},
		{syscall.EHOSTDOWN, "cause-unreachable"},
		{syscall.ECONNREFUSED, "cause-refused"},
		{syscall.ECONNRESET, "cause-reset"},
		{syscall.ECONNABORTED, "cause-reset"},
		{syscall.EPIPE, "cause-reset"},
		{syscall.ENETUNREACH, "cause-unreachable"},
		{syscall.EHOSTUNREACH, "cause-unreachable"},
		{syscall.ENETDOWN, "cause-unreachable"},
		{syscall.EADDRINUSE, "cause-address-taken"},
		{syscall.EADDRNOTAVAIL, "cause-unreachable"},
		{syscall.ENOLCK, "cause-in-use"},
		{syscall.EDEADLK, "cause-in-use"},
		{syscall.ETIMEDOUT, "cause-timeout"},
		{syscall.ENOEXEC, "cause-not-program"},
	}
}
