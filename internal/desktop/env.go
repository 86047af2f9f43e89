//go:build linux

package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Env is the whole environment of a program on the desktop: little is inherited, so that nothing of the
// machine's own desktop shines through. The go command works in it and shares the caller's caches.
func (d *Desktop) Env() []string {
	display := d.Display()
	env := map[string]string{
		"HOME":            d.Home(),
		"XDG_RUNTIME_DIR": d.runtime,
		"XDG_CONFIG_HOME": d.configDir(),
		"XDG_DATA_HOME":   d.dataDir(),
		"XDG_STATE_HOME":  d.stateDir(),
		"XDG_CACHE_HOME":  d.cacheDir(),

		"DBUS_SESSION_BUS_ADDRESS": d.BusAddress(),

		// Every desktop's session has one of UTF-8. Without it GTK cannot even say the title of a Hungarian window.
		"LANG": "C.UTF-8",

		// Nothing here may look for a service that this desktop lacks: each search costs seconds.
		"NO_AT_BRIDGE":      "1",
		"GTK_A11Y":          "none",
		"GTK_USE_PORTAL":    "0",
		"GIO_USE_VFS":       "local",
		"GSETTINGS_BACKEND": "memory",
	}
	for _, key := range []string{"PATH", "TZ", "TMPDIR", "USER", "LOGNAME", "SHELL"} {
		if value, ok := os.LookupEnv(key); ok {
			env[key] = value
		}
	}
	if display != "" {
		env["DISPLAY"] = display
		env["GDK_BACKEND"] = "x11"
		env["XDG_SESSION_TYPE"] = "x11"
		env["XDG_CURRENT_DESKTOP"] = Xfce.name
		if d.opts.Panel != nil {
			env["XDG_CURRENT_DESKTOP"] = d.opts.Panel.name
		}
	}
	addGo(env)

	list := make([]string, 0, len(env))
	for key, value := range env {
		list = append(list, key+"="+value)
	}
	slices.Sort(list)
	return list
}

// addGo lets the go command find what it keeps in the caller's home.
func addGo(env map[string]string) {
	if config, err := os.UserConfigDir(); err == nil {
		env["GOENV"] = filepath.Join(config, "go", "env")
	}
	if cache, err := os.UserCacheDir(); err == nil {
		env["GOCACHE"] = filepath.Join(cache, "go-build")
	}
	if home, err := os.UserHomeDir(); err == nil {
		env["GOPATH"] = filepath.Join(home, "go")
	}
	for _, pair := range os.Environ() {
		if key, value, _ := strings.Cut(pair, "="); strings.HasPrefix(key, "GO") || key == "CGO_ENABLED" {
			env[key] = value
		}
	}
}
