//go:build !linux

package tray

import "kapu/internal/process"

// available says whether dialogs can be shown.
func (dialogs) available() bool { return true }

func speakable[T any](dialog func() (T, error)) (answer T, err error) {
	process.Unseen(func() { answer, err = dialog() })
	return answer, err
}
