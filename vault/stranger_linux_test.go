package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kapu/internal/disk"
	"kapu/seal"
)

// On a share others may write into the vault's folder. A link that they put in the place of a folder of the vault's is
// not followed: what looks like a backup or a month of the log where it leads to is not deleted.
func TestAStrangersLinkBesideTheVaultIsNotFollowed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a link of another user can be made by root only")
	}
	for _, name := range []string{"backups", "log"} {
		for _, owner := range []int{65534, 0} {
			share := t.TempDir()
			check(t, os.Chmod(share, 0o777|os.ModeSticky))
			check(t, os.Chmod(filepath.Dir(share), 0o755))
			dir := filepath.Join(share, "vault")
			id, err := seal.NewIdentity()
			check(t, err)
			v, err := Create(dir, id)
			check(t, err)
			check(t, os.Chmod(dir, 0o777|os.ModeSticky))
			victim := t.TempDir()
			var others []string
			for n := range uint64(20) {
				others = append(others, filepath.Join(victim, backupName(n, time.Unix(1_800_000_000, 0))))
			}
			others = append(others, filepath.Join(victim, "2001-01.age"))
			for _, path := range others {
				check(t, os.WriteFile(path, []byte("another vault's"), 0o600))
			}
			link := filepath.Join(dir, name)
			check(t, os.Symlink(victim, link))
			check(t, os.Lchown(link, owner, owner))
			_, err = v.Update(context.Background(), func(tx *Tx) error {
				tx.Note(LogEntry{Act: Added})
				_, err := tx.PutAccount(Account{Key: Key{Kind: TOTP, Secret: "MNUW4Z3FOJ2GK4TB", Algorithm: "SHA1", Digits: 6, Period: 30}})
				return err
			})
			left := 0
			for _, path := range others {
				if _, err := os.Stat(path); err == nil {
					left++
				}
			}
			if owner != 0 && (!errors.Is(err, disk.ErrForeign) || left != len(others)) {
				t.Errorf("%s: %v, %d of %d files are left", name, err, left, len(others))
			}
			if owner == 0 && err != nil {
				t.Errorf("%s: the person's own link: %v", name, err)
			}
		}
	}
}

// vault.key opens everything for who knows its password, so it must be the person's own.
func TestAStrangersKeyFileIsNotBelieved(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a file of another user can be made by root only")
	}
	d := Door{Dir: filepath.Join(t.TempDir(), "kapu"), State: filepath.Join(t.TempDir(), "state"), cheap: true}
	_, err := d.Create(context.Background(), Password, Given(goodPassword))
	check(t, err)
	_, err = d.Unlock(context.Background(), Given(goodPassword))
	check(t, err)
	check(t, os.Lchown(d.keyFile(), 65534, 65534))
	if _, err := d.Unlock(context.Background(), Given(goodPassword)); !errors.Is(err, disk.ErrForeign) {
		t.Errorf("a stranger's key file: %v", err)
	}
	check(t, os.Lchown(d.keyFile(), 0, 0))

	// A change to the password is refused before it writes what would then not be believed.
	for _, dir := range []string{filepath.Dir(filepath.Dir(d.Dir)), filepath.Dir(d.Dir)} {
		check(t, os.Chmod(dir, 0o755))
	}
	check(t, os.Chmod(d.Dir, 0o777))
	check(t, os.Remove(d.keyFile()))
	id, err := seal.NewIdentity()
	check(t, err)
	if err := d.writeKeyFile(id, goodPassword); !errors.Is(err, disk.ErrForeign) {
		t.Errorf("a key file where everybody writes: %v", err)
	}
	if _, err := os.Stat(d.keyFile()); err == nil {
		t.Error("it was written all the same")
	}
}

// A state that somebody else has written tells nothing.
func TestAStrangersStateIsNotBelieved(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a file of another user can be made by root only")
	}
	d := Door{Dir: t.TempDir(), State: t.TempDir()}
	d.remember(func(r *recalled) { r.Method = PIN })
	if r := d.recall(); r.Method != PIN {
		t.Fatalf("%+v", r)
	}
	check(t, os.Lchown(d.stateFile(".json"), 65534, 65534))
	if r := d.recall(); r != (recalled{}) {
		t.Errorf("%+v", r)
	}
	check(t, os.Lchown(d.State, 65534, 65534))
	if _, err := d.exclusive(t.Context()); !errors.Is(err, disk.ErrForeign) {
		t.Errorf("a PIN would be tried without the lock: %v", err)
	}
}
