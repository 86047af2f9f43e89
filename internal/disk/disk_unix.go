//go:build !windows

package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

const (
	ownerOnly = 0o600
	enterable = 0o700
	others    = 0o077
)

// Folder makes a folder, and those above it that are missing. One that exists stays as it is.
func Folder(dir string) error { return os.MkdirAll(dir, enterable) }

// WriteFile writes a file. One that is there already goes first, for it would keep its rights.
func WriteFile(path string, data []byte) error {
	if err := Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, data, ownerOnly)
}

// OpenToOthers says whether other users of the machine can do anything with a file or folder.
func OpenToOthers(path string) (bool, error) {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&others != 0, err
}

// Administrators says whether a file is an administrator's (root's), and whether nobody else can change it or what any
// folder on the way has in its place.
func Administrators(path string) (theirs, closed bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, false, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	_, err = (&reader{uid: 0, strict: true}).walk(path)
	if errors.Is(err, ErrForeign) {
		return ok && s.Uid == 0, false, nil
	}
	return ok && s.Uid == 0, err == nil, err
}

// patiently waits for nothing: who holds a file here does not keep others from it.
func patiently(do func() error) error { return do() }

// SyncFolder makes the names in a folder last: without it a power cut may bring the old ones back.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return syncClose(d)
}

func syncClose(d *os.File) error {
	defer d.Close()
	// Some network and FUSE filesystems cannot sync a folder; they give what they have.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
