//go:build linux

package wine

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/wait"
	"kapu/internal/wine"
)

// The registry's places that an installation touches.
const (
	runKey       = `HKCU\Software\Microsoft\Windows\CurrentVersion\Run`
	installedKey = `HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Kapu`
)

// draft, in the environment, asks for an installer that is made quickly. It differs from the released one by how it is
// compressed.
const draft = "KAPU_DRAFT_INSTALLER"

// pack begins to make the installers, and returns what waits for them.
func (m *machine) pack(dir string) (released func(ending string) string) {
	out, ended := filepath.Join(dir, "dist"), make(chan struct{})
	var failure error
	args := []string{"run", "kapu/tools/pack", "-out", out, "-only", "windows_amd64"}
	if os.Getenv(draft) != "" {
		args = append(args, "-draft")
	}
	cmd := exec.CommandContext(m.t.Context(), "go", args...)
	m.t.Cleanup(func() { <-ended }) // a part that is run alone does not wait for it, and its folder is removed
	go func() {
		defer close(ended)
		said, err := cmd.CombinedOutput()
		if err != nil {
			failure = fmt.Errorf("making the installers: %w\n%s", err, said)
		}
	}()
	return func(ending string) string {
		m.t.Helper()
		<-ended
		m.must(failure)
		found, _ := filepath.Glob(filepath.Join(out, "*"+ending))
		if len(found) != 1 {
			m.t.Fatalf("the installers are %q", found)
		}
		return found[0]
	}
}

// installer installs Kapu without a window, upgrades it while its agent and its tray run, and removes it. Nothing is
// left but the vault and what belongs to it.
func (m *machine) installer(t *testing.T) {
	setup := m.released("_setup.exe")
	m.ctx, m.step = wait.Steps(t) // it may have taken long
	person := *m                  // works with what is installed, and in the folders of a Windows account
	person.Prefix = &wine.Prefix{Dir: m.Dir, Env: slices.DeleteFunc(slices.Clone(m.Prefix.Env), func(v string) bool {
		return strings.HasPrefix(v, "KAPU_HOME=")
	})}
	home := m.home()
	person.programs = filepath.Join(home, "AppData/Local/Programs/Kapu")
	before := files(t, home)

	person.run(setup, "/S", "/AUTOSTART=0")
	for _, name := range []string{"kapu.exe", "kapuw.exe", "uninstall.exe", "docs/cli.md"} {
		if _, err := os.Stat(filepath.Join(person.programs, name)); err != nil {
			t.Error(err)
		}
	}
	if shortcuts, _ := filepath.Glob(filepath.Join(home, "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Kapu.lnk")); len(shortcuts) != 1 {
		t.Error("there is no shortcut in the Start menu")
	}
	if v := m.value(runKey, "Kapu"); v != "" {
		t.Errorf("starts with the session, which was not asked for: %s", v)
	}
	if m.value(installedKey, "QuietUninstallString") == "" {
		t.Error("it is not among the installed programs")
	}

	person.kapu("import", m.keys())
	vault := filepath.Join(home, "AppData/Roaming/kapu/vault.age")
	sealed := read(t, vault)
	tray, err := m.Launch(person.command(filepath.Join(person.programs, "kapuw.exe")))
	m.must(err)
	m.wait("the tray", func() bool { return m.post("SystrayClass", "0", "0", "0") == 1 })
	person.run(setup, "/S", "/AUTOSTART=1")
	if err := tray.Wait(m.ctx); err != nil {
		t.Errorf("the upgraded tray ended with %v\n%s", err, tray.Output())
	}
	m.gone("upgrade")
	if !person.status().Locked {
		t.Error("the upgrade left the vault open")
	}
	if old, _ := filepath.Glob(filepath.Join(person.programs, "*.old")); len(old) > 0 {
		t.Errorf("the upgrade found running: %q", old)
	}
	starts := m.value(runKey, "Kapu")
	if !strings.HasSuffix(starts, `\AppData\Local\Programs\Kapu\kapuw.exe"`) {
		t.Errorf("what starts with the session is %s", starts)
	}
	person.run(setup, "/S")
	if again := m.value(runKey, "Kapu"); again != starts {
		t.Errorf("an upgrade without a wish made of what starts with the session: %s", again)
	}
	person.kapu("unlock")
	if got := person.kapu("list"); !strings.Contains(got, client) {
		t.Errorf("listed after the upgrade: %q", got)
	}

	last := person.command(filepath.Join(person.programs, "kapu.exe"), "import", "-")
	input, err := last.StdinPipe() // it reads until the end, and its program's file is held for longer than the agent lives
	m.must(err)
	m.must(last.Start())
	person.run(filepath.Join(person.programs, "uninstall.exe"), "/S")
	m.gone("removal")
	m.wait("the removal of the documents, which precedes that of the program", func() bool {
		_, err := os.Stat(filepath.Join(person.programs, "docs/cli.md"))
		return os.IsNotExist(err)
	})
	time.Sleep(time.Second)
	m.must(input.Close())
	_ = last.Wait() // there is nothing to import

	var left []os.DirEntry
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("in the program's folder: %v", left)
		}
	})
	m.wait("the end of the program's folder", func() (gone bool) { // a copy of the uninstaller removes it
		left, err = os.ReadDir(person.programs)
		return os.IsNotExist(err)
	})
	if m.value(runKey, "Kapu") != "" || m.value(installedKey, "DisplayName") != "" {
		t.Error("something is left in the registry")
	}
	if read(t, vault) != sealed {
		t.Error("the vault has changed")
	}
	for path := range files(t, home) {
		if !before[path] && !strings.Contains(path, "/kapu/") {
			t.Errorf("%s is left", path)
		}
	}
}

// run runs a program that must succeed.
func (m *machine) run(program string, args ...string) {
	m.t.Helper()
	_, err := m.output(program, args...)
	m.must(err)
}

// home is the folder of Wine's only person.
func (m *machine) home() string {
	m.t.Helper()
	found, _ := filepath.Glob(m.Drive("users/*/AppData"))
	if len(found) != 1 {
		m.t.Fatalf("the people of this Windows are %q", found)
	}
	return filepath.Dir(found[0])
}

// value reads a text in the registry; "" if there is none.
func (m *machine) value(key, name string) string {
	out, _ := m.output("reg", "query", key, "/v", name)
	for line := range strings.Lines(out) {
		for _, kind := range []string{"REG_SZ", "REG_EXPAND_SZ"} {
			if _, value, ok := strings.Cut(line, kind); ok && strings.Contains(line, name) {
				return strings.TrimSpace(value)
			}
		}
	}
	return ""
}

// files are all in a folder but those that are nobody's for long.
func files(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "Temp" {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() {
			found[path] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
