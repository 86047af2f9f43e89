//go:build !linux && !windows

package tray

import "github.com/ncruces/zenity"

// plainNotices shows notices without buttons, and cannot take them back.
type plainNotices struct{}

func newSink(*desktop) sink { return plainNotices{} }

func (plainNotices) show(n note) error {
	icon := zenity.InfoIcon
	if n.problem {
		icon = zenity.WarningIcon
	}
	return zenity.Notify(n.text, zenity.Title(n.heading()), icon)
}

func (plainNotices) hide() {}
