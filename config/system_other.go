//go:build !windows

package config

import "github.com/adrg/xdg"

// homes are the folders for settings and for data.
func homes() (settings, data string) { return xdg.ConfigHome, xdg.DataHome }

// systemSession is one per user on macOS; Linux names sessions by their display.
func systemSession() string { return "desktop" }
