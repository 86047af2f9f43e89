//go:build linux

package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/seal"
)

// onKeychain marks the process in which the tests of the door run.
const onKeychain = "KAPU_TEST_KEYCHAIN"

// TestWithKeychain runs the tests of the door with a real Secret Service. The keychain's library looks for one
// when the process starts, so they have a process of their own.
func TestWithKeychain(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoor", "-test.v", "-test.count=1")
	cmd.Env = append(d.Env(), onKeychain+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestDoorMethods") {
		t.Errorf("%v\n%s", err, out)
	}
}

const (
	goodPIN      = "2580"
	otherPIN     = "14703"
	goodPassword = "kék zokni bojler"
)

var secrets = map[string]string{Keychain: "", PIN: goodPIN, Password: goodPassword}

// newDoor makes a vault of the keychain's, with a client in it.
func newDoor(t *testing.T) (Door, *Vault) {
	t.Helper()
	if os.Getenv(onKeychain) == "" {
		t.Skip("TestWithKeychain runs this")
	}
	d := Door{Dir: filepath.Join(t.TempDir(), "vault"), State: t.TempDir(), cheap: true}
	v, err := d.Create(t.Context(), Keychain, never(t))
	if err != nil {
		t.Fatal(err)
	}
	add(t, v, "Alfa Kft.")
	return d, v
}

func never(t *testing.T) Ask {
	return func(context.Context, string) (string, error) {
		t.Error("somebody was asked")
		return "", errors.New("asked")
	}
}

func mustProtect(t *testing.T, d Door, v *Vault, method, secret string) {
	t.Helper()
	if err := d.Protect(t.Context(), v, method, secret); err != nil {
		t.Fatal(err)
	}
}

// opensBy says which methods open the vault with their secrets, and that the method wanted is named beforehand.
func opensBy(t *testing.T, d Door) string {
	t.Helper()
	asked := Keychain
	v, err := d.Unlock(t.Context(), func(_ context.Context, method string) (string, error) {
		asked = method
		if named := d.Method(); named != method {
			t.Logf("%s was named and %s asked for", named, method)
		}
		return secrets[method], nil
	})
	if err != nil {
		t.Fatalf("the vault does not open: %v", err)
	}
	if got := names(v); len(got) != 1 {
		t.Fatalf("it holds %v", got)
	}
	if d.Method() != asked {
		t.Errorf("%s is named, %s was asked for", d.Method(), asked)
	}
	return asked
}

// keychainHolds says what the keychain's item is.
func keychainHolds(t *testing.T, d Door) string {
	t.Helper()
	text, err := keychain{d.path()}.load(t.Context())
	switch {
	case errors.Is(err, ErrNoKey):
		return Password
	case err != nil:
		t.Fatal(err)
	case isPIN(text):
		return PIN
	}
	return Keychain
}

// Every method can follow every method; then it opens the vault, and nothing of the one before is left.
func TestDoorMethods(t *testing.T) {
	d, v := newDoor(t)
	all := []string{Keychain, PIN, Password}
	for _, from := range all {
		for _, to := range all {
			mustProtect(t, d, v, from, secrets[from])
			mustProtect(t, d, v, to, secrets[to])
			if got := opensBy(t, d); got != to {
				t.Errorf("from %s to %s: %s opens it", from, to, got)
			}
			if got := keychainHolds(t, d); got != to {
				t.Errorf("from %s to %s: the keychain's item is that of %s", from, to, got)
			}
			if _, err := os.Stat(d.keyFile()); (err == nil) != (to == Password) {
				t.Errorf("from %s to %s: vault.key: %v", from, to, err)
			}
			if to != Keychain {
				if _, err := d.Unlock(t.Context(), Given("0000000000")); !errors.Is(err, ErrSecret) {
					t.Errorf("a wrong %s: %v", to, err)
				}
				if err := d.Authenticate(t.Context(), v, ""); !errors.Is(err, ErrSecret) {
					t.Errorf("%s: let in without a word: %v", to, err)
				}
			}
			for _, good := range []string{secrets[to], v.RecoveryKey()} {
				if err := d.Authenticate(t.Context(), v, good); err != nil {
					t.Errorf("%s: %v", to, err)
				}
			}
		}
	}
}

