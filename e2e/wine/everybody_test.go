//go:build linux

package wine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/build"
	"kapu/internal/wait"
)

// The registry's places of an installation for the whole machine.
const (
	environmentKey = `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment`
	eventKey       = `HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\Kapu`
	uninstallKey   = `HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\`
)

// everybody installs Kapu for the whole machine without a window, in an older version that it then upgrades, and
// removes it. The folder is in everybody's PATH meanwhile, and no longer.
func (m *machine) everybody(t *testing.T) {
	newer := m.released(".msi")
	m.ctx, m.step = wait.Steps(t) // it may have taken long
	const olderCode = "{0C0FFEE0-0000-4000-8000-000000000001}"
	older := filepath.Join(m.programs, "older.msi")
	m.must(os.WriteFile(older, []byte(read(t, newer)), 0o600))
	for _, args := range [][]string{
		{"-q", "UPDATE `Property` SET `Value` = '0.0.9' WHERE `Property` = 'ProductVersion'"},
		{"-q", "UPDATE `Property` SET `Value` = '" + olderCode + "' WHERE `Property` = 'ProductCode'"},
		{"-s", "Kapu", "The Kapu authors", "x64;1033", "{0C0FFEE0-0000-4000-8000-000000000002}"},
	} {
		if out, err := exec.Command("msibuild", append([]string{older}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	code, err := exec.Command("msiinfo", "export", newer, "Property").Output()
	m.must(err)
	_, product, _ := strings.Cut(string(code), "ProductCode\t")
	product, _, _ = strings.Cut(product, "\r")

	folder := m.Drive("Program Files/Kapu")
	shortcuts := func() int { // Windows puts it into everybody's menu; Wine's installer takes the person's
		const menu = "Microsoft/Windows/Start Menu/Programs/Kapu.lnk"
		all, _ := filepath.Glob(m.Drive("ProgramData/" + menu))
		mine, _ := filepath.Glob(filepath.Join(m.home(), "AppData/Roaming", menu))
		return len(all) + len(mine)
	}
	const inPath = `C:\Program Files\Kapu`
	paths := func() int { return strings.Count(m.value(environmentKey, "PATH"), inPath) }
	installed := func(when, version string) {
		t.Helper()
		for _, path := range []string{
			filepath.Join(folder, "kapu.exe"), filepath.Join(folder, "kapuw.exe"),
			filepath.Join(folder, "docs/cli.md"), filepath.Join(folder, "admx/hu-HU/kapu.adml"),
		} {
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %v", when, err)
			}
		}
		if shortcuts() != 1 {
			t.Errorf("%s, there are %d shortcuts in the Start menu", when, shortcuts())
		}
		if paths() != 1 {
			t.Errorf("%s, PATH is %q", when, m.value(environmentKey, "PATH"))
		}
		if !strings.Contains(m.value(eventKey, "EventMessageFile"), "EventCreate.exe") {
			t.Errorf("%s, the application log does not know Kapu", when)
		}
		if got := m.value(uninstallKey+map[bool]string{true: olderCode, false: product}[version == "0.0.9"], "DisplayVersion"); got != version {
			t.Errorf("%s, the version is %q, want %s", when, got, version)
		}
	}
	m.run("msiexec", "/i", older, "/qn")
	installed("installed", "0.0.9")
	m.run("msiexec", "/i", newer, "/qn")
	installed("upgraded", build.Version)
	if m.value(uninstallKey+olderCode, "DisplayVersion") != "" {
		t.Error("the older version is still among the installed programs")
	}
	said, err := m.output(filepath.Join(folder, "kapu.exe"), "version")
	if err != nil || !strings.Contains(said, build.Version) {
		t.Errorf("it says %q, %v", said, err)
	}

	m.run("msiexec", "/x", newer, "/qn")
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("removed, but the folder is left: %v", err)
	}
	if shortcuts() != 0 {
		t.Error("removed, but it is in the Start menu")
	}
	if paths() != 0 || m.value(eventKey, "EventMessageFile") != "" || m.value(uninstallKey+product, "DisplayVersion") != "" {
		t.Errorf("something is left in the registry; PATH is %q", m.value(environmentKey, "PATH"))
	}
}
