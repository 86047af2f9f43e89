package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
)

// marker is the name of the file that marks a folder as an office's, and tells people so. Where a share is not mounted
// there is often an empty folder in its place, and what is put there nobody would ever see.
const marker = "KAPU.txt"

// tempFolder is where files are written before they get their names: on the same file system, so that this is atomic.
const tempFolder = ".kapu"

// tempEnd is how their names end.
const tempEnd = ".new"

// dir is a Store in a folder: on a disk, on a share, or one that a program like Nextcloud's or Syncthing carries from
// machine to machine (eventually consistent). What it makes has the rights of the folder itself, so that whoever may
// use that may use all of it; what lies there is sealed. Whoever may use it can also put links there: none is followed.
type dir struct {
	root           string
	files, folders os.FileMode
	noLinks        atomic.Bool // no hard links here, so no atomic create of a whole file; claims take their place
	granted        atomic.Bool // what is made aside has the mode that it should have by itself
	cleanedAt      time.Time
	cleaning       sync.Mutex
	stuck          atomic.Int32 // operations that the file system does not let end
}

func openDir(root string) (*dir, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	d := &dir{root: root}
	info, err := within(context.Background(), d, func(context.Context) (os.FileInfo, error) { return os.Stat(root) })
	if _, said := errors.AsType[*lang.Error](err); said {
		return nil, err
	}
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return nil, gone(root, err)
	}
	rights := info.Mode() & (os.ModePerm | os.ModeSetgid)
	d.files, d.folders = rights&0o666, rights
	return d, nil
}

// open opens the folder for one operation: held for longer, a share could not be taken away, and would be the old one
// after it has come back.
func (d *dir) open() (*disk.Tree, error) {
	t, err := disk.OpenTree(d.root)
	if isGone(err) {
		return nil, gone(d.root, err)
	}
	if err != nil {
		return nil, d.unreadable(err)
	}
	return t, nil
}

// Parallel is the concurrency of GetAll and Each: file servers answer several requests in the time of one.
func (d *dir) Parallel() int { return 8 }

// Get implements Store.
func (d *dir) Get(ctx context.Context, name string) ([]byte, error) {
	return within(ctx, d, func(ctx context.Context) ([]byte, error) { return d.get(ctx, name) })
}

func (d *dir) get(ctx context.Context, name string) ([]byte, error) {
	if err := begin(ctx, name); err != nil {
		return nil, err
	}
	t, err := d.open()
	if err != nil {
		return nil, err
	}
	defer t.Close()
	body, err := read(t, name)
	switch {
	case err == nil:
		return body, nil
	case errors.Is(err, errTorn):
		return nil, ErrNotExist
	case isGone(err):
		if err := d.connected(t); err != nil {
			return nil, err
		}
		return nil, ErrNotExist
	}
	return nil, said(err, d.unreadable)
}

// said is an error that is a sentence already, or the sentence about it.
func said(err error, sentence func(error) error) error {
	if own, ok := errors.AsType[*lang.Error](err); ok {
		return own
	}
	return sentence(err)
}

// read returns the body in a file, or errTorn: what is no regular file, or too big, is none of ours.
func read(t *disk.Tree, name string) ([]byte, error) {
	f, err := t.OpenFile(name, os.O_RDONLY, 0)
	if errors.Is(err, disk.ErrIrregular) {
		return nil, errTorn
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > biggest+maxHeader {
		return nil, errTorn
	}
	file := make([]byte, info.Size())
	if _, err := io.ReadFull(f, file); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errTorn // it was cut meanwhile
	} else if err != nil {
		return nil, err
	}
	return unframe(file)
}

// Delete implements Store. It is not durable: after a power cut the object may be back, and who wants it gone deletes
// it again.
func (d *dir) Delete(ctx context.Context, name string) error {
	return d.within(ctx, func(ctx context.Context) error { return d.remove(ctx, name) })
}

func (d *dir) remove(ctx context.Context, name string) error {
	if err := begin(ctx, name); err != nil {
		return err
	}
	t, err := d.open()
	if err != nil {
		return err
	}
	defer t.Close()
	err = t.Remove(name)
	if err == nil && d.noLinks.Load() {
		p, path := put{d, t}, claimPath(name)
		p.removeClaim(path, p.holderOf(path))
	}
	if isGone(err) {
		return d.connected(t)
	}
	if err != nil {
		return said(err, d.unwritable)
	}
	return nil
}

// prepare writes the marker. It is idempotent.
func (d *dir) prepare() error {
	t, err := d.open()
	if err != nil {
		return err
	}
	defer t.Close()
	f, err := t.OpenFile(marker, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.files)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, disk.ErrIrregular) {
		return nil
	}
	if err != nil {
		return said(err, d.unwritable)
	}
	text := lang.In(lang.Hungarian).T("store-sign") + "\r\n\r\n" + lang.In(lang.English).T("store-sign") + "\r\n"
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close(), grant(t, marker, d.files)); err != nil {
		return said(err, d.unwritable)
	}
	return nil
}

// probe is nil if two writers cannot have the name of an object that there is.
func (d *dir) probe(name string) error {
	if !d.noLinks.Load() {
		return nil
	}
	t, err := d.open()
	if err != nil {
		return err
	}
	defer t.Close()
	if err := (put{d, t}).probeClaims(name); err != nil {
		return said(err, d.unwritable)
	}
	return nil
}

// connected says whether the folder is there and is the office's: whether the marker is.
func (d *dir) connected(t *disk.Tree) error {
	if _, err := t.Stat(marker); err != nil {
		return gone(d.root, err)
	}
	return nil
}

// grant gives a file the mode of the folder, whatever this person's umask removed.
func grant(t *disk.Tree, name string, mode os.FileMode) error {
	_, err := granted(t, name, mode)
	return err
}

// granted is grant, and says whether there was nothing to do.
func granted(t *disk.Tree, name string, mode os.FileMode) (asIs bool, err error) {
	info, err := t.Stat(name)
	if err != nil || info.Mode()&mode == mode {
		return err == nil, err
	}
	err = t.Chmod(name, mode)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		return true, nil // it has no rights of its own: a share, a stick
	}
	return false, err
}

// gone is the sentence for a folder that is not there.
func gone(root string, err error) error {
	return lang.E("store-folder-gone", "Path", root, "Reason", err)
}

func (d *dir) unreadable(err error) error {
	return lang.E("store-folder-unreadable", "Path", d.root, "Reason", err)
}

// unwritable is the sentence for a folder that cannot be written to, with the advice that the cause asks for.
func (d *dir) unwritable(err error) error {
	switch lang.CauseID(err) {
	case "cause-no-space", "cause-quota", "cause-too-large":
		return lang.E("store-folder-full", "Path", d.root, "Reason", err)
	case "cause-denied", "cause-read-only":
		return lang.E("store-folder-forbidden", "Path", d.root, "Reason", err)
	case "cause-drive", "cause-share-gone", "cause-timeout", "cause-unreachable", "cause-refused", "cause-reset":
		return lang.E("store-folder-broken", "Path", d.root, "Reason", err)
	}
	return lang.E("store-folder-unwritable", "Path", d.root, "Reason", err)
}

// isGone says whether an error is of a file that is not there; where a folder should be, there may be a file.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// begin is the common check of an operation: of the name, and whether it was cancelled.
func begin(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return ctx.Err()
}
