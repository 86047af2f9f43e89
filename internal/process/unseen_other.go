//go:build !windows

package process

// Unseen runs a dialog. Its window is another program's here, or the system keeps no list of what not to show.
func Unseen(dialog func()) { dialog() }
