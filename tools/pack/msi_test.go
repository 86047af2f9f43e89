package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The installer for the whole machine has the same bytes whenever and wherever it is made, and another code when what
// is in it differs.
func TestMSIIsReproducible(t *testing.T) {
	for _, program := range []string{"wixl", "msibuild", "msiinfo"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("KAPU_PACKAGE_TESTS") == "1" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	var made [][]byte
	var codes []string
	for i, text := range []string{"one", "one", "two"} {
		if i == 1 {
			time.Sleep(2100 * time.Millisecond) // what has the time of the clock has another one now
		}
		r := someRelease(t)
		target := targets[2]
		if err := os.Mkdir(r.work+"/"+target.String(), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := r.writeMSI(target, []file{
			{"docs/guide/a.md", 0o644, []byte(text)},
			{"docs/b.md", 0o644, nil},
			{"kapu.exe", 0o755, []byte("MZ")},
			{"kapuw.exe", 0o755, []byte("MZ")},
		}); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(r.path(target, ".msi"))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, data)
		summary, err := output("msiinfo", "suminfo", r.path(target, ".msi"))
		if err != nil {
			t.Fatal(err)
		}
		_, code, _ := strings.Cut(summary, "(UUID): {")
		codes = append(codes, code[:36])
		if i > 0 {
			continue
		}
		for table, want := range map[string]string{
			"Environment": "=-*PATH\t[~];[INSTALLDIR]", "Upgrade": upgradeCode, "Shortcut": "kapuw.exe", "Property": "ALLUSERS\t1",
			"InstallExecuteSequence": "WriteEnvironmentStrings", "Registry": "EventCreate.exe",
		} {
			rows, err := output("msiinfo", "export", r.path(target, ".msi"), table)
			if err != nil || !strings.Contains(rows, want) {
				t.Errorf("%v: no %q in %s:\n%s", err, want, table, rows)
			}
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Errorf("they differ; packages %s and %s", codes[0], codes[1])
	}
	if codes[0] == codes[2] {
		t.Error("other contents have the same package code")
	}
}
