package config

import (
	"path/filepath"
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

// machineFile is the machine's settings file. The system is asked, not %ProgramData%: a person can set that.
func machineFile() string {
	data, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		data = `C:\ProgramData`
	}
	return filepath.Join(data, "Kapu", "config.toml")
}
