package cli

import (
	"errors"
	"io/fs"
	"os"

	"kapu/lang"
)

// absent makes sure that a file to be written does not replace another.
func absent(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return lang.E("output-exists", "Path", path)
	}
	return nil
}

// writeNew writes a file that only its owner can read, and replaces none. What fails leaves nothing behind.
func writeNew(path string, data []byte) error {
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
			_ = os.Remove(path)
		}
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // the sentence has the path
	}
	if err != nil {
		return lang.E("output-failed", "Path", path, "Reason", err)
	}
	return nil
}
