//go:build linux

package rdp

import (
	"fmt"
	"os"
	"strings"

	"kapu/internal/desktop"
)

// tray starts the program as a click in the start menu does, and waits until the session's panel shows its icon.
func (o *office) tray() *desktop.Process {
	o.t.Helper()
	cmd := o.Command(o.ctx, "setpriv", fmt.Sprintf("--reuid=%d", o.person.uid), fmt.Sprintf("--regid=%d", o.person.gid),
		"--clear-groups", "--pdeathsig=KILL", "--", program)
	cmd.Env, cmd.Dir = o.session, o.person.home
	p, err := o.Launch(cmd)
	o.must(err)
	name := fmt.Sprintf("org.kde.StatusNotifierItem-%d-1", p.Pid())
	o.wait("the tray icon", func() bool {
		items := o.property("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "RegisteredStatusNotifierItems")
		return strings.Contains(items, "/StatusNotifierItem") && o.title(name) != ""
	})
	return p
}

// trayLocked waits until the tray says that the vault is locked.
func (o *office) trayLocked(p *desktop.Process) {
	o.t.Helper()
	o.wait("the tray to show the locked vault", func() bool {
		return strings.Contains(o.title(fmt.Sprintf("org.kde.StatusNotifierItem-%d-1", p.Pid())), "zárolva")
	})
}

func (o *office) title(name string) string {
	return o.property(name, "/StatusNotifierItem", "Title")
}

// menuHas waits until the menu has a row for each of these clients.
func (o *office) menuHas(p *desktop.Process, names ...string) {
	o.t.Helper()
	missing := ""
	defer func() {
		if missing != "" {
			o.t.Logf("%q is missing", missing)
		}
	}()
	o.wait("the clients in the menu", func() bool {
		menu := o.menu(p)
		missing = ""
		for _, name := range names {
			if label := strings.ReplaceAll(name, "_", "__"); !strings.Contains(menu, `"`+label+`"`) {
				missing = name
			}
		}
		return missing == ""
	})
}

// menu is the whole menu as the session's bus tells it.
func (o *office) menu(p *desktop.Process) string {
	out, _ := o.inside("dbus-send", "--print-reply", "--reply-timeout=5000", fmt.Sprintf("--dest=org.kde.StatusNotifierItem-%d-1", p.Pid()),
		"/StatusNotifierItem/menu", "com.canonical.dbusmenu.GetLayout", "int32:0", "int32:-1", "array:string:label").Output()
	return string(out)
}

// property reads from the session's bus, as its user: nobody else may.
func (o *office) property(name, path, property string) string {
	face := name
	if strings.HasPrefix(name, "org.kde.StatusNotifierItem-") {
		face = "org.kde.StatusNotifierItem"
	}
	out, _ := o.inside("dbus-send", "--print-reply=literal", "--reply-timeout=2000", "--dest="+name, path,
		"org.freedesktop.DBus.Properties.Get", "string:"+face, "string:"+property).Output()
	return string(out)
}

// configure writes the settings: no waiting for a fresh code, no question to a clock on the internet.
func (o *office) configure(clearAfter string) {
	o.t.Helper()
	path := o.person.home
	for _, part := range []string{".config", "kapu"} {
		path += "/" + part
		if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
			o.t.Fatal(err)
		}
		o.must(os.Chown(path, int(o.person.uid), int(o.person.gid)))
	}
	o.person.write(o.t, ".config/kapu/config.toml", fmt.Sprintf("ntp_server = \"127.0.0.1\"\n[copy]\nfresh_for = \"1s\"\nclear_after = %q\n", clearAfter), 0o600)
}
