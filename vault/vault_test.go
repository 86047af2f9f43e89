package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/disk"
	"kapu/seal"
)

func newVault(t testing.TB) (*Vault, *seal.Identity, string) {
	t.Helper()
	id, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	v, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	return v, id, dir
}

func open(t testing.TB, dir string, id *seal.Identity) *Vault {
	t.Helper()
	v, err := Open(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// add puts a client with an account of its own into a vault.
func add(t testing.TB, v *Vault, name string) Client {
	t.Helper()
	var c Client
	_, err := v.Update(t.Context(), func(tx *Tx) (err error) {
		c, err = put(tx, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func put(tx *Tx, name string) (Client, error) {
	key, err := ParseKey("JBSWY3DPEHPK3PXP")
	if err != nil {
		return Client{}, err
	}
	a, err := tx.PutAccount(Account{Key: key})
	if err != nil {
		return Client{}, err
	}
	return tx.PutClient(Client{Name: name, Account: a.ID})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func names(v *Vault) []string {
	var names []string
	for _, c := range v.Contents().Clients {
		names = append(names, c.Name)
	}
	return names
}

func TestWhatIsSavedIsThereAgain(t *testing.T) {
	v, id, dir := newVault(t)
	var account Account
	var client Client
	_, err := v.Update(t.Context(), func(tx *Tx) (err error) {
		key, _ := ParseKey(" jbsw y3dp-ehpk 3pxp== ")
		if account, err = tx.PutAccount(Account{Key: key, UserName: "kovacs.anna", DeletionCode: "12345678", Note: "két\nsor"}); err != nil {
			return err
		}
		client, err = tx.PutClient(Client{
			Name: " Őrség  & Társa „Kft.” ", Account: account.ID, TaxNumber: "12345678-1-42", Folder: "Kft-k",
			MandateUntil: "2027-01-31", Favourite: true,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, id).Contents()
	gotClient, _ := again.Client(client.ID)
	gotAccount, _ := again.Account(account.ID)
	if diff := cmp.Diff(client, gotClient) + cmp.Diff(account, gotAccount); diff != "" {
		t.Error(diff)
	}
	if gotClient.Name != "Őrség & Társa „Kft.”" || gotAccount.Key.Secret != "JBSWY3DPEHPK3PXP" || gotAccount.Service != DefaultService {
		t.Errorf("not in the kept form: %+v %+v", gotClient, gotAccount)
	}
}

func TestSessionsDoNotLoseEachOthersChanges(t *testing.T) {
	v, id, dir := newVault(t)
	const sessions, each = 4, 25
	var wg sync.WaitGroup
	for s := range sessions {
		own := v
		if s > 0 {
			own = open(t, dir, id)
		}
		wg.Go(func() {
			for i := range each {
				if _, err := own.Update(context.Background(), func(tx *Tx) error {
					_, err := put(tx, fmt.Sprintf("%d/%d", s, i))
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if _, err := v.Refresh(); err != nil {
		t.Fatal(err)
	}
	if got := len(v.Contents().Clients); got != sessions*each {
		t.Errorf("%d clients, want %d", got, sessions*each)
	}
}

func TestChangeIsSeenByOthers(t *testing.T) {
	v, id, dir := newVault(t)
	other := open(t, dir, id)
	c := add(t, v, "Alfa Kft.")
	changed, err := other.Refresh()
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	if changed, _ := other.Refresh(); changed {
		t.Error("a second look finds another change")
	}
	if _, ok := other.Contents().Client(c.ID); !ok {
		t.Error("the client is not there")
	}
}

func TestFailedTransactionChangesNothing(t *testing.T) {
	v, _, dir := newVault(t)
	add(t, v, "Alfa Kft.")
	before, _ := os.ReadFile(filepath.Join(dir, fileName))
	boom := errors.New("boom")
	_, err := v.Update(t.Context(), func(tx *Tx) error {
		if _, err := put(tx, "Béta Bt."); err != nil {
			return err
		}
		tx.RemoveClients(tx.Clients[0].ID)
		return boom
	})
	after, _ := os.ReadFile(filepath.Join(dir, fileName))
	if !errors.Is(err, boom) || !bytes.Equal(before, after) || len(names(v)) != 1 {
		t.Errorf("got %v, %v", err, names(v))
	}
}

func TestEmptyTransactionSavesNothing(t *testing.T) {
	v, _, dir := newVault(t)
	before, _ := os.Stat(filepath.Join(dir, fileName))
	if _, err := v.Update(t.Context(), func(*Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(filepath.Join(dir, fileName)); !sameFile(before, after) {
		t.Error("the file was written")
	}
}

func TestRemovingTheLastClientRemovesItsAccount(t *testing.T) {
	v, _, _ := newVault(t)
	a := add(t, v, "Alfa Kft.")
	var b Client
	if _, err := v.Update(t.Context(), func(tx *Tx) (err error) {
		b, err = tx.PutClient(Client{Name: "Béta Bt.", Account: a.Account})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{a.ID, b.ID, b.ID} {
		if _, err := v.Update(t.Context(), func(tx *Tx) error { tx.RemoveClients(id); return nil }); err != nil {
			t.Fatal(err)
		}
		wantAccounts := 1
		if i > 0 {
			wantAccounts = 0
		}
		if got := len(v.Contents().Accounts); got != wantAccounts {
			t.Errorf("after removing %d: %d accounts, want %d", i+1, got, wantAccounts)
		}
	}
}

// Every byte of the file changed in turn is an error that says where a good backup is, and the file stays.
func TestDamagedVault(t *testing.T) {
	v, id, dir := newVault(t)
	add(t, v, "Alfa Kft.")
	add(t, v, "Béta Bt.") // so that there is a backup with a client
	path := filepath.Join(dir, fileName)
	good, _ := os.ReadFile(path)
	backup, _ := v.backups.newest()
	step := 1
	if testing.Short() {
		step = 10
	}
	for i := 0; i < len(good); i += step {
		bad := bytes.Clone(good)
		bad[i] ^= 0x01
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Open(dir, id)
		if !errors.Is(err, ErrDamaged) || got.Contents() != nil || !strings.Contains(err.Error(), backup) {
			t.Fatalf("byte %d: %v", i, err)
		}
		if i%100 > 0 {
			continue // the lock and the failed save are the same for every byte, and slow
		}
		if _, err := v.Update(t.Context(), func(tx *Tx) error { _, err := put(tx, "Gamma"); return err }); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: saved over a damaged vault: %v", i, err)
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, bad) {
			t.Fatalf("byte %d: the damaged file was written over", i)
		}
	}
	for _, n := range []int{0, 1, len(good) / 2, len(good) - 1} {
		if err := os.WriteFile(path, good[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, id); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestNewerVaultIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"format":        `{"vault":99,"program":"kapu 9.1","generation":1,"saved":"2030-01-01T00:00:00Z","accounts":[],"clients":[]}`,
		"unknown field": `{"vault":99,"program":"kapu 9.1","generation":1,"saved":"2030-01-01T00:00:00Z","accounts":[],"clients":[],"offices":[{}]}`,
	} {
		_, id, dir := newVault(t)
		writeBody(t, dir, id, body)
		if _, err := Open(dir, id); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "kapu 9.1") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInconsistentBodyIsRefused(t *testing.T) {
	const rest = `"program":"kapu","generation":1,"saved":"2026-01-01T00:00:00Z"`
	for name, body := range map[string]string{
		"unknown field":            `{"vault":1,` + rest + `,"accounts":[],"clients":[],"x":1}`,
		"client without account":   `{"vault":1,` + rest + `,"accounts":[],"clients":[{"id":"a","account":"b","name":"c","changed":"2026-01-01T00:00:00Z"}]}`,
		"no version":               `{` + rest + `,"accounts":[],"clients":[]}`,
		"two documents":            `{"vault":1,` + rest + `,"accounts":[],"clients":[]}{}`,
		"not JSON":                 `vault`,
		"an account with two keys": `{"vault":1,` + rest + `,"accounts":[{"id":"a","key":{}},{"id":"a","key":{}}],"clients":[]}`,
	} {
		_, id, dir := newVault(t)
		writeBody(t, dir, id, body)
		if _, err := Open(dir, id); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func writeBody(t *testing.T, dir string, id *seal.Identity, body string) {
	t.Helper()
	sealed, err := seal.Seal(sealContext, []byte(body), id, id.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fileName), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCreateNeverReplaces(t *testing.T) {
	v, id, dir := newVault(t)
	if _, err := Create(dir, id); !errors.Is(err, ErrExists) {
		t.Errorf("over a vault: %v", err)
	}
	add(t, v, "Alfa Kft.")
	if err := os.Remove(filepath.Join(dir, fileName)); err != nil {
		t.Fatal(err)
	}
	backup, _ := v.backups.newest()
	if _, err := Create(dir, id); err == nil || !strings.Contains(err.Error(), backup) {
		t.Errorf("where only backups are left: %v", err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kapu")
	v, err := Create(dir, must(seal.NewIdentity()))
	check(t, err)
	add(t, v, "Alfa Kft.")
	check(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || runtime.GOOS == "windows" && !info.IsDir() { // there files have the rights of their folder
			return err
		}
		open, err := disk.OpenToOthers(path)
		if open {
			t.Errorf("%s can be read by others", path)
		}
		return err
	}))
}

func TestLeftoverOfAKilledSaveIsRemoved(t *testing.T) {
	v, _, dir := newVault(t)
	left := filepath.Join(dir, ".vault.age.123.new")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, v, "Alfa Kft.")
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("still there: %v", err)
	}
}

func TestLinkedVaultIsSavedWhereTheLinkPoints(t *testing.T) {
	_, id, real := newVault(t)
	dir := t.TempDir()
	symlink(t, filepath.Join(real, fileName), filepath.Join(dir, fileName))
	add(t, open(t, dir, id), "Alfa Kft.")
	if got := names(open(t, real, id)); len(got) != 1 {
		t.Errorf("the real file has %v", got)
	}
}

// symlink skips the test where there are no links: on Windows without the right to make them, and in Wine, which says
// that it has made one and has not.
func symlink(t *testing.T, to, link string) {
	t.Helper()
	err := os.Symlink(to, link)
	if err == nil {
		_, err = os.Readlink(link)
	}
	if err != nil && runtime.GOOS == "windows" {
		t.Skip(err)
	}
	check(t, err)
}

// A link whose drive is away is not replaced by a new, empty vault.
func TestLinkToNowhere(t *testing.T) {
	v, id, real := newVault(t)
	add(t, v, "Alfa Kft.")
	dir, away := t.TempDir(), real+"-away"
	link := filepath.Join(dir, fileName)
	symlink(t, filepath.Join(real, fileName), link)
	check(t, os.Rename(real, away))
	d := Door{Dir: dir, State: t.TempDir(), cheap: true}
	for name, do := range map[string]func() error{
		"create":      func() error { _, err := Create(dir, id); return err },
		"create anew": func() error { _, err := d.Create(t.Context(), Password, Given(killedPassword(0))); return err },
		"unlock":      func() error { _, err := d.Unlock(t.Context(), Given("")); return err },
		"recover":     func() error { _, err := d.Recover(t.Context(), id.String(), Password, killedPassword(0)); return err },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), real) {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, os.Rename(away, real))
	if got := names(open(t, dir, id)); len(got) != 1 {
		t.Errorf("the drive is back, and the vault holds %v", got)
	}
	for _, e := range must(os.ReadDir(dir)) {
		if e.Name() != fileName && e.Name() != lockName {
			t.Errorf("left beside the link: %v", e)
		}
	}
}

func TestSurplusBackups(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	var list []string // newest first: every two hours for 60 days
	for i := range 60 * 12 {
		list = append(list, backupName(uint64(1000-i), now.Add(-time.Duration(i)*2*time.Hour)))
	}
	gone := map[string]bool{}
	for _, name := range surplus(list) {
		gone[name] = true
	}
	days := map[string]int{}
	for i, name := range list {
		_, saved, _ := backupOf(name)
		if gone[name] && i < keepLast {
			t.Errorf("%s is among the last ten and goes", name)
		}
		if !gone[name] {
			days[saved.Format(time.DateOnly)]++
			if now.Sub(saved) > keepDays*24*time.Hour {
				t.Errorf("%s is older than thirty days and stays", name)
			}
		}
	}
	if len(days) != keepDays {
		t.Errorf("backups of %d days", len(days))
	}
	if days["2026-11-01"] != 1 {
		t.Errorf("%d backups of an old day", days["2026-11-01"])
	}
}

// A clock that is wrong for some saves, in either direction, costs no backup that a right one would keep, and what
// was saved last stays the newest.
func TestBackupsWithAWrongClock(t *testing.T) {
	for name, wrong := range map[string]time.Duration{
		"a day back": -24 * time.Hour, "to 1970": -56 * 365 * 24 * time.Hour, "ten years ahead": 10 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			b := backups{filepath.Join(t.TempDir(), "backups")}
			file := filepath.Join(t.TempDir(), fileName)
			check(t, os.WriteFile(file, nil, 0o600))
			clock := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
			generation := uint64(0)
			save := func(step, off time.Duration) {
				clock, generation = clock.Add(step), generation+1
				check(t, b.keep(file, &Contents{Generation: generation, Saved: clock.Add(off)}))
				newest, _ := b.newest()
				if got, _, _ := backupOf(filepath.Base(newest)); got != generation {
					t.Fatalf("generation %d was saved last, the newest backup is of %d", generation, got)
				}
			}
			for range 20 * 4 {
				save(6*time.Hour, 0)
			}
			for range 30 {
				save(time.Minute, wrong)
			}
			for range 30 {
				save(time.Minute, 0)
			}
			days := map[string]bool{}
			for i, name := range b.list() {
				got, saved, _ := backupOf(name)
				days[saved.Format(time.DateOnly)] = true
				if i < keepLast && got != generation-uint64(i) {
					t.Errorf("the backup in place %d is of generation %d of %d", i, got, generation)
				}
			}
			for day := 1; day <= 21; day++ {
				if want := fmt.Sprintf("2026-11-%02d", day); !days[want] {
					t.Errorf("no backup of %s", want)
				}
			}
		})
	}
}

func TestUseIsNoBackup(t *testing.T) {
	v, _, _ := newVault(t)
	c := add(t, v, "Alfa Kft.")
	before := len(v.backups.list())
	at := time.Now().Add(time.Minute)
	if _, err := v.Update(t.Context(), func(tx *Tx) error { tx.Used(c.ID, at); return nil }); err != nil {
		t.Fatal(err)
	}
	if got := len(v.backups.list()); got != before {
		t.Errorf("%d backups, want %d", got, before)
	}
	if got, _ := v.Contents().Client(c.ID); !got.LastUsed.Equal(at.Truncate(time.Second)) || !got.Changed.Equal(c.Changed) {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkOpen10k(b *testing.B) {
	_, id, dir := benchVault(b, 10_000)
	for b.Loop() {
		open(b, dir, id)
	}
}

func BenchmarkSave10k(b *testing.B) {
	v, _, _ := benchVault(b, 10_000)
	for b.Loop() {
		add(b, v, "Új Kft.")
	}
}

func benchVault(b *testing.B, clients int) (*Vault, *seal.Identity, string) {
	v, id, dir := newVault(b)
	if _, err := v.Update(b.Context(), func(tx *Tx) error {
		for i := range clients {
			if _, err := put(tx, fmt.Sprintf("Őrség és Társa Kft. %d", i)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return v, id, dir
}
