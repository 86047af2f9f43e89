package config

import (
	"errors"
	"io/fs"
	"os"

	"kapu/lang"
)

// WriteNew is exclusive creation: it writes a file that only its owner can read (0600), and is an error where there is
// one. What fails leaves nothing behind.
func WriteNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return lang.E("output-exists", "Path", path)
	}
	if err == nil {
		_, err = f.Write(data)
		if err == nil {
			err = f.Sync()
		}
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(path) // half a file helps nobody
		}
	}
	if err != nil {
		return lang.E("output-failed", "Path", path, "Reason", err)
	}
	return nil
}
