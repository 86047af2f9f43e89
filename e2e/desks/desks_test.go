//go:build linux

package desks

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// desk is a desktop and what is different about it.
type desk struct {
	name      string   // as XDG_CURRENT_DESKTOP has it
	session   []string // its program; the last of several, which begin together
	env       []string
	files     map[string]string // of settings, below the home
	panel     []string          // its program, by which it begins anew
	autostart []string          // programs that begin with the session, besides which none does
	leftIs    click             // what a left click on the icon is for
	inline    bool              // a submenu opens below its row, by a click
	wayland   func(*person) seat
}

// click is what a click on the icon does.
type click int

const (
	opensMenu  click = iota // the panel's own doing
	isKapusOwn              // the panel tells Kapu, which searches, or unlocks
)

// desks are the desktops of Debian 12 whose panels host StatusNotifierItem icons.
var desks = map[string]desk{
	"Xfce": {
		name: "XFCE", session: []string{"xfwm4 --compositor=off", "xfce4-panel --disable-wm-check"},
		panel: []string{"xfce4-panel", "--disable-wm-check"},
	},
	"LXQt": {
		name: "LXQt", session: []string{"openbox", "lxqt-panel"}, leftIs: isKapusOwn,
		env: []string{"XDG_CONFIG_DIRS=/etc:/etc/xdg:/usr/share", "QT_QPA_PLATFORM=xcb"}, panel: []string{"lxqt-panel"},
	},
	"MATE": {
		name: "MATE", session: []string{"mate-session"}, leftIs: isKapusOwn, panel: []string{"mate-panel"},
	},
	"Plasma": {
		name: "KDE", session: []string{"startplasma-x11"}, panel: []string{"plasmashell"},
		autostart: []string{"org.kde.plasmashell"},
		files:     map[string]string{".config/kwinrc": "[Compositing]\nEnabled=false\n"}, // a shadow is no part of a menu
		env:       []string{"KDE_FULL_SESSION=true", "KDE_SESSION_VERSION=5", "DESKTOP_SESSION=plasma", "QT_QPA_PLATFORM=xcb"},
	},
	"Cinnamon": {
		name: "X-Cinnamon", session: []string{"cinnamon-session --session cinnamon2d"}, leftIs: isKapusOwn,
		autostart: []string{"xapp-sn-watcher"},
	},
	"GNOME": {name: "GNOME", inline: true, wayland: atMutter},
	"sway":  {name: "sway", wayland: atSway, panel: []string{"waybar"}},
}

func TestDesktops(t *testing.T) {
	asked(t)
	for name, d := range desks {
		t.Run(name, d.try)
	}
}

// person sits at a desk.
type person struct {
	*desktop.Desktop
	seat
	desk
	t   *testing.T
	ctx context.Context
	at  image.Point // the middle of the icon
}

// begin begins the desk's session.
func (d desk) begin(t *testing.T) *person {
	machine := desktoptest.Start(t, desktop.Options{Screen: d.wayland == nil, Keyring: true, Services: true})
	p := &person{Desktop: machine, desk: d, t: t, ctx: desktoptest.Context(t)}
	offered, err := filepath.Glob("/etc/xdg/autostart/*.desktop")
	p.must(err)
	for _, path := range offered {
		if name := filepath.Base(path); !slices.Contains(d.autostart, strings.TrimSuffix(name, ".desktop")) {
			p.writes(filepath.Join(".config/autostart", name), "[Desktop Entry]\nType=Application\nName=none\nExec=true\nHidden=true\n")
		}
	}
	for name, text := range d.files {
		p.writes(name, text)
	}
	if d.wayland != nil {
		p.seat = d.wayland(p)
		return p
	}
	p.seat = x11{machine, p.environ}
	for _, line := range d.session {
		words := strings.Fields(line)
		p.launch(words[0], words[1:]...)
	}
	return p
}

func (p *person) writes(name, text string) {
	p.t.Helper()
	file := filepath.Join(p.Home(), name)
	p.must(os.MkdirAll(filepath.Dir(file), 0o700))
	p.must(os.WriteFile(file, []byte(text), 0o600))
}

func (p *person) launch(name string, args ...string) *desktop.Process {
	p.t.Helper()
	cmd := p.Command(context.Background(), name, args...)
	cmd.Env = append(cmd.Env, p.environ()...)
	process, err := p.Launch(cmd)
	p.must(err)
	return process
}

// environ is what the desk's programs have beside what any desktop's have.
func (p *person) environ() []string {
	return append([]string{
		"XDG_CURRENT_DESKTOP=" + p.name, "GSETTINGS_BACKEND=keyfile", "LIBGL_ALWAYS_SOFTWARE=1",
		"KAPU_HOME=" + filepath.Join(p.Home(), "kapu"), "LANG=hu_HU.UTF-8", "KAPU_BROWSER=false",
	}, p.env...)
}

func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}
