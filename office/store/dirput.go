package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
	"kapu/lang"
)

// Put implements Store, as an atomic and exclusive create: the file is written aside, and gets its name by a hard link
// when it is whole and on the disk. Where there are no links (FAT, a few shares), it is written in place, under a lock.
func (d *dir) Put(ctx context.Context, name string, body []byte) error {
	if err := errors.Join(checkBody(body), begin(ctx, name)); err != nil {
		return err
	}
	if err := d.connected(); err != nil {
		return err
	}
	err := d.put(ctx, d.path(name), frame(body))
	if _, said := errors.AsType[*lang.Error](err); said || err == nil || err == ErrExists || ctx.Err() != nil {
		return err
	}
	return d.unwritable(err)
}

func (d *dir) put(ctx context.Context, path string, file []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return d.resolveTaken(ctx, path, file)
	}
	if d.noLinks.Load() {
		return d.putLocked(ctx, path, file)
	}
	written, err := d.write(file)
	if err != nil {
		return err
	}
	defer func() { _ = disk.Remove(written) }() // nothing to remove once it has its name
	err = disk.Claim(written, path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = d.folder(filepath.Dir(path)); err == nil {
			err = disk.Claim(written, path)
		}
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return d.resolveTaken(ctx, path, file)
	case errors.Is(err, errors.ErrUnsupported):
		d.noLinks.Store(true)
		return d.putLocked(ctx, path, file)
	case err != nil:
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// write writes a temporary file and returns its path.
func (d *dir) write(file []byte) (string, error) {
	folder := filepath.Join(d.root, tempFolder)
	if err := d.folder(folder); err != nil {
		return "", err
	}
	path := filepath.Join(folder, strings.ToLower(rand.Text())+".new")
	if err := d.fill(path, os.O_CREATE|os.O_EXCL, file); err != nil {
		_ = disk.Remove(path)
		return "", err
	}
	d.removeStale(path)
	return path, nil
}

// fill writes a file's content durably: it is synced before fill returns.
func (d *dir) fill(path string, flag int, file []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|flag, d.files)
	if err != nil {
		return err
	}
	_, err = f.Write(file)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), d.grant(path, d.files))
}

// folder is a durable mkdir -p: the folders above are synced too.
func (d *dir) folder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if path == d.root {
		return d.connected()
	}
	above := filepath.Dir(path)
	if err := d.folder(above); err != nil {
		return err
	}
	switch err := os.Mkdir(path, d.folders.Perm()); {
	case errors.Is(err, fs.ErrExist): // by another process, a moment ago
		return nil
	case err != nil:
		return err
	}
	return errors.Join(d.grant(path, d.folders), disk.SyncFolder(above))
}

// tornTimeout is after how long without a change the writer of a torn file is taken for dead.
const tornTimeout = 10 * time.Minute

// resolveTaken decides about a name that is taken: nil if it has the same content, else ErrExists. A file that a dead
// writer left torn would keep its name for ever, so it is replaced.
func (d *dir) resolveTaken(ctx context.Context, path string, file []byte) error {
	if d.isAbandoned(path) {
		return d.putLocked(ctx, path, file)
	}
	return compare(path, file)
}

// compare is nil if a file has the same content, else ErrExists.
func compare(path string, file []byte) error {
	if body, err := read(path); err == nil && bytes.Equal(frame(body), file) {
		return nil
	}
	return ErrExists
}

// isAbandoned says whether a file is torn and has not changed for tornTimeout, by the clock of its own file system.
func (d *dir) isAbandoned(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if _, err := read(path); !errors.Is(err, errTorn) {
		return false
	}
	written, err := d.write(nil)
	if err != nil {
		return false
	}
	defer func() { _ = disk.Remove(written) }()
	now, err := os.Stat(written)
	return err == nil && now.ModTime().Sub(info.ModTime()) > tornTimeout
}

// putLocked writes a file in place, inside a critical section. The lock is held across machines, and is released when
// its holder dies; so a torn file that is found there has no living writer.
func (d *dir) putLocked(ctx context.Context, path string, file []byte) error {
	if err := d.folder(filepath.Join(d.root, tempFolder)); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(d.root, tempFolder, "lock"), flock.SetPermissions(d.files))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return err
	}
	defer lock.Close()
	if err := d.folder(filepath.Dir(path)); err != nil {
		return err
	}
	err := d.fill(path, os.O_CREATE|os.O_EXCL, file)
	if errors.Is(err, fs.ErrExist) {
		if !d.isAbandoned(path) {
			return compare(path, file)
		}
		return d.fill(path, os.O_TRUNC, file)
	}
	if err != nil {
		_ = disk.Remove(path) // it is ours: nobody else made it
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// Temporary files of writers that died are garbage after a day; each process collects them once an hour.
const (
	staleAge   = 24 * time.Hour
	cleanEvery = time.Hour
)

// removeStale collects that garbage. The file that was just written tells the time of the file system.
func (d *dir) removeStale(written string) {
	info, err := os.Stat(written)
	if err != nil {
		return
	}
	d.cleaning.Lock()
	due := info.ModTime().Sub(d.cleanedAt) > cleanEvery
	if due {
		d.cleanedAt = info.ModTime()
	}
	d.cleaning.Unlock()
	if !due {
		return
	}
	entries, _ := os.ReadDir(filepath.Dir(written))
	for _, e := range entries {
		other, err := e.Info()
		if err == nil && filepath.Ext(e.Name()) == ".new" && info.ModTime().Sub(other.ModTime()) > staleAge {
			_ = os.Remove(filepath.Join(filepath.Dir(written), e.Name()))
		}
	}
}