// A change of the method that is cut off after any step leaves a way in, and opening by it leaves only that one.
func TestDoorChangeIsCutOff(t *testing.T) {
	d, v := newDoor(t)
	all := []string{Keychain, PIN, Password}
	for _, from := range all {
		for _, to := range all {
			for _, step := range []string{"written", "removed"} {
				mustProtect(t, d, v, from, secrets[from])
				cut := d
				cut.step = func(name string) {
					if name == step {
						panic(step)
					}
				}
				func() {
					defer func() { _ = recover() }()
					_ = cut.Protect(t.Context(), v, to, secrets[to])
				}()
				got := opensBy(t, d)
				if got != from && got != to {
					t.Errorf("from %s to %s, cut off when %s: %s opens it", from, to, step, got)
				}
				if holds := keychainHolds(t, d); holds != got {
					t.Errorf("from %s to %s, cut off when %s: %s opens it, and the keychain's item is that of %s", from, to, step, got, holds)
				}
			}
		}
	}
}

func TestDoorNewSecretsAreChecked(t *testing.T) {
	d, v := newDoor(t)
	for _, tt := range []struct{ method, secret string }{
		{PIN, ""},
		{PIN, "123"},
		{PIN, "1234567890123"},
		{PIN, "12a4"},
		{PIN, "１２３４"},
		{Password, ""},
		{Password, "árvíztűrő"},
		{Password, "aaaaaaaaaaaaaaa"},
		{Password, "0123456789"},
		{Password, strings.Repeat("kék zokni", 200)},
		{"face", ""},
	} {
		if err := d.Protect(t.Context(), v, tt.method, tt.secret); !errors.Is(err, ErrWeak) && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s %q: %v", tt.method, tt.secret, err)
		}
	}
	if got := opensBy(t, d); got != Keychain {
		t.Errorf("%s opens it", got)
	}
}

// later is a door whose clock goes by a wait with each look, so that no wait is ever in force.
func later(d Door) Door {
	start, looks := time.Now(), 0
	d.now = func() time.Time { looks++; return start.Add(time.Duration(looks) * 2 * time.Hour) }
	return d
}

// Ten wrong tries, each in a process that is killed between the counting and the trying: the PIN is gone, and
// the recovery key opens the vault.
func TestDoorTenKilledTries(t *testing.T) {
	d, v := newDoor(t)
	mustProtect(t, d, v, PIN, goodPIN)
	for i := range maxTries {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoorKilledTry$")
		cmd.Env = append(os.Environ(), "KAPU_TEST_DIR="+d.Dir, "KAPU_TEST_STATE="+d.State, fmt.Sprintf("KAPU_TEST_HOURS=%d", i+1))
		out, err := cmd.CombinedOutput()
		if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() {
			t.Fatalf("try %d was not killed: %v\n%s", i+1, err, out)
		}
		text, err := keychain{d.path()}.load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r, err := readPIN(keychain{d.path()}, text); err != nil || r.Tries != i+1 || len(text) > 2560 {
			t.Fatalf("after %d tries: %d counted, %d bytes, %v", i+1, r.Tries, len(text), err)
		}
	}
	if _, err := later(d).Unlock(t.Context(), never(t)); !errors.Is(err, ErrNoKey) {
		t.Fatalf("the eleventh: %v", err)
	}
	text, _ := keychain{d.path()}.load(t.Context())
	if r, err := readPIN(keychain{d.path()}, text); err != nil || len(r.Sealed) != 0 {
		t.Errorf("the sealed part is still there: %v", err)
	}
	if _, err := d.Recover(t.Context(), v.RecoveryKey(), PIN, otherPIN); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Unlock(t.Context(), Given(otherPIN)); err != nil {
		t.Error(err)
	}
}

