//go:build !windows

package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// errNoFolder is the system's error for a file where a folder should be.
const errNoFolder = syscall.ENOTDIR

func toPath(name string) string { return name }

// claim links, because a rename would replace.
func (t *Tree) claim(from, to string) error {
	err := t.root.Link(from, to)
	if isUnclear(err) {
		err = t.diagnose(from, to, err)
	}
	// Network filesystems may ask the server twice, and the second time find what they made the first time.
	if errors.Is(err, fs.ErrExist) && t.same(from, to) {
		err = nil
	}
	if err == nil {
		_ = t.root.Remove(from)
	}
	return err
}

// isUnclear says whether an error of link has several causes. EPERM is what Linux says of FAT, and sshfs of a name that
// is taken, since a server of SFTP says "failure" to everything; with EIO and EACCES it is the same elsewhere.
func isUnclear(err error) bool {
	return errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EACCES) ||
		errors.Is(err, errors.ErrUnsupported)
}

// diagnose finds out what an unclear error of link means, by linking to a fresh name beside the one that failed. A look
// at the name is not enough: a network filesystem may remember for a while that it was not there.
func (t *Tree) diagnose(from, to string, err error) error {
	taken := &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EEXIST}
	if _, missing := t.root.Lstat(to); missing == nil {
		return taken
	}
	fresh := path.Join(path.Dir(to), "."+strings.ToLower(rand.Text()))
	switch freshErr := t.root.Link(from, fresh); {
	case errors.Is(freshErr, fs.ErrNotExist): // no such folder, or this file is gone
		return freshErr
	case errors.Is(freshErr, syscall.EACCES):
		return err
	case isUnclear(freshErr):
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	case freshErr != nil:
		return freshErr
	}
	_ = t.root.Remove(fresh)
	if err = t.root.Link(from, to); isUnclear(err) {
		return taken // links can be made here, but for this one
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
