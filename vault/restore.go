package vault

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Backup is an earlier generation that decrypts and verifies, or another version of the vault that this machine keeps.
type Backup struct {
	Name    string    `json:"name"` // of the file in its folder
	Saved   time.Time `json:"saved"`
	Clients int       `json:"clients"`
	// Here means that the copy lies on this machine, in no folder of the vault, and Apart that the vault does not descend
	// from it: what is in it may be missing from the vault.
	Here  bool `json:"here,omitempty"`
	Apart bool `json:"apart,omitempty"`
}

// damagedStart begins the name of a damaged file that was set aside.
const damagedStart = "vault-damaged-"

// Backups returns the good backups and the versions that this machine keeps, newest first.
func (v *Vault) Backups() []Backup {
	var good []Backup
	now := v.Contents()
	if now == nil { // it was opened for its backups only
		now, _ = v.onlyRead()
	}
	for _, name := range v.backupNames() {
		c, err := v.backup(name)
		if err != nil {
			continue
		}
		_, here := versionOf(name)
		if here && now != nil && now.digest == c.digest {
			continue
		}
		apart := here && now != nil && !now.descends(c.Mark())
		good = append(good, Backup{name, c.Saved, len(c.Clients), here, apart})
	}
	return good
}

// backupNames lists the backups and the versions that this machine keeps, newest first.
func (v *Vault) backupNames() []string {
	names := append(v.memory.door.versions(), v.backups.list()...)
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(numberOf(y), numberOf(x)) })
	return names
}

func (v *Vault) backupPath(name string) string {
	if _, here := versionOf(name); here {
		return filepath.Join(v.memory.door.versionDir(), name)
	}
	return filepath.Join(v.backups.dir, name)
}

// numberOf is the generation that the name of a backup or version stands for.
func numberOf(name string) uint64 {
	if generation, _, ok := backupOf(name); ok {
		return generation
	}
	generation, _ := versionOf(name)
	return generation
}

// backup opens a backup or a version.
func (v *Vault) backup(name string) (*Contents, error) {
	data, err := disk.ReadFile(v.backupPath(name))
	if err != nil {
		return nil, err
	}
	return v.unseal(data)
}

// newestGood returns the path of the newest backup or version that opens, or "".
func (v *Vault) newestGood() string {
	for _, name := range v.backupNames() {
		if _, err := v.backup(name); err == nil {
			return v.backupPath(name)
		}
	}
	return ""
}

// anyBackup is what a person names: a backup or a version that opens.
func (v *Vault) anyBackup(name string) (*Contents, error) {
	_, _, beside := backupOf(name)
	_, here := versionOf(name)
	if !beside && !here {
		return nil, lang.E("backup-unknown", "Name", name).Kind(ErrInvalid)
	}
	c, err := v.backup(name)
	if err != nil {
		return nil, lang.E("backup-bad", "Name", name, "Reason", err).Kind(ErrDamaged)
	}
	return c, nil
}

// Restore rolls forward to a backup: it becomes the vault's newest generation, which descends from both. What is there
// now is retained: as a backup, so that this can be undone in the same way, or, if it is damaged, under the returned
// name.
func (v *Vault) Restore(ctx context.Context, name string) (aside string, err error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	if err := disk.Folder(v.home); err != nil { // it may have gone with the vault
		return "", lang.E("vault-unwritable", "Path", v.path, "Reason", err)
	}
	unlock, err := v.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := v.sayRenewed(); err != nil {
		return "", err
	}
	old, err := v.anyBackup(name)
	if err != nil {
		return "", err
	}
	next := newContents(old.Accounts, old.Clients)
	next.Formers = old.Formers
	next.follow(old)
	readable, generation := false, max(old.Generation, v.memory.newest())
	switch now, err := v.onlyRead(); {
	case errors.Is(err, fs.ErrNotExist):
	case err == nil:
		readable, generation = true, max(generation, now.Generation)
		next.follow(now)
		if err := v.backups.keep(v.path, now); err != nil {
			return "", err
		}
	case isNewer(err):
		return "", v.explain(err) // not damaged, and this program does not know what it would take away
	default:
		if aside, err = v.setAside(); err != nil {
			return "", err
		}
	}
	if !readable { // what this machine has seen of it is what the person replaces
		next.forerunners = joinMarks(next.forerunners, v.memory.marks())
	}
	next.Generation = generation // save counts on
	return aside, v.save(next, appended{})
}

func isNewer(err error) bool {
	var version *seal.VersionError
	return errors.Is(err, ErrNewer) || errors.As(err, &version)
}

func (v *Vault) onlyRead() (*Contents, error) {
	data, err := disk.ReadFile(v.path)
	if err != nil {
		return nil, err
	}
	return v.unseal(data)
}

// setAside quarantines a damaged file: it gets a second name (a hard link, or a copy), under which it stays.
func (v *Vault) setAside() (string, error) {
	aside := v.Beside(damagedStart + time.Now().UTC().Format(backupStamp) + backupEnd)
	err := os.Link(v.path, aside)
	if err != nil {
		var data []byte
		if data, err = disk.ReadFile(v.path); err == nil {
			_, err = writeFile(aside, data)
		}
	}
	if err != nil {
		return "", lang.E("vault-unwritable", "Path", aside, "Reason", err)
	}
	return aside, nil
}
