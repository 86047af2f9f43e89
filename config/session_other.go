//go:build !windows

package config

// systemSession is one per user on macOS; Linux names sessions by their display.
func systemSession() string { return "desktop" }
