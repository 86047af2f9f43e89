package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
)

// Put implements Store, as an atomic and exclusive create: the file is written aside, and gets its name by a hard link
// when it is whole and on the disk. Where there are no links (FAT, a few shares), it is written in place, under a lock.
func (d *dir) Put(ctx context.Context, name string, body []byte) error {
	return d.within(ctx, func(ctx context.Context) error { return d.create(ctx, name, body) })
}

func (d *dir) create(ctx context.Context, name string, body []byte) error {
	if err := errors.Join(checkBody(body), begin(ctx, name)); err != nil {
		return err
	}
	t, err := d.open()
	if err != nil {
		return err
	}
	defer t.Close()
	if err := d.connected(t); err != nil {
		return err
	}
	err = put{d, t}.put(ctx, name, frame(body))
	if err == nil || err == ErrExists || ctx.Err() != nil {
		return err
	}
	return said(err, d.unwritable)
}

// put is one Put under way.
type put struct {
	*dir
	tree *disk.Tree
}

func (p put) put(ctx context.Context, name string, file []byte) error {
	if _, err := p.tree.Stat(name); err == nil {
		return p.resolveTaken(ctx, name, file)
	}
	if p.noLinks.Load() {
		return p.putLocked(ctx, name, file)
	}
	written, err := p.write(file)
	if err != nil {
		return err
	}
	defer func() { _ = p.tree.Remove(written) }() // nothing to remove once it has its name
	err = p.tree.Claim(written, name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = p.folder(above(name)); err == nil {
			err = p.tree.Claim(written, name)
		}
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return p.resolveTaken(ctx, name, file)
	case errors.Is(err, errors.ErrUnsupported):
		p.noLinks.Store(true)
		return p.putLocked(ctx, name, file)
	case err != nil:
		return err
	}
	return p.tree.Sync(above(name))
}

// above is the folder that a name lies in; "" is the store's own.
func above(name string) string { return name[:max(strings.LastIndexByte(name, '/'), 0)] }

// write writes a temporary file and returns its name.
func (p put) write(file []byte) (string, error) {
	if err := p.folder(tempFolder); err != nil {
		return "", err
	}
	name := tempFolder + "/" + strings.ToLower(rand.Text()) + tempEnd
	if err := p.fill(name, os.O_CREATE|os.O_EXCL, file); err != nil {
		_ = p.tree.Remove(name)
		return "", err
	}
	p.removeStale(name)
	return name, nil
}

// fill writes a file's content durably: it is synced before fill returns.
func (p put) fill(name string, flag int, file []byte) error {
	f, err := p.tree.OpenFile(name, os.O_WRONLY|flag, p.files)
	if err != nil {
		return err
	}
	_, err = f.Write(file)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), grant(p.tree, name, p.files))
}

// folder is a durable mkdir -p: the folders above are synced too.
func (p put) folder(name string) error {
	if name == "" {
		return p.connected(p.tree)
	}
	if info, err := p.tree.Stat(name); err == nil && info.IsDir() {
		return nil
	}
	if err := p.folder(above(name)); err != nil {
		return err
	}
	switch err := p.tree.Mkdir(name, p.folders.Perm()); {
	case errors.Is(err, fs.ErrExist): // by another process, a moment ago
		return nil
	case err != nil:
		return err
	}
	return errors.Join(grant(p.tree, name, p.folders), p.tree.Sync(above(name)))
}

// tornTimeout is after how long without a change the writer of a torn file is taken for dead.
const tornTimeout = 10 * time.Minute

// resolveTaken decides about a name that is taken: nil if it has the same content, else ErrExists. A file that a dead
// writer left torn would keep its name for ever, so it is replaced.
func (p put) resolveTaken(ctx context.Context, name string, file []byte) error {
	if p.isAbandoned(name) {
		return p.putLocked(ctx, name, file)
	}
	return p.compare(name, file)
}

// compare is nil if a file has the same content, else ErrExists.
func (p put) compare(name string, file []byte) error {
	if body, err := read(p.tree, name); err == nil && bytes.Equal(frame(body), file) {
		return nil
	}
	return ErrExists
}

// isAbandoned says whether a file is torn and has not changed for tornTimeout, by the clock of its own file system.
func (p put) isAbandoned(name string) bool {
	info, err := p.tree.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if _, err := read(p.tree, name); !errors.Is(err, errTorn) {
		return false
	}
	written, err := p.write(nil)
	if err != nil {
		return false
	}
	defer func() { _ = p.tree.Remove(written) }()
	now, err := p.tree.Stat(written)
	return err == nil && now.ModTime().Sub(info.ModTime()) > tornTimeout
}

// putLocked writes a file in place, inside a critical section. The lock is held across machines, and is released when
// its holder dies; so a torn file that is found there has no living writer.
func (p put) putLocked(ctx context.Context, name string, file []byte) error {
	if err := p.folder(tempFolder); err != nil {
		return err
	}
	lockName := tempFolder + "/lock"
	if _, err := p.tree.Stat(lockName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // it is locked by its path, which must not lead through a link
	}
	flag := os.O_CREATE | os.O_RDONLY | disk.NoFollow
	lock := flock.New(p.tree.Path(lockName), flock.SetFlag(flag), flock.SetPermissions(p.files))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return err
	}
	defer lock.Close()
	if err := p.folder(above(name)); err != nil {
		return err
	}
	err := p.fill(name, os.O_CREATE|os.O_EXCL, file)
	if errors.Is(err, fs.ErrExist) {
		if !p.isAbandoned(name) {
			return p.compare(name, file)
		}
		return p.fill(name, os.O_TRUNC, file)
	}
	if err != nil {
		_ = p.tree.Remove(name) // it is ours: nobody else made it
		return err
	}
	return p.tree.Sync(above(name))
}

// Temporary files of writers that died are garbage after a day; each process collects them once an hour.
const (
	staleAge   = 24 * time.Hour
	cleanEvery = time.Hour
)

// removeStale collects that garbage. The file that was just written tells the time of the file system.
func (p put) removeStale(written string) {
	info, err := p.tree.Stat(written)
	if err != nil {
		return
	}
	p.cleaning.Lock()
	due := info.ModTime().Sub(p.cleanedAt) > cleanEvery
	if due {
		p.cleanedAt = info.ModTime()
	}
	p.cleaning.Unlock()
	if !due {
		return
	}
	entries, _ := p.tree.ReadDir(tempFolder)
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), tempEnd) {
			continue
		}
		old := tempFolder + "/" + e.Name()
		if other, err := p.tree.Stat(old); err == nil && info.ModTime().Sub(other.ModTime()) > staleAge {
			_ = p.tree.Remove(old)
		}
	}
}
