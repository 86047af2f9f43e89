//go:build !linux && !windows

package tray

import (
	"context"

	"fyne.io/systray"

	"kapu/icons"
)

// desktop is always there on these systems.
type desktop struct{}

func openDesktop(context.Context) (*desktop, error) { return &desktop{}, nil }

func (*desktop) gone() <-chan struct{} { return nil }

func (*desktop) close() {}

// CheckHost says what keeps the tray's icon from being seen: here nothing does.
func CheckHost(context.Context) error { return nil }

func (*desktop) checkHost(context.Context) error { return nil }

func (*desktop) keepHosted(context.Context, string) error { return nil }

// present shows the icon until quit is closed. ready makes the menu; started comes when the icon is there.
func present(ready, started func(), quit <-chan struct{}) {
	go func() {
		<-quit
		systray.Quit()
	}()
	systray.Run(func() {
		ready()
		started()
	}, func() {})
}

func setIcon(icon icons.State) { systray.SetIcon(icon.Tray()) }

func setTitle(title string) { systray.SetTooltip(title) }
