package vault

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// A version is a copy of the vault's file that this machine keeps in its own state folder, out of reach of whoever owns
// the place where the vault lies: of what it has seen last, and of what the vault does not descend from.

// versions lists the names of the copies, the newest first. Other files in the folder are not ours.
func (d Door) versions() (names []string) {
	if d.State == "" {
		return nil
	}
	entries, _ := os.ReadDir(d.versionDir())
	for _, e := range entries {
		if _, ours := versionOf(e.Name()); ours {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names
}

// openVersion reads a copy.
func (d Door) openVersion(name string, id *seal.Identity) (*Contents, error) {
	data, err := disk.ReadFile(filepath.Join(d.versionDir(), name))
	if err != nil {
		return nil, err
	}
	return (&Vault{id: id}).unseal(data)
}

// apart says what the person should know of a vault that does not descend from all that this machine has seen: it is an
// older one (rollback), or it has gone another way (fork).
func (d Door) apart(now *Contents, missing []head, id *seal.Identity) *lang.Error {
	if len(missing) == 0 {
		return nil
	}
	newest := slices.MaxFunc(missing, func(a, b head) int { return a.Saved.Compare(b.Saved) })
	values := []any{"Path", d.path(), "Saved", moment(now.Saved), "Seen", moment(newest.Saved)}
	kept, err := d.openVersion(newest.file(), id)
	switch {
	case err != nil:
		return lang.E("vault-apart-lost", values...)
	case kept.descends(now.Mark()):
		return lang.E("vault-backwards", append(values, "N", int(kept.Generation-now.Generation))...)
	default:
		return lang.E("vault-apart", values...)
	}
}

func moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// Apart says, without a key, whether this machine has last seen a vault that does not descend from all it had seen
// before: when the newest of that was saved.
func (d Door) Apart() (saved time.Time, apart bool) {
	heads := d.readSeen().Heads
	for _, h := range heads[min(1, len(heads)):] {
		saved, apart = latest(saved, h.Saved), true
	}
	return saved, apart
}
