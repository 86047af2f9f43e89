//go:build !windows

package disk

import (
	"errors"
	"io/fs"
	"os"
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

// patiently waits for nothing: who holds a file here does not keep others from it.
func patiently(do func() error) error { return do() }