// TestDoorKilledTry is one try in a process of its own.
func TestDoorKilledTry(t *testing.T) {
	d := Door{Dir: os.Getenv("KAPU_TEST_DIR"), State: os.Getenv("KAPU_TEST_STATE")}
	if d.Dir == "" {
		t.Skip("TestDoorTenKilledTries runs this")
	}
	var hours time.Duration
	fmt.Sscan(os.Getenv("KAPU_TEST_HOURS"), (*int64)(&hours))
	d.now = func() time.Time { return time.Now().Add(hours * time.Hour) }
	d.step = func(string) { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }
	_, err := d.Unlock(t.Context(), Given("0000"))
	t.Fatal(err)
}

func TestDoorWrongPINs(t *testing.T) {
	d, v := newDoor(t)
	mustProtect(t, d, v, PIN, goodPIN)
	slow := later(d)
	for i := range maxTries {
		want := ErrSecret
		if i == maxTries-1 {
			want = ErrNoKey
		}
		if _, err := slow.Unlock(t.Context(), Given("0000")); !errors.Is(err, want) {
			t.Fatalf("try %d: %v", i+1, err)
		}
		if i == 4 { // the right one begins the count anew
			if _, err := slow.Unlock(t.Context(), Given(goodPIN)); err != nil {
				t.Fatal(err)
			}
			mustProtect(t, d, v, PIN, goodPIN)
			for range 5 {
				_, _ = slow.Unlock(t.Context(), Given("0000"))
			}
		}
	}
	if _, err := slow.Unlock(t.Context(), Given(goodPIN)); !errors.Is(err, ErrNoKey) {
		t.Errorf("the right PIN after ten wrong ones: %v", err)
	}
}

// From the third wrong PIN on there is a wait that grows; setting the clock back gains nothing.
func TestDoorWaits(t *testing.T) {
	d, v := newDoor(t)
	mustProtect(t, d, v, PIN, goodPIN)
	now := time.Now()
	d.now = func() time.Time { return now }
	wrong := func() error { _, err := d.Unlock(t.Context(), Given("0000")); return err }
	for range freeTries {
		if err := wrong(); !errors.Is(err, ErrSecret) {
			t.Fatal(err)
		}
	}
	for _, wait := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		for _, move := range []time.Duration{0, wait - time.Second, -24 * time.Hour, wait - time.Second} {
			now = now.Add(move)
			if _, err := d.Unlock(t.Context(), never(t)); !errors.Is(err, ErrWait) {
				t.Fatalf("a wait of %v, the clock moved by %v: %v", wait, move, err)
			}
		}
		now = now.Add(time.Second)
		if err := wrong(); !errors.Is(err, ErrSecret) {
			t.Fatalf("after a wait of %v: %v", wait, err)
		}
	}
	now = now.Add(-24 * time.Hour) // an honest person whose clock was wrong waits no longer than others
	_, _ = d.Unlock(t.Context(), never(t))
	now = now.Add(40 * time.Second)
	if _, err := d.Unlock(t.Context(), Given(goodPIN)); err != nil {
		t.Error(err)
	}
}

// Whatever is done to the keychain's item, the vault stays locked with a sentence, and the recovery key opens it.
func TestDoorKeychainItemHarmed(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, k keychain, text string){
		"deleted": func(t *testing.T, k keychain, _ string) { check(t, k.remove(t.Context())) },
		"altered": func(t *testing.T, k keychain, text string) {
			check(t, k.store(t.Context(), strings.Replace(text, "AGE-SECRET-KEY", "AGE-SECRET-KEZ", 1)))
		},
		"emptied": func(t *testing.T, k keychain, _ string) { check(t, k.store(t.Context(), " ")) },
		"a PIN's, broken": func(t *testing.T, k keychain, _ string) {
			check(t, k.store(t.Context(), `{"format":"kapu-pin","version":1,"tries":-1,"sealed":"AAAA"}`))
		},
		"another vault's": func(t *testing.T, k keychain, _ string) {
			id, err := seal.NewIdentity()
			check(t, err)
			check(t, k.store(t.Context(), id.String()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, v := newDoor(t)
			k := keychain{d.path()}
			text, err := k.load(t.Context())
			check(t, err)
			harm(t, k, text)
			if _, err := d.Unlock(t.Context(), never(t)); !errors.Is(err, ErrNoKey) && !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v", err)
			}
			if _, err := d.Recover(t.Context(), strings.Replace(v.RecoveryKey(), "1Q", "1P", 1)+"Q", Keychain, ""); !errors.Is(err, ErrSecret) {
				t.Errorf("a mistyped recovery key: %v", err)
			}
			for _, method := range []string{Keychain, PIN, Password} {
				if _, err := d.Recover(t.Context(), "\n "+v.RecoveryKey()+" ", method, secrets[method]); err != nil {
					t.Fatal(err)
				}
				if got := opensBy(t, d); got != method {
					t.Errorf("%s opens it, want %s", got, method)
				}
			}
		})
	}
}

