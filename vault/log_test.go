package vault

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kapu/seal"
)

func acts(t testing.TB, v *Vault) (list []Act) {
	t.Helper()
	entries, _, err := v.Log()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Act)
		if !strings.Contains(e.By, "@") || e.At.IsZero() {
			t.Errorf("nobody or no time: %+v", e)
		}
	}
	return list
}

func same(got []Act, want ...Act) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

func TestLogTellsTwoSessions(t *testing.T) {
	v, id, dir := newVault(t)
	other := open(t, dir, id)
	at := time.Now().Add(-time.Minute)
	for i, s := range []*Vault{v, other, v} {
		if err := s.Note(t.Context(), LogEntry{At: at.Add(time.Duration(i) * time.Second), Act: []Act{Copied, Shown, Exported}[i], Name: "Alfa"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := acts(t, other); !same(got, Exported, Shown, Copied) {
		t.Errorf("%v", got)
	}
	if other.Contents().Generation != 1 {
		t.Error("a line of the log is no change of the vault")
	}
	files, _ := filepath.Glob(filepath.Join(dir, logDir, "*"))
	for _, f := range files {
		if data, _ := os.ReadFile(f); strings.Contains(string(data), "Alfa") {
			t.Errorf("%s can be read by anybody", f)
		}
		if info, _ := os.Stat(f); info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s: %v", f, info.Mode())
		}
	}
}

func TestLogOfAYear(t *testing.T) {
	v, _, dir := newVault(t)
	now := time.Now()
	for _, age := range []int{0, 11, 13, 30} { // months
		then := now.AddDate(0, -age, 0)
		if _, err := v.appendLog([]LogEntry{{At: then, Act: Copied}}, then); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Note(t.Context(), LogEntry{Act: Exported}); err != nil {
		t.Fatal(err)
	}
	if got := acts(t, v); !same(got, Exported, Copied, Copied) {
		t.Errorf("%v", got)
	}
	if files, _ := os.ReadDir(filepath.Join(dir, logDir)); len(files) != 2 {
		t.Errorf("%d months are kept", len(files))
	}
}

func TestDamagedLogIsSetAside(t *testing.T) {
	v, _, dir := newVault(t)
	month := time.Now().Format(logMonth)
	for i := range 2 {
		if err := v.Note(t.Context(), LogEntry{Act: Copied}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := os.WriteFile(v.logFile(month), []byte("spoilt"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := acts(t, v); len(got) != 2 || (got[0] != Lost && got[1] != Lost) {
		t.Errorf("%v", got)
	}
	found, _ := filepath.Glob(filepath.Join(dir, logDir, "*damaged*"))
	if len(found) != 1 {
		t.Errorf("set aside: %v", found)
	}
}

// What cannot be noted is not done, and what was not done is not noted.
func TestLogAndVaultGoTogether(t *testing.T) {
	v, id, dir := newVault(t)
	noted := func(tx *Tx) error {
		tx.Note(LogEntry{Act: Added})
		_, err := put(tx, "Alfa")
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, logDir), nil, 0o600); err != nil { // no folder can be made there
		t.Fatal(err)
	}
	if _, err := v.Update(t.Context(), noted); err == nil || len(open(t, dir, id).Contents().Clients) != 0 {
		t.Errorf("changed without a line: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, logDir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "backups"), nil, 0o600); err != nil { // the save fails after the line
		t.Fatal(err)
	}
	if _, err := v.Update(t.Context(), noted); err == nil {
		t.Error("saved without a backup")
	}
	if got := acts(t, v); len(got) != 0 {
		t.Errorf("the log tells what did not happen: %v", got)
	}
}

func TestNewerLogIsRefused(t *testing.T) {
	v, id, _ := newVault(t)
	if err := v.Note(t.Context(), LogEntry{Act: Copied}); err != nil {
		t.Fatal(err)
	}
	sealed, err := seal.Seal(logContext, []byte(`{"log":9,"entries":[],"chain":1}`), id, id.Public())
	if err != nil {
		t.Fatal(err)
	}
	path := v.logFile(time.Now().Format(logMonth))
	if err := os.WriteFile(path, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := v.Note(t.Context(), LogEntry{Act: Copied}); err == nil {
		t.Error("written over")
	}
	if now, _ := os.ReadFile(path); string(now) != string(sealed) {
		t.Error("changed")
	}
}

// A vault of the first format opens and becomes one of this.
func TestFirstFormatOpens(t *testing.T) {
	_, id, dir := newVault(t)
	writeBody(t, dir, id, `{"vault":1,"program":"kapu 0.1.0","generation":7,"saved":"2026-11-22T00:00:00Z",
		"accounts":[{"id":"a","service":"Ügyfélkapu+","key":{"kind":"totp","secret":"JBSWY3DPEHPK3PXP","algorithm":"SHA1","digits":6,"period":30},"changed":"2026-11-22T00:00:00Z"}],
		"clients":[{"id":"c","account":"a","name":"Alfa","changed":"2026-11-22T00:00:00Z"}]}`)
	v := open(t, dir, id)
	add(t, v, "Béta")
	if got := open(t, dir, id).Contents().Clients; len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// The vault is in its place, and its folder could not be synced any more: what is done stays in the log that tells it.
func TestLogOfASaveThatWasNotSynced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a folder is not synced there")
	}
	_, id, linked := newVault(t)
	d := Door{Dir: t.TempDir(), State: t.TempDir()} // the log is not in the folder that cannot be synced
	check(t, os.Symlink(filepath.Join(linked, fileName), filepath.Join(d.Dir, fileName)))
	away := linked + "-away"
	d.step = func(at string) {
		if at == "renamed" {
			check(t, os.Rename(linked, away))
		}
	}
	v := must(d.open(id, Keychain))
	_, err := v.Update(t.Context(), func(tx *Tx) error {
		tx.Note(LogEntry{Act: Added, Name: "Alfa"})
		_, err := put(tx, "Alfa")
		return err
	})
	if err == nil {
		t.Fatal("the folder was synced")
	}
	check(t, os.Rename(away, linked))
	v = must(Door{Dir: d.Dir, State: d.State}.open(id, Keychain))
	if got := acts(t, v); !same(got, Added) || len(names(v)) != 1 {
		t.Errorf("%v of %v", got, names(v))
	}
	if gaps := logGaps(t, v); len(gaps) > 0 || v.Warning() != nil {
		t.Errorf("%+v, %v", gaps, v.Warning())
	}
}
