package cli

import (
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
