package vault

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Backup is an earlier generation that decrypts and verifies.
type Backup struct {
	Name    string    `json:"name"` // of the file in the folder of backups
	Saved   time.Time `json:"saved"`
	Clients int       `json:"clients"`
}

// damagedStart begins the name of a damaged file that was set aside.
const damagedStart = "vault-damaged-"

// Backups returns the good backups, newest first.
func (v *Vault) Backups() []Backup {
	var good []Backup
	for _, name := range v.backups.list() {
		if c, err := v.backup(name); err == nil {
			good = append(good, Backup{name, c.Saved, len(c.Clients)})
		}
	}
	return good
}

func (v *Vault) backup(name string) (*Contents, error) {
	data, err := disk.ReadFile(filepath.Join(v.backups.dir, name))
	if err != nil {
		return nil, err
	}
	return v.unseal(data)
}

// Restore rolls forward to a backup: it becomes the vault's newest generation. What is there now is retained: as a
// backup, so that this can be undone in the same way, or, if it is damaged, under the returned name.
func (v *Vault) Restore(ctx context.Context, name string) (aside string, err error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	unlock, err := v.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, _, ours := backupOf(name); !ours {
		return "", lang.E("backup-unknown", "Name", name).Kind(ErrInvalid)
	}
	old, err := v.backup(name)
	if err != nil {
		return "", lang.E("backup-bad", "Name", name, "Reason", err).Kind(ErrDamaged)
	}
	generation := max(old.Generation, v.memory.newest())
	switch now, err := v.onlyRead(); {
	case errors.Is(err, fs.ErrNotExist):
	case err == nil:
		generation = max(generation, now.Generation)
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
	next := newContents(old.Accounts, old.Clients)
	next.Generation, next.Formers = generation, old.Formers // save counts on
	return aside, v.save(next)
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
