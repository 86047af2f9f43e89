package vault

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// remembered is a vault on a machine that remembers.
func remembered(t *testing.T) (Door, *Vault) {
	t.Helper()
	_, id, dir := newVault(t)
	d := Door{Dir: dir, State: t.TempDir()}
	v, err := d.open(id, Keychain)
	if err != nil {
		t.Fatal(err)
	}
	return d, v
}

func TestRestoreAndUndo(t *testing.T) {
	d, v := remembered(t)
	for _, name := range []string{"Alfa", "Béta", "Gamma"} {
		add(t, v, name)
	}
	backups := v.Backups()
	if len(backups) != 3 || backups[0].Clients != 2 || backups[2].Clients != 0 {
		t.Fatalf("%+v", backups)
	}
	generation := v.Contents().Generation
	if aside, err := v.Restore(t.Context(), backups[1].Name); err != nil || aside != "" {
		t.Fatalf("%q, %v", aside, err)
	}
	if got := names(v); !slices.Equal(got, []string{"Alfa"}) || v.Contents().Generation != generation+1 {
		t.Errorf("%v, generation %d", got, v.Contents().Generation)
	}
	if _, err := v.Restore(t.Context(), v.Backups()[0].Name); err != nil {
		t.Fatal(err)
	}
	again, err := d.open(v.id, Keychain)
	if err != nil || len(names(again)) != 3 || again.Warning() != nil {
		t.Errorf("undone: %v, %v, %v", names(again), err, again.Warning())
	}
}

func TestRestoreOverADamagedVault(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"cut":  func(path string) error { return os.Truncate(path, 1000) },
		"gone": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			d, v := remembered(t)
			add(t, v, "Alfa")
			add(t, v, "Béta")
			generation := v.Contents().Generation
			if err := harm(d.path()); err != nil {
				t.Fatal(err)
			}
			broken := d.at(v.id, Keychain)
			backups := broken.Backups()
			if !backups[0].Here || backups[0].Clients != 2 || backups[0].Apart || backups[1].Here || backups[1].Clients != 1 {
				t.Errorf("what this machine has seen last is not to be had: %+v", backups)
			}
			aside, err := broken.Restore(t.Context(), backups[1].Name)
			if err != nil {
				t.Fatal(err)
			}
			if name == "cut" {
				if info, err := os.Stat(aside); err != nil || info.Size() != 1000 || !strings.HasPrefix(filepath.Base(aside), damagedStart) {
					t.Errorf("set aside as %q: %v", aside, err)
				}
			}
			again, err := d.open(v.id, Keychain)
			if err != nil || len(names(again)) != 1 || again.Contents().Generation <= generation || again.Warning() != nil {
				t.Errorf("%v, %v, %v", names(again), err, again.Warning())
			}
		})
	}
}

func TestRestoreOnlyGoodBackups(t *testing.T) {
	_, v := remembered(t)
	add(t, v, "Alfa")
	add(t, v, "Béta")
	bad := v.Backups()[0].Name
	if err := os.Truncate(filepath.Join(v.backups.dir, bad), 100); err != nil {
		t.Fatal(err)
	}
	if got := v.Backups(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if _, err := v.Restore(t.Context(), bad); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged backup: %v", err)
	}
	for _, name := range []string{"", "../vault.age", "vault-x.age", "/etc/passwd"} {
		if _, err := v.Restore(t.Context(), name); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if len(names(v)) != 2 {
		t.Errorf("%v", names(v))
	}
}

// An older program does not put a backup in the place of what a newer one wrote.
func TestRestoreOverANewerVault(t *testing.T) {
	d, v := remembered(t)
	add(t, v, "Alfa")
	writeBody(t, d.Dir, v.id, `{"vault":99,"program":"kapu 9.1","offices":[{}]}`)
	before := must(os.ReadFile(d.path()))
	old := d.at(v.id, Keychain)
	if _, err := old.Restore(t.Context(), old.Backups()[0].Name); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "kapu 9.1") {
		t.Errorf("got %v", err)
	}
	if after := must(os.ReadFile(d.path())); !bytes.Equal(before, after) {
		t.Error("the newer vault was replaced")
	}
}

// A vault that has gone backwards is opened, and said until the newer state is back.
func TestVaultGoneBackwards(t *testing.T) {
	d, v := remembered(t)
	add(t, v, "Alfa")
	old := must(os.ReadFile(d.path()))
	add(t, v, "Béta")
	add(t, v, "Gamma")
	newer := must(os.ReadFile(d.path()))
	for _, open := range []bool{false, true} {
		check(t, os.WriteFile(d.path(), old, 0o600))
		var err error
		if open { // found when it is opened
			v, err = d.open(v.id, Keychain)
		} else { // found while it is open
			_, err = v.Refresh()
		}
		if err != nil || len(names(v)) != 1 {
			t.Fatalf("%v, %v", names(v), err)
		}
		for range 2 {
			if w := v.Warning(); w == nil || !strings.Contains(w.Error(), "missing: 2") {
				t.Errorf("warned: %v", w)
			}
			v = must(d.open(v.id, Keychain)) // nothing has become better
		}
		check(t, os.WriteFile(d.path(), newer, 0o600))
		if again := must(d.open(v.id, Keychain)); again.Warning() != nil || len(names(again)) != 3 {
			t.Errorf("the newer one is back: %v", again.Warning())
		}
	}
}
