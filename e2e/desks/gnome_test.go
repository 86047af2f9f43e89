//go:build linux

package desks

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop/desktoptest"
)

// mutter is a seat at GNOME's compositor, which lets a program have the mouse and the keys of a remote desktop. Its
// clipboard is the one of XWayland.
type mutter struct {
	x11     // for its clipboard
	conn    *dbus.Conn
	session dbus.BusObject
	at      image.Point
}

const (
	remoteDesktop = "org.gnome.Mutter.RemoteDesktop"
	screenshots   = "org.gnome.Shell.Screenshot"
	xSockets      = "/tmp/.X11-unix"
)

// atMutter begins GNOME with the extension that Debian has for tray icons.
func atMutter(p *person) seat {
	p.writes(".config/glib-2.0/settings/keyfile", "[org/gnome/shell]\n"+
		"enabled-extensions=['ubuntu-appindicators@ubuntu.com']\ndisable-user-extensions=false\n"+
		"welcome-dialog-last-shown-version='99'\n")
	// systemd makes this folder. Where there is none, mutter makes one of the wrong rights, and does not begin.
	if os.Mkdir(xSockets, 0o777) == nil {
		p.must(os.Chmod(xSockets, 0o777|os.ModeSticky))
	}
	system, _ := desktoptest.Logind(p.t) // without which its shell does not begin
	p.env = append(p.env, "XDG_SESSION_TYPE=wayland", "DBUS_SYSTEM_BUS_ADDRESS="+system.BusAddress())
	shell := p.launch("gnome-shell", "--unsafe-mode", "--headless", "--wayland-display", "wayland-0",
		"--virtual-monitor", fmt.Sprintf("%dx%d", width, height))
	p.env = append(p.env, "WAYLAND_DISPLAY=wayland-0")
	display := regexp.MustCompile(`public X11 display (:\d+)`)
	p.until("GNOME", func() bool {
		found := display.FindStringSubmatch(shell.Output())
		cookies, _ := filepath.Glob(filepath.Join(p.RuntimeDir(), ".mutter-Xwaylandauth.*"))
		if found == nil || len(cookies) == 0 {
			return false
		}
		p.env = append(p.env, "DISPLAY="+found[1], "XAUTHORITY="+cookies[0])
		return true
	})
	m := &mutter{x11: x11{p}, at: image.Pt(width-1, height-1)}
	var err error
	m.conn, err = p.Connect()
	p.must(err)
	p.t.Cleanup(func() { m.conn.Close() })
	var path dbus.ObjectPath
	p.until("GNOME's remote desktop", func() bool {
		return m.conn.Object(remoteDesktop, "/org/gnome/Mutter/RemoteDesktop").Call(remoteDesktop+".CreateSession", 0).Store(&path) == nil
	})
	m.session = m.conn.Object(remoteDesktop, path)
	p.must(m.call("Start"))
	p.must(m.call("NotifyPointerMotionRelative", float64(5*width), float64(5*height)))
	return m
}

func (m *mutter) call(method string, args ...any) error {
	return m.session.Call(remoteDesktop+".Session."+method, 0, args...).Err
}

func (m *mutter) move(x, y int) error {
	dx, dy := x-m.at.X, y-m.at.Y
	m.at = image.Pt(x, y)
	return m.call("NotifyPointerMotionRelative", float64(dx), float64(dy))
}

func (m *mutter) click(b button) error {
	if err := m.call("NotifyPointerButton", int32(b.linux()), true); err != nil {
		return err
	}
	return m.call("NotifyPointerButton", int32(b.linux()), false)
}

func (m *mutter) key(name string) error {
	number := map[string]uint32{"Escape": 0xff1b}[name]
	if err := m.call("NotifyKeyboardKeysym", number, true); err != nil {
		return err
	}
	return m.call("NotifyKeyboardKeysym", number, false)
}

func (m *mutter) look(area image.Rectangle) (*image.RGBA, error) {
	file := filepath.Join(m.Home(), "look.png")
	err := m.conn.Object(screenshots, "/org/gnome/Shell/Screenshot").Call(screenshots+".ScreenshotArea", 0,
		int32(area.Min.X), int32(area.Min.Y), int32(area.Dx()), int32(area.Dy()), false, file).Err
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return decoded(data, area)
}
