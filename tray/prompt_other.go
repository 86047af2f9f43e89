//go:build !linux

package tray

// available says whether dialogs can be shown.
func (dialogs) available() bool { return true }

func speakable[T any](dialog func() (T, error)) (T, error) { return dialog() }
