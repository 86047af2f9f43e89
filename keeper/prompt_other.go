//go:build !linux

package keeper

import "github.com/ncruces/zenity"

// dialogs says whether one can be shown.
func dialogs() bool { return zenity.IsAvailable() }

func speakable(dialog func() (string, error)) (string, error) { return dialog() }
