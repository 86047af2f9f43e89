package tray

import (
	"image"
	"path/filepath"
	"sync"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"

	"kapu/icons"
	"kapu/internal/disk"
	"kapu/internal/sessionbus"
)

const itemAPI = "org.kde.StatusNotifierItem"

// statusItem is the icon of this process as panels read it (StatusNotifierItem). systray registers it and would serve
// one picture of one size; ours has every size that panels show, so that none is blown up.
type statusItem struct {
	mu       sync.Mutex
	bus      *dbus.Conn // nil until serve
	title    string
	icon     icons.State
	pictures []picture // of the icon, kept because panels ask for each property by itself
	folder   string    // of its pictures as files, for who reads nothing else; "" for panels
}

// onPanel is the icon of this process.
var onPanel statusItem

func setIcon(icon icons.State) { onPanel.setPicture(icon) }

func setTitle(title string) { onPanel.setTitle(title) }

// serve takes the place of what systray has put on the bus.
func (i *statusItem) serve(bus *dbus.Conn, clicked func(verb)) error {
	click := func(v verb) func(x, y int32) *dbus.Error {
		return func(int32, int32) *dbus.Error {
			clicked(v)
			return nil
		}
	}
	activate := click(leftClick)
	if sessionbus.OnDesktop("KDE") { // it opens the menu itself where a program does not answer
		activate = func(int32, int32) *dbus.Error { return &dbus.ErrMsgUnknownMethod }
	}
	err := bus.ExportMethodTable(map[string]any{
		"Activate": activate, "SecondaryActivate": click(middleClick),
		"ContextMenu": func(x, y int32) *dbus.Error { return nil }, // the panel's part
		"Scroll":      func(delta int32, orientation string) *dbus.Error { return nil },
		"XAyatanaSecondaryActivate": func(uint32) *dbus.Error {
			clicked(middleClick)
			return nil
		},
	}, iconPath, itemAPI)
	if err == nil {
		err = bus.ExportMethodTable(map[string]any{
			"Get": i.get, "GetAll": i.getAll,
			"Set": func(string, string, dbus.Variant) *dbus.Error {
				return dbus.NewError("org.freedesktop.DBus.Error.PropertyReadOnly", nil)
			},
		}, iconPath, "org.freedesktop.DBus.Properties")
	}
	if err != nil {
		return err
	}
	i.update(func() { i.bus = bus })
	i.changed("IconPixmap", "NewIcon")
	return nil
}

// update makes a change, and says whether panels are to be told of it; until serve, systray tells them.
func (i *statusItem) update(change func()) (served bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
	return i.bus != nil
}

func (i *statusItem) setPicture(icon icons.State) {
	pictures := pixmaps(icon.Pictures())
	if i.update(func() { i.icon, i.pictures = icon, pictures }) {
		i.changed("IconPixmap", "NewIcon")
	} else {
		systray.SetIcon(icon.Tray())
	}
}

// pictureFiles are the names of the pictures in the folder.
var pictureFiles = [...]string{icons.Open: "open.png", icons.Locked: "locked.png", icons.Attention: "attention.png"}

// setFolder has the icon name the file of its picture, in a folder which it makes; "" names none.
func (i *statusItem) setFolder(folder string) error {
	if i.folder == folder { // nobody else changes it
		return nil
	}
	if folder != "" {
		if err := disk.TrustedFolder(folder); err != nil {
			return err
		}
		for icon, name := range pictureFiles {
			if err := disk.WriteFile(filepath.Join(folder, name), icons.State(icon).Tray()); err != nil {
				return err
			}
		}
	}
	i.update(func() { i.folder = folder })
	i.changed("IconName", "NewIcon")
	return nil
}

func (i *statusItem) setTitle(title string) {
	if i.update(func() { i.title = title }) {
		i.changed("Title", "NewTitle")
		i.changed("ToolTip", "NewToolTip")
	} else {
		systray.SetTitle(title)
	}
}

// changed tells of a property in both ways in which panels hear of it. A bus that is gone is heard of elsewhere.
func (i *statusItem) changed(property, signal string) {
	value, _ := i.get(itemAPI, property)
	_ = i.bus.Emit(iconPath, "org.freedesktop.DBus.Properties.PropertiesChanged", itemAPI,
		map[string]dbus.Variant{property: value}, []string{})
	_ = i.bus.Emit(iconPath, itemAPI+"."+signal)
}

// picture is a pixmap of the protocol: rows from the top, four bytes a pixel: alpha, red, green, blue.
type picture struct {
	Width, Height int32
	Pixels        []byte
}

// toolTip is the protocol's: an icon's name and pictures, a title and a text.
type toolTip struct {
	Icon     string
	Pictures []picture
	Title    string
	Text     string
}

func (i *statusItem) getAll(string) (map[string]dbus.Variant, *dbus.Error) {
	i.mu.Lock()
	title, pictures, file := i.title, i.pictures, ""
	if i.folder != "" {
		file = filepath.Join(i.folder, pictureFiles[i.icon])
	}
	i.mu.Unlock()
	all := map[string]any{
		"Category": "ApplicationStatus", "Id": iconID, "Title": title, "Status": "Active", "WindowId": int32(0),
		"IconName": file, "IconThemePath": "", "IconPixmap": pictures, "ToolTip": toolTip{Title: title},
		"ItemIsMenu": true, "Menu": dbus.ObjectPath(menuPath),
	}
	variants := make(map[string]dbus.Variant, len(all))
	for name, value := range all {
		variants[name] = dbus.MakeVariant(value)
	}
	return variants, nil
}

func (i *statusItem) get(_, name string) (dbus.Variant, *dbus.Error) {
	all, _ := i.getAll(itemAPI)
	value, ok := all[name]
	if !ok {
		return dbus.Variant{}, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", []any{name})
	}
	return value, nil
}

func pixmaps(pictures []*image.NRGBA) []picture {
	list := make([]picture, len(pictures))
	for n, p := range pictures {
		size := int32(p.Rect.Dx())
		list[n] = picture{size, size, make([]byte, 0, len(p.Pix))}
		for at := 0; at < len(p.Pix); at += 4 {
			list[n].Pixels = append(list[n].Pixels, p.Pix[at+3], p.Pix[at], p.Pix[at+1], p.Pix[at+2])
		}
	}
	return list
}
