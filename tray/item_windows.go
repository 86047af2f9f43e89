package tray

import "fyne.io/systray"

// desktopItem is a row of the real menu. On Windows a hidden row is taken out of the menu, and any change to it
// puts it back; so a hidden row is hidden again after each.
type desktopItem struct {
	*systray.MenuItem
	hidden bool
}

func addItem(title string) item { return &desktopItem{MenuItem: systray.AddMenuItem(title, "")} }

func (i *desktopItem) AddSub(title string) item {
	return &desktopItem{MenuItem: i.AddSubMenuItem(title, "")}
}

func (i *desktopItem) Clicks() <-chan struct{} { return i.ClickedCh }

func (i *desktopItem) SetTitle(title string) {
	i.MenuItem.SetTitle(title)
	i.hideAgain()
}

func (i *desktopItem) Enable() {
	i.MenuItem.Enable()
	i.hideAgain()
}

func (i *desktopItem) Disable() {
	i.MenuItem.Disable()
	i.hideAgain()
}

func (i *desktopItem) Show() {
	i.hidden = false
	i.MenuItem.Show()
}

func (i *desktopItem) Hide() {
	i.hidden = true
	i.MenuItem.Hide()
}

func (i *desktopItem) hideAgain() {
	if i.hidden {
		i.MenuItem.Hide()
	}
}
