//go:build !windows && !linux

package tray

import "fyne.io/systray"

// desktopItem is a row of the real menu.
type desktopItem struct{ *systray.MenuItem }

func addItem(title string) item { return desktopItem{systray.AddMenuItem(title, "")} }

func (i desktopItem) AddSub(title string) item { return desktopItem{i.AddSubMenuItem(title, "")} }

func (i desktopItem) Clicks() <-chan struct{} { return i.ClickedCh }
