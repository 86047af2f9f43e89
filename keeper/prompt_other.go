//go:build !linux

package keeper

import (
	"github.com/ncruces/zenity"

	"kapu/internal/process"
)

// dialogs says whether one can be shown.
func dialogs() bool { return zenity.IsAvailable() }

func speakable(dialog func() (string, error)) (answer string, err error) {
	process.Unseen(func() { answer, err = dialog() })
	return answer, err
}
