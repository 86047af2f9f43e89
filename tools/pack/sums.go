package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const sumsName = "SHA256SUMS"

// writeSums writes the checksums of all files of the release, as `sha256sum -c` reads them.
func writeSums(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "kapu_*")) // sorted
	if err != nil {
		return err
	}
	return create(filepath.Join(dir, sumsName), func(w io.Writer) error {
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%x  %s\n", sha256.Sum256(data), filepath.Base(path))
		}
		return nil
	})
}
