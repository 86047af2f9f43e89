package paper

import (
	"errors"
	"io/fs"
	"os"

	"kapu/lang"
)

// Save writes a PDF to a new file that only its owner can read. A file that is there already stays as it is.
func Save(path string, pdf []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return lang.E("paper-exists", "Path", path)
	}
	if err == nil {
		_, err = f.Write(pdf)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(path) // half a page helps nobody
		}
	}
	if err != nil {
		return lang.E("paper-unwritable", "Path", path, "Reason", err)
	}
	return nil
}
