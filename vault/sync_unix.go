//go:build !windows

package vault

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes a rename last: without it a power cut may bring the old name back.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	// Some network and FUSE filesystems cannot sync a folder; they give what they have.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
