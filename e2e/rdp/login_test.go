//go:build linux

package rdp

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// xsession is the user's desktop. xrdp starts it as it starts any user's.
const xsession = `#!/bin/sh
[ -n "$DBUS_SESSION_BUS_ADDRESS" ] || exec dbus-run-session -- "$0"
export LANG=hu_HU.UTF-8 LC_ALL=hu_HU.UTF-8 NO_AT_BRIDGE=1 GIO_USE_VFS=local
gnome-keyring-daemon --unlock --components=secrets < "$HOME/login" > /dev/null
rm "$HOME/login"
# Whoever asks before the keychain is on the bus would have the bus start another one, which is locked.
until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
	string:org.freedesktop.secrets | grep -q true; do sleep 0.05; done
xfwm4 --compositor=off &
xfce4-panel --disable-wm-check &
umask 077
env -0 > "$HOME/environment.part" && mv "$HOME/environment.part" "$HOME/environment"
wait
`

// furnish puts into the user's home what the session will need.
func (o *office) furnish() {
	o.t.Helper()
	u := o.person
	u.write(o.t, ".xsession", xsession, 0o700)
	u.write(o.t, "export.txt", string(examples.Export(o.clients)), 0o600)
}

// connect logs in, or comes back to the session that is there, and returns the remote desktop's program.
func (o *office) connect() *desktop.Process {
	o.t.Helper()
	if o.session == nil {
		o.person.write(o.t, "login", o.person.password, 0o600) // opens the keychain; the session removes it
	}
	cmd := o.Command(context.Background(), "xfreerdp", "/v:"+o.server.address, "/u:"+o.person.name, "/from-stdin:force",
		"/sec:tls", "/cert:ignore", "/size:"+o.size, "/bpp:24", "/log-level:WARN")
	if o.without {
		cmd.Args = append(cmd.Args, "-clipboard")
	} else {
		cmd.Args = append(cmd.Args, "+clipboard")
	}
	cmd.Stdin = strings.NewReader(o.person.password + "\n") // a password in argv is for all to see
	p, err := o.Launch(cmd)
	o.must(err)
	o.wait("the session", func() bool {
		select {
		case <-p.Done():
			o.t.Fatalf("xfreerdp ended: %s", p.Output())
		default:
		}
		return o.enter() && o.connected() && (o.without || o.announced())
	})
	return p
}

// connected tells whether the session's screen is shown somewhere.
func (o *office) connected() bool {
	number, _, _ := strings.Cut(strings.TrimPrefix(o.env("DISPLAY"), ":"), ".")
	text, err := os.ReadFile("/proc/net/unix")
	o.must(err)
	for line := range strings.Lines(string(text)) {
		const state, path, connected = 5, 7, "03"
		if f := strings.Fields(line); len(f) > path && f[path] == socketFolder+"/xrdp_display_"+number && f[state] == connected {
			return true
		}
	}
	return false
}

// announced tells whether the session has been offered the clipboard of the person's machine. That comes last, and
// would replace what is copied in the session before.
func (o *office) announced() bool {
	offered, _ := o.inside("timeout", "3", "xclip", "-o", "-selection", "clipboard", "-t", "TARGETS").Output()
	return strings.Contains(string(offered), "image/bmp") // xrdp offers it always, our programs never
}

// enter learns the environment of the session's programs, which a new session leaves behind once.
func (o *office) enter() bool {
	if o.session != nil {
		return true
	}
	path := filepath.Join(o.person.home, "environment")
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	o.must(os.Remove(path))
	o.session = strings.Split(strings.TrimRight(string(text), "\x00"), "\x00")
	return true
}

// env is a variable of the session.
func (o *office) env(name string) string {
	for _, pair := range o.session {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}
