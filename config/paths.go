package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/adrg/xdg"

	"kapu/internal/disk"
)

// Paths are the program's directories and its settings files. KAPU_HOME moves what is the person's into one folder, for
// portable use and tests; what is the machine's stays where it is, so that nobody gets around a policy by a variable.
type Paths struct {
	// Config is the person's settings file.
	Config string
	// Vault is the folder of vault.age and its backups; it may be a roaming or shared one.
	Vault string
	// Runtime is the folder in which a running agent says how to reach it; never roaming, never shared.
	Runtime string
	// State is the folder for what this machine remembers between two unlockings; it holds no secret.
	State string
	// Machine is the settings file of an administrator, for everybody on this machine; "" asks for no policy at all.
	Machine string
}

// Locate finds the folders of this person on this machine.
func Locate() Paths {
	if home := os.Getenv("KAPU_HOME"); home != "" {
		if abs, err := filepath.Abs(home); err == nil {
			home = abs
		}
		return Paths{
			Config: filepath.Join(home, "config.toml"), Vault: home, Runtime: filepath.Join(home, "run"),
			State: filepath.Join(home, "state"), Machine: machineFile(),
		}
	}
	settings, data := homes()
	return Paths{
		Config:  filepath.Join(settings, "kapu", "config.toml"),
		Vault:   filepath.Join(data, "kapu"),
		Runtime: runtimeDir(),
		State:   filepath.Join(xdg.StateHome, "kapu"),
		Machine: machineFile(),
	}
}

// Trusted checks that nobody else can have written the settings, what a running agent says of itself, or what this
// machine remembers: disk.ErrForeign, with the cure. The vault's own folder may be on a share, for the file is sealed
// and signed.
func (p Paths) Trusted() error {
	paths := []string{p.Config, p.Runtime, p.State}
	planted, _ := os.ReadDir(p.Runtime) // in a time when others could write there
	for _, entry := range planted {
		paths = append(paths, filepath.Join(p.Runtime, entry.Name()))
	}
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := disk.Trusted(path); err != nil {
			return err
		}
	}
	return nil
}

// runtimeDir prefers the folder the system empties at logout. Where there is none (Windows, a bare terminal server),
// the local state folder serves, with the machine's name in case the profile is carried between machines.
func runtimeDir() string {
	if info, err := os.Stat(xdg.RuntimeDir); err == nil && info.IsDir() && runtime.GOOS != "windows" {
		return filepath.Join(xdg.RuntimeDir, "kapu")
	}
	host, _ := os.Hostname()
	return filepath.Join(xdg.StateHome, "kapu", "run-"+host)
}

// Session is the id of the desktop session that this process belongs to, so that each has an agent and a clipboard of
// its own; Console where there is no desktop (a remote shell, a service).
func Session() string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return systemSession()
	}
	for _, name := range []string{"WAYLAND_DISPLAY", "DISPLAY"} {
		if v := os.Getenv(name); v != "" {
			return fileName(v)
		}
	}
	return Console
}

// Console is the session without a desktop.
const Console = "console"

// fileName keeps of a display's name (":10.0", "/run/x/wayland-0") what is safe in a file's name.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		default:
			return '_'
		}
	}, s)
}
