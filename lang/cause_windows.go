package lang

import "golang.org/x/sys/windows"

// systemKinds are error codes that say more than the kinds of package fs.
func systemKinds() []kind {
	return []kind{
		{windows.ERROR_DISK_FULL, "cause-no-space"},
		{windows.ERROR_HANDLE_DISK_FULL, "cause-no-space"},
		{windows.ERROR_DISK_QUOTA_EXCEEDED, "cause-quota"},
		{windows.ERROR_FILE_TOO_LARGE, "cause-too-large"},
		{windows.ERROR_WRITE_PROTECT, "cause-read-only"},
		{windows.ERROR_CRC, "cause-drive"},
		{windows.ERROR_IO_DEVICE, "cause-drive"},
		{windows.ERROR_NOT_READY, "cause-drive"},
		{windows.ERROR_SHARING_VIOLATION, "cause-in-use"},
		{windows.ERROR_LOCK_VIOLATION, "cause-in-use"},
		{windows.ERROR_BUSY, "cause-in-use"},
		{windows.ERROR_DIRECTORY, "cause-not-folder"},
		{windows.ERROR_FILENAME_EXCED_RANGE, "cause-name-long"},
		{windows.ERROR_DIR_NOT_EMPTY, "cause-not-empty"},
		{windows.ERROR_INVALID_NAME, "cause-name-wrong"},
		{windows.ERROR_TOO_MANY_OPEN_FILES, "cause-many-open"},
		{windows.ERROR_NOT_ENOUGH_MEMORY, "cause-memory"},
		{windows.ERROR_VIRUS_INFECTED, "cause-virus"},
		{windows.ERROR_BAD_NETPATH, "cause-share-gone"},
		{windows.ERROR_BAD_NET_NAME, "cause-share-gone"},
		{windows.ERROR_NETNAME_DELETED, "cause-share-gone"},
		{windows.ERROR_UNEXP_NET_ERR, "cause-share-gone"},
		{windows.ERROR_DEV_NOT_EXIST, "cause-share-gone"},
		{windows.ERROR_LOGON_FAILURE, "cause-denied"},
		{windows.ERROR_NETWORK_ACCESS_DENIED, "cause-denied"},
		{windows.WSAECONNREFUSED, "cause-refused"},
		{windows.WSAECONNRESET, "cause-reset"},
		{windows.WSAECONNABORTED, "cause-reset"},
		{windows.WSAENETUNREACH, "cause-unreachable"},
		{windows.WSAEHOSTUNREACH, "cause-unreachable"},
		{windows.WSAENETDOWN, "cause-unreachable"},
		{windows.WSAEADDRINUSE, "cause-address-taken"},
		{windows.WSAEACCES, "cause-denied"},
		{windows.WSAETIMEDOUT, "cause-timeout"},
		{windows.ERROR_BAD_EXE_FORMAT, "cause-not-program"},
	}
}
