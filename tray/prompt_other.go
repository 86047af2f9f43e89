//go:build !linux

package tray

// available says whether dialogs can be shown.
func (dialogs) available() bool { return true }

func speakable(dialog func() (string, error)) (string, error) { return dialog() }
