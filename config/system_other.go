//go:build !windows

package config

import (
	"runtime"

	"github.com/adrg/xdg"
)

// homes are the folders for settings and for data.
func homes() (settings, data string) { return xdg.ConfigHome, xdg.DataHome }

// systemSession is one per user on macOS; Linux names sessions by their display.
func systemSession() string { return "desktop" }

// machineFile is the machine's settings file. It is not looked for along XDG_CONFIG_DIRS: a person can set that.
func machineFile() string {
	if runtime.GOOS == "darwin" {
		return "/Library/Application Support/Kapu/config.toml"
	}
	return "/etc/xdg/kapu/config.toml"
}
