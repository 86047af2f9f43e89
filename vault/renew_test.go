package vault

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"kapu/lang"
	"kapu/seal"
)

const renewDir = "KAPU_TEST_RENEW" // folder of the vault of TestRenewedUntilKilled

// passwordDoor is a vault with a password, which needs no keychain, with a client, a log and a backup.
func passwordDoor(t *testing.T) (Door, *Vault) {
	t.Helper()
	d := Door{Dir: filepath.Join(t.TempDir(), "vault"), State: t.TempDir(), cheap: true}
	v, err := d.Create(t.Context(), Password, Given("kék zokni bojler"))
	check(t, err)
	add(t, v, "Alfa Kft.")
	add(t, v, "Béta Bt.")
	check(t, v.Note(t.Context(), LogEntry{Act: Copied, Name: "Alfa Kft."}))
	check(t, d.changeStoreKeys(v, func(keys map[string][2]string) { keys["s3://x"] = [2]string{"a", "b"} }))
	return d, v
}

// whole fails the test unless the vault opens with the password and has everything; it returns its identity.
func whole(t *testing.T, d Door) *Vault {
	t.Helper()
	v, err := d.Unlock(t.Context(), Given("kék zokni bojler"))
	check(t, err)
	if n := len(v.Contents().Clients); n != 2 {
		t.Errorf("%d clients", n)
	}
	lines, gaps, err := v.Log()
	if err != nil || len(lines) == 0 || len(gaps) > 0 {
		t.Errorf("log: %d lines, gaps %v, %v", len(lines), gaps, err)
	}
	if keys, err := d.storeKeys(v); err != nil || len(keys) != 1 {
		t.Errorf("store's keys: %v, %v", keys, err)
	}
	if _, err := os.Lstat(d.beside(renewalFile)); err == nil {
		t.Error("an intent is left")
	}
	return v
}

// The old identity opens nothing that is new; backups are kept, sealed anew or deleted, as was chosen.
func TestRenew(t *testing.T) {
	for choice, want := range map[string][2]int{KeepBackups: {0, 3}, ResealBackups: {3, 0}, DeleteBackups: {0, 0}} {
		t.Run(choice, func(t *testing.T) {
			d, v := passwordDoor(t)
			old, generation := v.Identity(), v.Contents().Generation
			v.KeepRecovery()
			check(t, d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: choice}))
			now := whole(t, d)
			if now.Identity().String() == old.String() || now.Contents().Generation <= generation || d.RecoveryKept() {
				t.Error("the same identity, an earlier generation, or the new recovery key counts as kept")
			}
			if lines, _, _ := now.Log(); lines[0].Act != Renewed {
				t.Errorf("the log ends with %+v", lines[0])
			}
			former := d.at(old, Password)
			if byNew, byOld := len(now.Backups()), len(former.Backups()); byNew != want[0] || byOld != want[1] {
				t.Errorf("backups: %d by the new identity, %d by the old, want %v", byNew, byOld, want)
			}
			for _, path := range append([]string{d.path(), d.beside(storeKeysFile)}, logFiles(now)...) {
				sealed, err := os.ReadFile(path)
				check(t, err)
				for _, context := range []string{sealContext, logContext, storeKeysContext} {
					if _, err := seal.Open(context, sealed, old, old.Public()); !errors.Is(err, seal.ErrNotAddressed) {
						t.Errorf("the old identity opens %s: %v", path, err)
					}
				}
			}
			// Whoever has the old one is told what happened, and cannot put an older state in place by mistake.
			if _, err := former.Refresh(); !errors.Is(err, ErrNoKey) || said(err) != "vault-renewed" {
				t.Errorf("the old identity is told %v", err)
			}
			if _, err := d.Recover(t.Context(), old.String(), Password, "zöld zokni bojler"); said(err) != "vault-renewed" {
				t.Errorf("the old recovery key: %v", err)
			}
			if names := former.backups.list(); len(names) > 0 {
				if _, err := former.Restore(t.Context(), names[0]); said(err) != "vault-renewed" {
					t.Errorf("restoring with it: %v", err)
				}
			}
			_, err := d.Recover(t.Context(), now.RecoveryKey(), Password, "kék zokni bojler")
			check(t, err)
			check(t, d.Renew(t.Context(), whole(t, d), Renewal{Secret: "kék zokni bojler", Backups: KeepBackups}))
			whole(t, d)
		})
	}
}

// A vault that was forked before is so afterwards: the person is still told, and what is missing can be taken over.
func TestRenewForkedVault(t *testing.T) {
	for _, step := range []string{"", "versions", "vault"} {
		t.Run("cut off after "+step, func(t *testing.T) {
			d, v := passwordDoor(t)
			other := d
			other.State = t.TempDir()
			two, err := other.Unlock(t.Context(), Given("kék zokni bojler"))
			check(t, err)
			before := must(os.ReadFile(v.Path()))
			add(t, v, "Egy")
			check(t, os.WriteFile(v.Path(), before, 0o600))
			add(t, two, "Kettő")
			if _, err := v.Refresh(); err != nil || v.Warning() == nil {
				t.Fatalf("no fork: %v", err)
			}
			d.cutOff(step, func(d Door) {
				_ = d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: KeepBackups})
			})
			v, err = d.Unlock(t.Context(), Given("kék zokni bojler"))
			check(t, err)
			if v.Warning() == nil {
				t.Fatal("the fork is forgotten")
			}
			if found := unite(t, v); len(found) != 1 || found[0].Name != "Egy" {
				t.Errorf("%+v", found)
			}
		})
	}
}

