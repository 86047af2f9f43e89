package vault

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"kapu/internal/disk"
)

// writeFile is an atomic write (see disk.Place). It returns what identifies the file that it has written.
func writeFile(path string, data []byte) (os.FileInfo, error) {
	var written os.FileInfo
	err := disk.Place(path, data, func(info os.FileInfo, rename func() error) error {
		written = info
		return rename()
	})
	return written, err
}

// removeUnfinished deletes the temporary files of writers that were killed. The caller holds the lock, so no living
// process is writing.
func removeUnfinished(path string) {
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if ours, _ := filepath.Match(disk.Unfinished(path), e.Name()); ours {
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
