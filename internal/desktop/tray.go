//go:build linux

package desktop

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	itemInterface = "org.kde.StatusNotifierItem"
	itemPath      = dbus.ObjectPath("/StatusNotifierItem")
)

// Tray is the tray icon of one process, seen from the session bus.
type Tray struct {
	d    *Desktop
	name string // the item's name on the bus
	item dbus.BusObject
	menu dbus.BusObject

	quietWith *Process // the panel with which the menu has settled; for the mouse's goroutine only
}

// Tray finds the tray icon of the process, or says that it has none.
func (d *Desktop) Tray(pid int) (*Tray, error) {
	name := fmt.Sprintf("%s-%d-1", itemInterface, pid)
	if owned, err := d.HasName(name); err != nil || !owned {
		return nil, errors.Join(fmt.Errorf("desktop: process %d has no tray icon on the bus", pid), err)
	}
	item := d.bus.Object(name, itemPath)
	// The name comes before the properties: until they are there, the icon is not ready either.
	path, err := item.GetProperty(itemInterface + ".Menu")
	if err != nil {
		return nil, fmt.Errorf("desktop: the tray icon of process %d is not ready: %w", pid, err)
	}
	menuPath, ok := path.Value().(dbus.ObjectPath)
	if !ok {
		return nil, fmt.Errorf("desktop: the tray icon of process %d names no menu", pid)
	}
	return &Tray{d: d, name: name, item: item, menu: d.bus.Object(name, menuPath)}, nil
}

// WaitTray waits for the tray icon of the process to be on the bus, shown by a panel or not.
func (d *Desktop) WaitTray(ctx context.Context, pid int) (t *Tray, err error) {
	err = poll(ctx, "a tray icon", func() (bool, error) {
		t, err = d.Tray(pid)
		return err == nil, err
	})
	return t, err
}

// Shown tells whether a panel, or the stand-in Watcher, knows the icon.
func (t *Tray) Shown() (bool, error) {
	if owned, err := t.d.HasName(watcherName); !owned || err != nil {
		return false, err
	}
	items, err := t.d.registered()
	if err != nil {
		return false, err
	}
	unique, err := owner(t.d.bus, t.name)
	if err != nil {
		return false, err
	}
	for _, item := range items {
		// Hosts list "name/path", "name@/path", or the name alone; the name is the unique or the known one.
		name, _, _ := strings.Cut(item, "/")
		name = strings.TrimSuffix(name, "@")
		if name == unique || name == t.name {
			return true, nil
		}
	}
	return false, nil
}

// WaitShown waits until Shown.
func (t *Tray) WaitShown(ctx context.Context) error {
	return poll(ctx, "the panel to show the tray icon", t.Shown)
}

// registered lists the tray icons that the panel knows.
func (d *Desktop) registered() ([]string, error) {
	v, err := d.bus.Object(watcherName, watcherPath).GetProperty(watcherName + ".RegisteredStatusNotifierItems")
	if err != nil {
		return nil, err
	}
	items, _ := v.Value().([]string)
	return items, nil
}

// Activate does what a left click on the icon does on a panel that does not open the menu by it.
func (t *Tray) Activate() error {
	return t.item.Call(itemInterface+".Activate", 0, int32(0), int32(0)).Err
}

// SecondaryActivate does what a click with the middle button does.
func (t *Tray) SecondaryActivate() error {
	return t.item.Call(itemInterface+".SecondaryActivate", 0, int32(0), int32(0)).Err
}

// IndicatorSecondaryActivate is SecondaryActivate as Ayatana's indicators send it.
func (t *Tray) IndicatorSecondaryActivate() error {
	return t.item.Call(itemInterface+".XAyatanaSecondaryActivate", 0, uint32(0)).Err
}

// Scroll does what the mouse's wheel does over the icon.
func (t *Tray) Scroll() error {
	return t.item.Call(itemInterface+".Scroll", 0, int32(1), "vertical").Err
}

// Property reads a property of the icon, such as "Status".
func (t *Tray) Property(name string) (any, error) {
	v, err := t.item.GetProperty(itemInterface + "." + name)
	if err != nil {
		return nil, fmt.Errorf("desktop: reading %s of the tray icon: %w", name, err)
	}
	return v.Value(), nil
}

// Title is the icon's title, which hosts show as its tooltip.
func (t *Tray) Title() (string, error) {
	v, err := t.Property("Title")
	title, _ := v.(string)
	return title, err
}

// Icon is the icon's picture.
func (t *Tray) Icon() (image.Image, error) {
	v, err := t.item.GetProperty(itemInterface + ".IconPixmap")
	if err != nil {
		return nil, fmt.Errorf("desktop: reading the tray icon's picture: %w", err)
	}
	var pictures []struct {
		W, H   int32
		Pixels []byte // alpha, red, green, blue
	}
	if err := v.Store(&pictures); err != nil {
		return nil, fmt.Errorf("desktop: reading the tray icon's picture: %w", err)
	}
	if len(pictures) == 0 || len(pictures[0].Pixels) == 0 {
		return nil, errors.New("desktop: the tray icon has no picture")
	}
	p := pictures[0]
	if int(p.W)*int(p.H)*4 != len(p.Pixels) {
		return nil, fmt.Errorf("desktop: the tray icon of %d×%d has %d bytes", p.W, p.H, len(p.Pixels))
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	r := bytes.NewReader(p.Pixels)
	for i := range int(p.W) * int(p.H) {
		var argb [4]byte
		if err := binary.Read(r, binary.BigEndian, &argb); err != nil {
			return nil, err
		}
		img.SetNRGBA(i%int(p.W), i/int(p.W), color.NRGBA{argb[1], argb[2], argb[3], argb[0]})
	}
	return img, nil
}