func TestDoorOtherRecoveryKey(t *testing.T) {
	d, _ := newDoor(t)
	id, err := seal.NewIdentity()
	check(t, err)
	if _, err := d.Recover(t.Context(), id.String(), Keychain, ""); !errors.Is(err, ErrSecret) {
		t.Errorf("got %v", err)
	}
	if got := opensBy(t, d); got != Keychain {
		t.Errorf("%s opens it", got)
	}
}

// A moved vault finds its key; a PIN of its own does not leave the key open under the old name.
func TestDoorMovedVault(t *testing.T) {
	for _, method := range []string{Keychain, PIN, Password} {
		t.Run(method, func(t *testing.T) {
			d, v := newDoor(t)
			mustProtect(t, d, v, method, secrets[method])
			for other, text := range must(keychain{d.path()}.loadAll(t.Context())) {
				if isPIN(text) {
					check(t, other.remove(t.Context())) // of other tests
				}
			}
			moved := Door{Dir: filepath.Join(t.TempDir(), "moved"), State: d.State, cheap: true}
			check(t, os.Rename(d.Dir, moved.Dir))
			if got := opensBy(t, moved); got != method {
				t.Errorf("%s opens it", got)
			}
			mustProtect(t, moved, v2(t, moved, method), PIN, goodPIN)
			for other, text := range must(keychain{moved.path()}.loadAll(t.Context())) {
				if sameSecret(v.id, text) {
					t.Errorf("%s still holds the key", other.vault)
				}
			}
		})
	}
}

// A PIN's record goes with a vault that was taken out of its folder, and stays where the whole folder is away: that may
// be a drive with a copy.
func TestDoorMovedPINRecord(t *testing.T) {
	for name, stays := range map[string]bool{"file": false, "folder": true} {
		t.Run(name, func(t *testing.T) {
			d, v := newDoor(t)
			mustProtect(t, d, v, PIN, goodPIN)
			for other, text := range must(keychain{d.path()}.loadAll(t.Context())) {
				if isPIN(text) {
					check(t, other.remove(t.Context())) // of other tests
				}
			}
			old := keychain{d.path()}
			moved := Door{Dir: filepath.Join(t.TempDir(), "moved"), State: d.State, cheap: true}
			if name == "folder" {
				check(t, os.Rename(d.Dir, moved.Dir))
			} else {
				check(t, os.Mkdir(moved.Dir, 0o700))
				check(t, os.Rename(old.vault, filepath.Join(moved.Dir, fileName)))
			}
			for range 2 {
				if got := opensBy(t, moved); got != PIN {
					t.Errorf("%s opens it", got)
				}
			}
			if _, err := old.load(t.Context()); errors.Is(err, ErrNoKey) == stays {
				t.Errorf("the record under the old path: %v", err)
			}
		})
	}
}

func v2(t *testing.T, d Door, method string) *Vault {
	v, err := d.Unlock(t.Context(), Given(secrets[method]))
	check(t, err)
	return v
}

