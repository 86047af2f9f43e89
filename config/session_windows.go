package config

import (
	"strconv"

	"golang.org/x/sys/windows"
)

// systemSession is the number of the terminal session: each RDP user has one.
func systemSession() string {
	var id uint32
	if err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &id); err != nil {
		return Console
	}
	return "session-" + strconv.FormatUint(uint64(id), 10)
}
