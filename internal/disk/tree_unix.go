//go:build !windows

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// errNoFolder is the system's error for a file where a folder should be.
const errNoFolder = syscall.ENOTDIR

func toPath(name string) string { return name }

// claim links, because a rename would replace. Network filesystems may ask the server twice, and the second time find
// what they made the first time.
func (t *Tree) claim(from, to string) error {
	err := t.root.Link(from, to)
	if errors.Is(err, fs.ErrExist) && t.same(from, to) {
		err = nil
	}
	if errors.Is(err, syscall.EPERM) { // what Linux says of FAT
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	if err == nil {
		_ = t.root.Remove(from)
	}
	return err
}

func (t *Tree) same(a, b string) bool {
	one, err := t.root.Lstat(a)
	if err != nil {
		return false
	}
	other, err := t.root.Lstat(b)
	return err == nil && os.SameFile(one, other)
}

func (t *Tree) sync(native string) error {
	d, err := t.root.Open(native)
	if err != nil {
		return err
	}
	return syncClose(d)
}

// NoFollow is a flag for opening a file by its path: a link is an error.
const NoFollow = syscall.O_NOFOLLOW