// The person is reminded of the recovery key until they have it, and again for another vault in the same place.
func TestDoorRecoveryKept(t *testing.T) {
	d, v := newDoor(t)
	kept := func(want bool) {
		t.Helper()
		if got := d.RecoveryKept(); got != want {
			t.Errorf("the recovery key counts as kept: %v, want %v", got, want)
		}
	}
	kept(false)
	v.KeepRecovery()
	kept(true)
	add(t, v, "Béta Bt.")
	mustProtect(t, d, v, PIN, goodPIN)
	kept(true)
	mustProtect(t, d, v, Keychain, "")
	check(t, os.RemoveAll(d.Dir))
	if _, err := d.Create(t.Context(), Keychain, never(t)); !errors.Is(err, ErrNone) {
		t.Errorf("a new vault in the place of one of which this machine has a copy: %v", err)
	}
	check(t, os.RemoveAll(d.versionDir()))
	again, err := d.Create(t.Context(), Keychain, never(t))
	check(t, err)
	kept(false)
	_, err = d.Recover(t.Context(), again.RecoveryKey(), Keychain, "") // who types it has it
	check(t, err)
	kept(true)
}

func TestDoorCancelled(t *testing.T) {
	d, v := newDoor(t)
	for _, method := range []string{PIN, Password} {
		mustProtect(t, d, v, method, secrets[method])
		boom := errors.New("cancelled")
		if _, err := d.Unlock(t.Context(), func(context.Context, string) (string, error) { return "", boom }); !errors.Is(err, boom) {
			t.Errorf("%s: %v", method, err)
		}
		if got := opensBy(t, d); got != method {
			t.Errorf("%s opens it", got)
		}
	}
}

// What this machine remembers holds no secret, and losing it loses nothing.
func TestDoorForgets(t *testing.T) {
	d, v := newDoor(t)
	mustProtect(t, d, v, PIN, goodPIN)
	data, err := os.ReadFile(d.stateFile(".json"))
	check(t, err)
	var r map[string]any
	check(t, json.Unmarshal(data, &r))
	if len(r) != 2 || r["method"] != PIN {
		t.Errorf("remembered: %s", data)
	}
	for _, wrong := range []string{"", "{", `{"method":"pin"}`} {
		check(t, os.WriteFile(d.stateFile(".json"), []byte(wrong), 0o600))
		if got := opensBy(t, d); got != PIN {
			t.Errorf("%s opens it", got)
		}
	}
}

// A new identity keeps the method and its secret, wherever it is cut off, and the keychain has nothing of the old one
// afterwards.
func TestDoorRenews(t *testing.T) {
	d, v := newDoor(t)
	for _, method := range []string{Keychain, PIN, Password} {
		for _, step := range []string{"intended", "wrapped", "vault", "office", ""} {
			mustProtect(t, d, v, method, secrets[method])
			cut := d
			cut.step = func(name string) {
				if name == step {
					panic(step)
				}
			}
			func() {
				defer func() { _ = recover() }()
				if err := cut.Renew(t.Context(), v, Renewal{Secret: secrets[method], Backups: ResealBackups}); err != nil {
					t.Errorf("%s, %s: %v", method, step, err)
				}
			}()
			now, err := d.Unlock(t.Context(), Given(secrets[method]))
			if err != nil {
				t.Fatalf("%s, cut off when %s: %v", method, step, err)
			}
			same := now.Identity().String() == v.Identity().String()
			if same != (step == "intended") || len(now.Contents().Clients) != 1 || opensBy(t, d) != method {
				t.Errorf("%s, cut off when %s: old identity %v, %d clients", method, step, same, len(now.Contents().Clients))
			}
			if text, err := (keychain{d.path()}).load(t.Context()); !same && err == nil && sameSecret(v.Identity(), text) {
				t.Errorf("%s, cut off when %s: the keychain has the old identity", method, step)
			}
			v = now
		}
	}
	mustProtect(t, d, v, PIN, goodPIN)
	if err := d.Renew(t.Context(), v, Renewal{Secret: v.RecoveryKey()}); said(err) != "renew-secret" {
		t.Errorf("with the recovery key in place of the PIN: %v", err)
	}
}
