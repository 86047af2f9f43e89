package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"kapu/lang"
)

// openRoot opens the folder of a Tree.
func openRoot(dir string) (rooted, error) {
	if _, err := os.Lstat(ownFiles); err != nil { // no /proc
		return os.OpenRoot(dir)
	}
	fd, err := unix.Open(dir, pathOnly, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	r := &pathRoot{name: dir, fds: map[string]int{"": fd}}
	runtime.SetFinalizer(r, (*pathRoot).Close) // as os.Root has: who waited for it may be gone
	return r, nil
}

// pathOnly opens a folder without a word to the file system, unlike os.Root: on a network filesystem that would be one
// more round trip for each folder of each operation.
const pathOnly = unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC

// ownFiles has this process's descriptors as paths.
const ownFiles = "/proc/self/fd"

// below is the path of a name in an open folder, for package os: it leads through no other folder and follows no link.
func below(folder int, last string) string { return fmt.Sprintf("%s/%d/%s", ownFiles, folder, last) }

// pathRoot is a folder whose contents are reached part by part, without following a link. It keeps the folders that it
// has walked through open.
type pathRoot struct {
	name string
	mu   sync.Mutex
	fds  map[string]int // folder, "" being the root → descriptor
	// users are operations under way. An operation that the file system does not let end may outlast Close, and a
	// descriptor must not become another file's under it.
	users  int
	closed bool
}

// checksFolders says that nothing is done below a link, so that nobody need look first.
func (r *pathRoot) checksFolders() bool { return true }

func (r *pathRoot) Name() string { return r.name }

// Close closes all folders, or lets the last operation that is under way do so.
func (r *pathRoot) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.closeUnused()
	return nil
}

func (r *pathRoot) closeUnused() {
	if !r.closed || r.users > 0 {
		return
	}
	for _, fd := range r.fds {
		_ = unix.Close(fd)
	}
	r.fds = nil
}

// use returns the descriptor of a folder, which stays open until done is called.
func (r *pathRoot) use(folder string) (fd int, done func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, nil, fs.ErrClosed
	}
	if fd, err = r.folder(folder); err != nil {
		return 0, nil, err
	}
	r.users++
	return fd, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.users--
		r.closeUnused()
	}, nil
}

// folder is the descriptor of a folder, walked to if it is not open yet.
func (r *pathRoot) folder(name string) (int, error) {
	if fd, open := r.fds[name]; open {
		return fd, nil
	}
	dir, last := path.Split(name)
	above, err := r.folder(strings.TrimSuffix(dir, "/"))
	if err != nil {
		return 0, err
	}
	if last == ".." || last == "." {
		return 0, fs.ErrInvalid
	}
	fd, err := unix.Openat(above, last, pathOnly|unix.O_NOFOLLOW, 0)
	if err != nil {
		var stat unix.Stat_t
		if unix.Fstatat(above, last, &stat, unix.AT_SYMLINK_NOFOLLOW) == nil && stat.Mode&unix.S_IFMT == unix.S_IFLNK {
			return 0, lang.E("trust-link", "Path", path.Join(r.name, name)).Kind(ErrForeign)
		}
		return 0, err
	}
	r.fds[name] = fd
	return fd, nil
}

// at does something with a name in its folder.
func (r *pathRoot) at(op, name string, do func(folder int, last string) error) error {
	dir, last := path.Split(name)
	fd, done, err := r.use(strings.TrimSuffix(dir, "/"))
	if err == nil {
		defer done()
	}
	if err == nil && (last == ".." || last == "") {
		err = fs.ErrInvalid
	}
	if err == nil {
		for err = do(fd, last); err == unix.EINTR; {
			err = do(fd, last)
		}
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err // of a path through ownFiles, which says nothing
	}
	if err != nil {
		return &fs.PathError{Op: op, Path: path.Join(r.name, name), Err: err}
	}
	return nil
}

// forget closes what is no longer at this name.
func (r *pathRoot) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for folder, fd := range r.fds {
		if folder == name || strings.HasPrefix(folder, name+"/") {
			_ = unix.Close(fd)
			delete(r.fds, folder)
		}
	}
}

func (r *pathRoot) Lstat(name string) (info fs.FileInfo, err error) {
	err = r.at("lstat", name, func(fd int, last string) error { info, err = os.Lstat(below(fd, last)); return err })
	return info, err
}

func (r *pathRoot) OpenFile(name string, flag int, mode os.FileMode) (f *os.File, err error) {
	err = r.at("open", name, func(fd int, last string) error {
		file, err := unix.Openat(fd, last, flag|unix.O_NOFOLLOW|unix.O_CLOEXEC, uint32(mode.Perm()))
		if err == nil {
			f = os.NewFile(uintptr(file), path.Join(r.name, name))
		}
		return err
	})
	return f, err
}

func (r *pathRoot) Open(name string) (*os.File, error) { return r.OpenFile(name, os.O_RDONLY, 0) }

func (r *pathRoot) Mkdir(name string, mode os.FileMode) error {
	return r.at("mkdir", name, func(fd int, last string) error { return unix.Mkdirat(fd, last, uint32(mode.Perm())) })
}

// Chmod goes through a descriptor of the thing itself, which a link's mode cannot be set by.
func (r *pathRoot) Chmod(name string, mode os.FileMode) error {
	return r.at("chmod", name, func(fd int, last string) error {
		file, err := unix.Openat(fd, last, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(file)
		return os.Chmod(fmt.Sprintf("%s/%d", ownFiles, file), mode)
	})
}

func (r *pathRoot) Remove(name string) error {
	r.forget(name)
	return r.at("remove", name, func(fd int, last string) error {
		err := unix.Unlinkat(fd, last, 0)
		if err == nil || err == unix.ENOENT {
			return err
		}
		if asFolder := unix.Unlinkat(fd, last, unix.AT_REMOVEDIR); asFolder != unix.ENOTDIR {
			return asFolder
		}
		return err
	})
}

func (r *pathRoot) Rename(from, to string) error {
	r.forget(from)
	return r.both("rename", from, to, func(one int, last string, other int, name string) error {
		return unix.Renameat(one, last, other, name)
	})
}

func (r *pathRoot) Link(from, to string) error {
	return r.both("link", from, to, func(one int, last string, other int, name string) error {
		return unix.Linkat(one, last, other, name, 0)
	})
}

// both does something with two names in their folders.
func (r *pathRoot) both(op, from, to string, do func(one int, last string, other int, name string) error) error {
	return r.at(op, to, func(other int, name string) error {
		return r.at(op, from, func(one int, last string) error { return do(one, last, other, name) })
	})
}
