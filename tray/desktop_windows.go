package tray

import (
	"context"
	"time"

	"fyne.io/systray"
	"golang.org/x/sys/windows"

	"kapu/icons"
	"kapu/lang"
)

// desktop is the taskbar.
type desktop struct{}

// taskbarEvery is how often the taskbar is asked whether it takes icons by now.
const taskbarEvery = time.Second

// openDesktop waits until the taskbar takes icons. A program that starts with the session may be earlier than Explorer
// or find it busy, and systray tries just once: after that there would be neither icon nor menu.
func openDesktop(ctx context.Context) (*desktop, error) {
	for !taskbarReady() {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(taskbarEvery):
		}
	}
	return &desktop{}, nil
}

// taskbarReady tries an icon that nobody sees.
func taskbarReady() bool {
	name, _ := windows.UTF16PtrFromString("STATIC") // a class that is always there
	h, _, _ := procCreateWindowEx.Call(0, address(name), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if h == 0 {
		return false
	}
	defer procDestroyWindow.Call(h)
	try := notifyIcon{window: h, flags: nifState, state: nisHidden, stateMask: nisHidden}
	return try.tell(nimAdd) && try.tell(nimDelete)
}

func (*desktop) gone() <-chan struct{} { return nil }

func (*desktop) close() {}

// CheckHost says what keeps the tray's icon from being seen.
func CheckHost(ctx context.Context) error { return (*desktop)(nil).checkHost(ctx) }

func (*desktop) checkHost(context.Context) error {
	if !taskbarReady() {
		return lang.E("tray-no-taskbar")
	}
	return nil
}

// keepHosted: the taskbar is not another program that comes and goes unheard.
func (*desktop) keepHosted(context.Context, string) error { return nil }

// inTaskbar is the icon of this process.
var inTaskbar mark

// present shows the icon until quit is closed. ready makes the menu; started comes when the icon is there.
func present(ready, started func(), quit <-chan struct{}) {
	go func() {
		<-quit
		systray.Quit()
	}()
	systray.Run(func() {
		inTaskbar.subclass()
		ready()
		started()
	}, func() {})
}

func setIcon(icon icons.State) { inTaskbar.setPicture(icon.Tray()) }

func setTitle(title string) { inTaskbar.setTitle(title) }
