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

// sign is the file by which a folder is known to be an office's. It is for people too. Where a share is not connected
// there is often an empty folder in its place, and what is put there nobody would ever see.
const sign = "KAPU.txt"

// workshop is the folder within the folder where files are written before they get their names.
const workshop = ".kapu"

// dir is a folder as a store: on a disk, on a share, or one that a program like Nextcloud's or Syncthing carries from
// machine to machine. What it makes has the rights of the folder itself, so that whoever may use that may use all of
// it; what lies there is sealed.
type dir struct {
	root           string
	files, folders os.FileMode
	linkless       atomic.Bool // names cannot be claimed here; there is a lock instead
	tidied         time.Time   // by the folder's own clock
	tidying        sync.Mutex
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

// Parallel is for GetAll and Each: servers answer several questions in the time of one.
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

// read returns the body in a file. What is no plain file, or too big, is none of ours.
func read(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > biggest+longestLine {
		return nil, errTorn
	}
	file, err := disk.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return unform(file)
}

// Delete implements Store. A power cut may bring the object back: who wants it gone looks again.
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

// prepare makes the folder an office's.
func (d *dir) prepare() error {
	path := filepath.Join(d.root, sign)
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

// connected says whether the folder is the office's.
func (d *dir) connected() error {
	_, err := os.Lstat(filepath.Join(d.root, sign))
	if err != nil {
		return gone(d.root, err)
	}
	return nil
}

// grant gives what was made the folder's rights, whatever this person's umask took away.
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

// gone says why there is no folder, without its path once more.
func gone(root string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return lang.E("store-folder-gone", "Path", root, "Reason", err)
}

func (d *dir) unreadable(err error) error {
	return lang.E("store-folder-unreadable", "Path", d.root, "Reason", err)
}

func (d *dir) unwritable(err error) error {
	return lang.E("store-folder-unwritable", "Path", d.root, "Reason", err)
}

// isGone says of an error that there is no such file; where a folder should be, there may be a file.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func begin(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return ctx.Err()
}
