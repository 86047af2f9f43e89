//go:build linux

package desks

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// desk is a desktop and what is different about it.
type desk struct {
	name      string   // as XDG_CURRENT_DESKTOP has it
	session   []string // its programs, which begin together
	env       []string
	files     map[string]string // of settings, below the home
	panel     []string          // its program, by which it begins anew
	autostart []string          // programs that begin with the session, besides which none does
	ownsLeft  bool              // the panel opens no menu by a left click: Kapu searches
	inline    bool              // a submenu opens below its row, by a click
	wayland   func(*person) seat
}

// desks are the desktops of Debian 12 whose panels host StatusNotifierItem icons.
var desks = map[string]desk{
	"Xfce": {
		name: "XFCE", session: []string{"xfwm4 --compositor=off", "xfce4-panel --disable-wm-check"},
		panel: []string{"xfce4-panel", "--disable-wm-check"},
	},
	"LXQt": {
		name: "LXQt", session: []string{"openbox", "lxqt-panel"}, ownsLeft: true,
		env: []string{"XDG_CONFIG_DIRS=/etc:/etc/xdg:/usr/share", "QT_QPA_PLATFORM=xcb"}, panel: []string{"lxqt-panel"},
	},
	"MATE": {
		name: "MATE", session: []string{"mate-session"}, ownsLeft: true, panel: []string{"mate-panel"},
	},
	"Plasma": {
		name: "KDE", session: []string{"startplasma-x11"}, panel: []string{"plasmashell"},
		autostart: []string{"org.kde.plasmashell"},
		files:     map[string]string{".config/kwinrc": "[Compositing]\nEnabled=false\n"}, // a shadow is no part of a menu
		env:       []string{"KDE_FULL_SESSION=true", "KDE_SESSION_VERSION=5", "DESKTOP_SESSION=plasma", "QT_QPA_PLATFORM=xcb"},
	},
	"Cinnamon": {
		name: "X-Cinnamon", session: []string{"cinnamon-session --session cinnamon2d"}, ownsLeft: true,
		autostart: []string{"xapp-sn-watcher"},
	},
	// Its usual tray shows XEmbed icons only; this is the other one, which a person puts on the panel.
	"Budgie": {
		name: "Budgie:GNOME", session: []string{"budgie-wm --x11", "budgie-panel", indicators}, panel: []string{"budgie-panel"},
		files: map[string]string{".config/glib-2.0/settings/keyfile": budgiePanel},
	},
	"GNOME": {name: "GNOME", inline: true, wayland: atMutter},
	"sway":  {name: "sway", wayland: atSway, panel: []string{"waybar"}},
}

// indicators is the service of which the applet shows the icons.
const indicators = "/usr/libexec/ayatana-indicator-application/ayatana-indicator-application-service"

// budgiePanel is a panel with one applet: indicators.
const budgiePanel = `[com/solus-project/budgie-panel]
panels=['11111111-1111-1111-1111-111111111111']
migration-level=1

[com/solus-project/budgie-panel/panels/{11111111-1111-1111-1111-111111111111}]
location='bottom'
applets=['22222222-2222-2222-2222-222222222222']

[com/solus-project/budgie-panel/applets/{22222222-2222-2222-2222-222222222222}]
name='AppIndicator Applet'
alignment='end'
`

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
	t  *testing.T
	at image.Point // the middle of the icon

	unlocked *image.RGBA     // the screen with the unlocked icon
	was      image.Rectangle // where the icon was on it
}

// sits brings a person to a desk on which nothing has begun.
func (d desk) sits(t *testing.T, options desktop.Options) *person {
	p := &person{desk: d, t: t}
	t.Cleanup(func() { // when the desktop has stopped: some of a session's programs go their own ways
		for _, pid := range p.processes("") {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	p.Desktop = desktoptest.Start(t, options)
	if p.Display() != "" {
		p.seat = x11{p}
	}
	return p
}

// begin begins the desk's session.
func (d desk) begin(t *testing.T) *person {
	p := d.sits(t, desktop.Options{Screen: d.wayland == nil, Keyring: true, Services: true})
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
	}
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

// command is one that sees this desk.
func (p *person) command(name string, args ...string) *exec.Cmd {
	cmd := p.Command(context.Background(), name, args...)
	cmd.Env = append(cmd.Env, p.environ()...)
	return cmd
}

func (p *person) launch(name string, args ...string) *desktop.Process {
	p.t.Helper()
	process, err := p.Launch(p.command(name, args...))
	p.must(err)
	return process
}

// run runs a tool to its end and returns what it printed.
func (p *person) run(name string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := p.command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", cmd, err, stderr.Bytes())
	}
	return out, err
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
