package store

import (
	"context"
	"errors"
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

// dir is a Store in a folder: on a disk, on a share, or one that a program like Nextcloud's or Syncthing carries from
// machine to machine (eventually consistent). What it makes has the rights of the folder itself, so that whoever may
// use that may use all of it; what lies there is sealed.
type dir struct {
	root           string
	files, folders os.FileMode
	noLinks        atomic.Bool // no hard links here, so no atomic create of a whole file; a lock takes their place
	cleanedAt      time.Time   // by the file system's clock
	cleaning       sync.Mutex
}

func openDir(root string) (*dir, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(root)
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return nil, gone(root, err)
	}
	rights := info.Mode() & (os.ModePerm | os.ModeSetgid)
	return &dir{root: root, files: rights & 0o666, folders: rights}, nil
}

func (d *dir) path(name string) string { return filepath.Join(d.root, filepath.FromSlash(name)) }

// Parallel is the concurrency of GetAll and Each: file servers answer several requests in the time of one.
func (d *dir) Parallel() int { return 8 }

// Get implements Store.
func (d *dir) Get(ctx context.Context, name string) ([]byte, error) {
	if err := begin(ctx, name); err != nil {
		return nil, err
	}
	body, err := read(d.path(name))
	switch {
	case err == nil:
		return body, nil
	case errors.Is(err, errTorn):
		return nil, ErrNotExist
	case isGone(err):
		if err := d.connected(); err != nil {
			return nil, err
		}
		return nil, ErrNotExist
	}
	if newer, ok := errors.AsType[*lang.Error](err); ok {
		return nil, newer
	}
	return nil, d.unreadable(err)
}

// read returns the body in a file, or errTorn: what is no regular file, or too big, is none of ours.
func read(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > biggest+maxHeader {
		return nil, errTorn
	}
	file, err := disk.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return unframe(file)
}

// Delete implements Store. It is not durable: after a power cut the object may be back, and who wants it gone deletes
// it again.
func (d *dir) Delete(ctx context.Context, name string) error {
	if err := begin(ctx, name); err != nil {
		return err
	}
	err := disk.Remove(d.path(name))
	if isGone(err) {
		return d.connected()
	}
	if err != nil {
		return d.unwritable(err)
	}
	return nil
}

// prepare writes the marker. It is idempotent.
func (d *dir) prepare() error {
	path := filepath.Join(d.root, marker)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.files)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return d.unwritable(err)
	}
	text := lang.In(lang.Hungarian).T("store-sign") + "\r\n\r\n" + lang.In(lang.English).T("store-sign") + "\r\n"
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close(), d.grant(path, d.files)); err != nil {
		return d.unwritable(err)
	}
	return nil
}

// connected says whether the folder is there and is the office's: whether the marker is.
func (d *dir) connected() error {
	_, err := os.Lstat(filepath.Join(d.root, marker))
	if err != nil {
		return gone(d.root, err)
	}
	return nil
}

// grant gives a file the mode of the folder, whatever this person's umask removed.
func (d *dir) grant(path string, mode os.FileMode) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&mode == mode {
		return err
	}
	err = os.Chmod(path, mode)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		return nil // it has no rights of its own: a share, a stick
	}
	return err
}

// gone is the sentence for a folder that is not there.
func gone(root string, err error) error {
	return lang.E("store-folder-gone", "Path", root, "Reason", err)
}

func (d *dir) unreadable(err error) error {
	return lang.E("store-folder-unreadable", "Path", d.root, "Reason", err)
}

func (d *dir) unwritable(err error) error {
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
