package vault

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"kapu/disk"
)

// writeFile replaces a file so that at every moment the whole old or the whole new one is there, also after a
// power cut: write beside it, sync, rename, sync the folder. Only the owner can read it.
func writeFile(path string, data []byte) (os.FileInfo, error) {
	var written os.FileInfo
	err := placeFile(path, data, func(info os.FileInfo, rename func() error) error {
		written = info
		return rename()
	})
	return written, err
}

// placeFile is writeFile for a file that others watch: the rename is place's, which knows what the file will be.
func placeFile(path string, data []byte, place func(info os.FileInfo, rename func() error) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), unfinished(path)) // mode 0600
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
		err = place(info, func() error { return disk.Rename(f.Name(), path) })
	}
	if err == nil {
		err = disk.SyncFolder(filepath.Dir(path))
	}
	return err
}

// unfinished is the pattern of the names of files that are being written.
func unfinished(path string) string { return "." + filepath.Base(path) + ".*.new" }

// removeUnfinished removes what a process that was killed in the middle of a save left behind. The caller holds
// the lock, so no living process is writing.
func removeUnfinished(path string) {
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if ours, _ := filepath.Match(unfinished(path), e.Name()); ours {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// readAll reads a file of a known size without growing a buffer on the way.
func readAll(f *os.File, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead)
	_, err := io.Copy(&b, f)
	return b.Bytes(), err
}