// Where vault.age alone is a link, what lies in the folder with the link is renewed too, and whoever has a link of
// their own to the file is told.
func TestRenewLinkedVault(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right there")
	}
	for _, step := range []string{"", "wrapped", "vault"} {
		t.Run("cut off after "+step, func(t *testing.T) {
			d, v := passwordDoor(t)
			old, share := v.Identity(), filepath.Join(t.TempDir(), fileName)
			check(t, os.Rename(v.Path(), share))
			check(t, os.Symlink(share, filepath.Join(d.Dir, fileName)))
			v, err := d.Unlock(t.Context(), Given("kék zokni bojler"))
			check(t, err)
			d.cutOff(step, func(d Door) {
				_ = d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: ResealBackups})
			})
			if now := whole(t, d); now.Identity().String() == old.String() || len(now.Backups()) != 3 {
				t.Errorf("the same identity, or %d backups", len(now.Backups()))
			}
			colleague := t.TempDir()
			check(t, os.Symlink(share, filepath.Join(colleague, fileName)))
			if _, err := Open(colleague, old); said(err) != "vault-renewed" {
				t.Errorf("a colleague is told %v", err)
			}
		})
	}
}

// cutOff does something with a door that ends in the middle, after a step of its renewal.
func (d Door) cutOff(after string, do func(Door)) {
	d.step = func(name string) {
		if name == after {
			panic(name)
		}
	}
	defer func() { _ = recover() }()
	do(d)
}

func logFiles(v *Vault) (paths []string) {
	for _, month := range v.logMonths() {
		paths = append(paths, v.logFile(month))
	}
	return paths
}

// A renewal that ends after any of its steps leaves the old identity or the new one, with everything.
func TestRenewIsCutOff(t *testing.T) {
	for _, choice := range []string{KeepBackups, ResealBackups, DeleteBackups} {
		steps := []string{"backups", "intended", "wrapped", "versions", "vault", "log", "office"}
		if testing.Short() && choice != ResealBackups {
			steps = steps[:1] // where the choice matters
		}
		for _, step := range steps {
			d, v := passwordDoor(t)
			d.cutOff(step, func(d Door) {
				_ = d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: choice})
				t.Errorf("no step %s", step)
			})
			now := whole(t, d)
			if same := now.Identity().String() == v.Identity().String(); same != (step == "intended") {
				t.Errorf("cut off when %s: the identity is the old one: %v", step, same)
			}
			add(t, now, "Gamma Zrt.")
		}
	}
}

// What another session has changed after the cut is not lost when the renewal is finished.
func TestRenewKeepsLaterChange(t *testing.T) {
	d, v := passwordDoor(t)
	d.cutOff("wrapped", func(d Door) {
		_ = d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: KeepBackups})
	})
	other, err := Open(d.Dir, v.Identity())
	check(t, err)
	add(t, other, "Gamma Zrt.")
	now, err := d.Unlock(t.Context(), Given("kék zokni bojler"))
	check(t, err)
	if n := len(now.Contents().Clients); n != 3 {
		t.Errorf("%d clients", n)
	}
	if _, err := other.Update(t.Context(), func(tx *Tx) error { return nil }); said(err) != "vault-renewed" {
		t.Errorf("the other session may go on writing: %v", err)
	}
}

// Thirty times a process that renews again and again is killed at a random moment.
func TestRenewedUntilKilled(t *testing.T) {
	d, _ := passwordDoor(t)
	kills := 30
	if testing.Short() {
		kills = 5
	}
	for range kills {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRenewAgainAndAgain$")
		cmd.Env = append(os.Environ(), renewDir+"="+d.Dir, "KAPU_TEST_STATE="+d.State)
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		ready := make([]byte, 1)
		if _, err := out.Read(ready); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(60 * time.Millisecond))))
		check(t, cmd.Process.Kill())
		_ = cmd.Wait()
		whole(t, d)
	}
}

// TestRenewAgainAndAgain is the process that is killed.
func TestRenewAgainAndAgain(t *testing.T) {
	d := Door{Dir: os.Getenv(renewDir), State: os.Getenv("KAPU_TEST_STATE"), cheap: true}
	if d.Dir == "" {
		t.Skip("TestRenewedUntilKilled runs this")
	}
	for n := 0; ; n++ {
		v, err := d.Unlock(t.Context(), Given("kék zokni bojler"))
		check(t, err)
		if n == 0 {
			_, _ = os.Stdout.WriteString("!")
		}
		choice := []string{KeepBackups, ResealBackups, DeleteBackups}[n%3]
		check(t, d.Renew(t.Context(), v, Renewal{Secret: "kék zokni bojler", Backups: choice}))
	}
}

// said is the id of an error's sentence.
func said(err error) string {
	if sentence, ok := errors.AsType[*lang.Error](err); ok {
		return sentence.ID
	}
	return ""
}
