//go:build linux

package wine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const policiesKey = `HKLM\Software\Policies\Kapu`

// policy is a group policy as real keys of the registry: it is obeyed, and neither the person's settings nor a folder
// of their own loosen it.
func (m *machine) policy(t *testing.T) {
	kapu := filepath.Join(m.programs, "kapu.exe")
	set := func(name, kind, value string) {
		t.Helper()
		m.run("reg", "add", policiesKey, "/v", name, "/t", kind, "/d", value, "/f")
	}
	defer m.run("reg", "delete", policiesKey, "/f")
	refused := func(what, said string, args ...string) {
		t.Helper()
		if out, err := m.output(kapu, args...); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%s: %q, %v", what, out, err)
		}
	}
	m.kapu("lock")
	home := m.Drive("policy")
	m.must(os.MkdirAll(home, 0o700))
	m.must(os.WriteFile(filepath.Join(home, "config.toml"), []byte("[lock]\nidle = \"0s\"\n"), 0o600))
	before := m.Prefix.Env
	m.Prefix.Env = append(append([]string{}, before...), `KAPU_HOME=C:\policy`)
	defer func() { m.Prefix.Env = before }()

	set("Methods", "REG_SZ", "pin,password")
	set("IdleMinutes", "REG_DWORD", "10")
	set("NoPlainExport", "REG_DWORD", "1")
	set("OfficeStore", "REG_SZ", `\\server\kapu`)
	set("Audit", "REG_SZ", "system")
	m.must(m.withInput("2580\n", "unlock")) // a new vault, which has to have a PIN
	if got := m.status(); got.Locked || got.Method != "pin" {
		t.Errorf("%+v", got)
	}
	shown := m.kapu("config", "show", "--json")
	for _, want := range []string{`"value": "\"10m\""`, `policy.no_plain_export`, `"from": "policy"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s in %s", want, shown)
		}
	}
	refused("the keychain alone", "administrator of this machine", "protect", "keychain")
	m.must(m.withInput("JBSWY3DPEHPK3PXP\n", "add", "Alfa Kft."))
	if err := m.withInput("2580\n", "export", "csv", `C:\policy\out.csv`, "--yes"); err == nil || !strings.Contains(err.Error(), "administrator") {
		t.Errorf("a plain export: %v", err)
	}
	if doctor, _ := m.output(kapu, "doctor"); !strings.Contains(doctor, "system's log: takes") {
		t.Errorf("the application log is not found:\n%s", doctor)
	}
	m.kapu("lock")

	set("Sovereign", "REG_SZ", "1")
	refused("a value that nobody knows", "Sovereign", "list")
	m.run("reg", "delete", policiesKey, "/v", "Sovereign", "/f")
	set("Methods", "REG_SZ", "fingerprint")
	refused("a method that nobody knows", "fingerprint", "list")

	// A file in %ProgramData% is an administrator's only if it belongs to one; in Wine all files are the person's.
	m.must(os.MkdirAll(m.Drive("ProgramData/Kapu"), 0o755))
	m.must(os.WriteFile(m.Drive("ProgramData/Kapu/config.toml"), []byte("[policy]\nidle_most = \"1m\"\n"), 0o644))
	defer os.RemoveAll(m.Drive("ProgramData/Kapu"))
	set("Methods", "REG_SZ", "pin,password")
	if shown := m.kapu("config", "show"); strings.Contains(shown, `"1m"`) {
		t.Logf("Wine says that the file is an administrator's:\n%s", shown)
	}
}
