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

// Put implements Store. The file is written aside and claims its name when it is whole and on the disk. Where names
// cannot be claimed (FAT, a few shares), it is written in its place, under a lock.
func (d *dir) Put(ctx context.Context, name string, body []byte) error {
	if err := errors.Join(checkBody(body), begin(ctx, name)); err != nil {
		return err
	}
	if err := d.connected(); err != nil {
		return err
	}
	err := d.put(ctx, d.path(name), form(body))
	if _, said := errors.AsType[*lang.Error](err); said || err == nil || err == ErrExists || ctx.Err() != nil {
		return err
	}
	return d.unwritable(err)
}

func (d *dir) put(ctx context.Context, path string, file []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return d.taken(ctx, path, file)
	}
	if d.linkless.Load() {
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
		return d.taken(ctx, path, file)
	case errors.Is(err, errors.ErrUnsupported):
		d.linkless.Store(true)
		return d.putLocked(ctx, path, file)
	case err != nil:
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// write writes a file of no name yet.
func (d *dir) write(file []byte) (string, error) {
	folder := filepath.Join(d.root, workshop)
	if err := d.folder(folder); err != nil {
		return "", err
	}
	path := filepath.Join(folder, strings.ToLower(rand.Text())+".new")
	if err := d.fill(path, os.O_CREATE|os.O_EXCL, file); err != nil {
		_ = disk.Remove(path)
		return "", err
	}
	d.tidy(path)
	return path, nil
}

// fill writes a file's content and waits until the disk has it.
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

// folder makes a folder, and those above it that are missing, so that a power cut does not take them.
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

// patience is how long a file that is not whole is left to who is writing or copying it.
const patience = 10 * time.Minute

// taken is for a name that is taken. A file that has not become whole for long is what a dead writer left: it would
// keep its name for ever, so it gives way.
func (d *dir) taken(ctx context.Context, path string, file []byte) error {
	if d.leftTorn(path) {
		return d.putLocked(ctx, path, file)
	}
	return compare(path, file)
}

// compare says whether what took the name is the same.
func compare(path string, file []byte) error {
	if body, err := read(path); err == nil && bytes.Equal(form(body), file) {
		return nil
	}
	return ErrExists
}

// leftTorn says whether a file is not whole, and has not changed for long by the clock of what it lies on.
func (d *dir) leftTorn(path string) bool {
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
	return err == nil && now.ModTime().Sub(info.ModTime()) > patience
}

// putLocked writes a file in its place. Who is under the lock is the only one who writes so, on whatever machine, and
// the lock goes with its holder; so a file that is not whole there has no living writer.
func (d *dir) putLocked(ctx context.Context, path string, file []byte) error {
	if err := d.folder(filepath.Join(d.root, workshop)); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(d.root, workshop, "lock"), flock.SetPermissions(d.files))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return err
	}
	defer lock.Close()
	if err := d.folder(filepath.Dir(path)); err != nil {
		return err
	}
	err := d.fill(path, os.O_CREATE|os.O_EXCL, file)
	if errors.Is(err, fs.ErrExist) {
		if !d.leftTorn(path) {
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

// Leftovers of writers that died stay for a day; who looks for them does so once an hour.
const (
	leftover = 24 * time.Hour
	round    = time.Hour
)

// tidy removes leftovers. The file that was just written tells the time there.
func (d *dir) tidy(written string) {
	info, err := os.Stat(written)
	if err != nil {
		return
	}
	d.tidying.Lock()
	due := info.ModTime().Sub(d.tidied) > round
	if due {
		d.tidied = info.ModTime()
	}
	d.tidying.Unlock()
	if !due {
		return
	}
	entries, _ := os.ReadDir(filepath.Dir(written))
	for _, e := range entries {
		if other, err := e.Info(); err == nil && filepath.Ext(e.Name()) == ".new" && info.ModTime().Sub(other.ModTime()) > leftover {
			_ = os.Remove(filepath.Join(filepath.Dir(written), e.Name()))
		}
	}
}
