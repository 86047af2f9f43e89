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

	"kapu/internal/disk"
	"kapu/lang"
)

// Put implements Store, as an atomic and exclusive create: the file is written aside, and gets its name by a hard link
// when it is whole and on the disk. Where there are no links (FAT, some mounts of shares), it is written in place,
// under a claim.
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

// put asks the file system as little as it can: on a share each question is a round trip.
func (p put) put(ctx context.Context, name string, file []byte) error {
	if p.noLinks.Load() {
		return p.putInPlace(ctx, name, file)
	}
	err := p.putLinked(name, file)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errors.ErrUnsupported):
		p.noLinks.Store(true)
		return p.putInPlace(ctx, name, file)
	}
	if _, isSaid := errors.AsType[*lang.Error](err); isSaid {
		return err
	}
	// Whatever failed, the answer may be what got lost, and what is there needs no room.
	if _, missing := p.tree.Stat(name); missing == nil || errors.Is(err, fs.ErrExist) {
		return p.resolveTaken(ctx, name, file)
	}
	return err
}

func (p put) putInPlace(ctx context.Context, name string, file []byte) error {
	if err := p.connected(p.tree); err != nil {
		return err
	}
	if _, err := p.tree.Stat(name); err == nil {
		return p.resolveTaken(ctx, name, file)
	}
	return p.putClaimed(ctx, name, file)
}

// putLinked writes a file aside and links it to its name; fs.ErrExist: that is taken. Where there is no sign of an
// office there is no folder for what is aside either, so that both are asked for at once.
func (p put) putLinked(name string, file []byte) error {
	connected := make(chan error, 1)
	go func() { connected <- p.connected(p.tree) }()
	written, err := p.write(file)
	if gone := <-connected; gone != nil {
		err = gone
	}
	if err == nil {
		err = p.tree.Claim(written, name)
	}
	if errors.Is(err, fs.ErrNotExist) && written != "" {
		if err = p.folder(above(name)); err == nil {
			err = p.tree.Claim(written, name)
		}
	}
	if err != nil {
		if written != "" {
			_ = p.tree.Remove(written)
		}
		return err
	}
	return p.tree.Sync(above(name))
}

// above is the folder that a name lies in; "" is the store's own.
func above(name string) string { return name[:max(strings.LastIndexByte(name, '/'), 0)] }

// write writes a temporary file and returns its name.
func (p put) write(file []byte) (string, error) {
	name := tempFolder + "/" + strings.ToLower(rand.Text()) + tempEnd
	f, err := p.create(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = p.folder(tempFolder); err == nil {
			f, err = p.create(name)
		}
	}
	if err == nil {
		err = p.fill(f, name, file)
	}
	if err != nil {
		_ = p.tree.Remove(name) // nobody else has the random name
		return "", err
	}
	p.removeStale(name)
	return name, nil
}

// create is an exclusive create.
func (p put) create(name string) (*os.File, error) {
	return p.tree.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, p.files)
}

// fill writes a file's content durably: it is synced before fill returns.
func (p put) fill(f *os.File, name string, file []byte) error {
	_, err := f.Write(file)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	isAside := strings.HasPrefix(name, tempFolder+"/")
	if err != nil || isAside && p.granted.Load() {
		return err
	}
	asIs, err := granted(p.tree, name, p.files)
	if asIs && isAside {
		p.granted.Store(true)
	}
	return err
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
// writer left torn would keep its name for ever, so it is removed first, by one of those who want the name.
func (p put) resolveTaken(ctx context.Context, name string, file []byte) error {
	if !p.isAbandoned(name) {
		return p.compare(name, file)
	}
	return p.putClaimed(ctx, name, file)
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
	now, err := p.now()
	return err == nil && now.Sub(info.ModTime()) > tornTimeout
}

// now is the time by the clock of the file system: that of a file written just now.
func (p put) now() (time.Time, error) {
	written, err := p.write(nil)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = p.tree.Remove(written) }()
	info, err := p.tree.Stat(written)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// Temporary files of writers that died are garbage after a day; each process collects them once an hour, and claims
// with them, of which there may be many.
const (
	staleAge   = 24 * time.Hour
	cleanEvery = time.Hour
	mostClaims = 64 // that one Put collects
)

// removeStale collects that garbage, if it is time by this machine's clock. How old something is tells the clock of the
// file system, by what was just made.
func (p put) removeStale(made string) {
	p.cleaning.Lock()
	defer p.cleaning.Unlock()
	if time.Since(p.cleanedAt) < cleanEvery {
		return
	}
	if info, err := p.tree.Stat(made); err == nil && p.collect(info.ModTime()) {
		p.cleanedAt = time.Now()
	}
}

// collect is false if there may be more.
func (p put) collect(now time.Time) bool {
	entries, _ := p.tree.ReadDir(tempFolder)
	claims := 0
	for _, e := range entries {
		path := tempFolder + "/" + e.Name()
		isClaim := e.IsDir() && strings.HasSuffix(e.Name(), claimEnd)
		if !isClaim && !strings.HasSuffix(e.Name(), tempEnd) {
			continue
		}
		info, err := p.tree.Stat(path)
		switch {
		case err != nil:
		case isClaim && now.Sub(info.ModTime()) > claimAge:
			if claims++; claims > mostClaims {
				return false
			}
			p.removeClaim(path, p.holderOf(path))
		case isClaim || now.Sub(info.ModTime()) <= staleAge:
		case info.IsDir():
			p.removeFolder(path)
		case info.Mode().IsRegular():
			_ = p.tree.Remove(path)
		}
	}
	return true
}
