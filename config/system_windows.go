package config

import (
	"strconv"

	"github.com/adrg/xdg"
	"golang.org/x/sys/windows"
)

// homes are both in the part of the profile that roams, so that a person finds their clients on each machine.
func homes() (settings, data string) {
	roaming, err := windows.KnownFolderPath(windows.FOLDERID_RoamingAppData, 0)
	if err != nil {
		return xdg.ConfigHome, xdg.DataHome
	}
	return roaming, roaming
}

// systemSession is the number of the terminal session: each RDP user has one.
func systemSession() string {
	var id uint32
	if err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &id); err != nil {
		return Console
	}
	return "session-" + strconv.FormatUint(uint64(id), 10)
}
