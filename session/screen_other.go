//go:build !linux

package session

// ScreenOpen is no on other systems, which have no xrdp.
func ScreenOpen() bool { return false }
