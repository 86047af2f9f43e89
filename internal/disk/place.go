package disk

import (
	"os"
	"path/filepath"
)

// Replace replaces a file so that at every moment the whole old or the whole new one is there, also after a power cut:
// write beside it, sync, rename, sync the folder. Only the owner can read it.
func Replace(path string, data []byte) error {
	return Place(path, data, func(_ os.FileInfo, rename func() error) error { return rename() })
}

// Place is Replace for a file that others watch: the rename is place's, which knows what the file will be.
func Place(path string, data []byte, place func(info os.FileInfo, rename func() error) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), Unfinished(path)) // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing to remove once it is renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	var info os.FileInfo
	if err == nil {
		info, err = f.Stat() // the same after the rename
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = place(info, func() error { return Rename(f.Name(), path) })
	}
	if err == nil {
		err = SyncFolder(filepath.Dir(path))
	}
	return err
}

// Unfinished is the pattern of the names of files that are being written.
func Unfinished(path string) string { return "." + filepath.Base(path) + ".*.new" }
