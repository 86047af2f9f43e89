package disk

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"kapu/lang"
)

// Tree is a folder in which strangers may write too, such as an office's on a share. Nothing is read, written or
// deleted through a link in it, whoever made that: it is refused in a sentence. What leads out of the folder is not
// followed even where it is put there at just this moment (os.Root). Names have slashes. A Tree holds the folder open,
// and with it the share or stick, so it is for one operation.
type Tree struct{ root rooted }

// rooted is what a Tree does in its folder; os.Root is one.
type rooted interface {
	Name() string
	Close() error
	Lstat(name string) (fs.FileInfo, error)
	Open(name string) (*os.File, error)
	OpenFile(name string, flag int, mode os.FileMode) (*os.File, error)
	Mkdir(name string, mode os.FileMode) error
	Chmod(name string, mode os.FileMode) error
	Remove(name string) error
	Rename(from, to string) error
	Link(from, to string) error
}

// OpenTree opens a folder. Its own path may be a link: the person has given it.
func OpenTree(dir string) (*Tree, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{root}, nil
}

// Close lets go of the folder.
func (t *Tree) Close() { _ = t.root.Close() }

// Path is where a name is in the file system, for messages and for what can be done by a path only.
func (t *Tree) Path(name string) string {
	return t.root.Name() + string(os.PathSeparator) + toPath(name)
}

// checked does something with a name below folders that are none of them links.
func (t *Tree) checked(name string, do func(native string) error) error {
	return patiently(func() error {
		if err := t.folders(name); err != nil {
			return err
		}
		return do(toPath(name))
	})
}

// folders checks those that a name lies in.
func (t *Tree) folders(name string) error {
	if r, ok := t.root.(interface{ checksFolders() bool }); ok && r.checksFolders() {
		return nil
	}
	for i, c := range name {
		if c == '/' && i > 0 {
			if err := t.isFolder(name[:i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// isFolder is nil of a folder that is no link.
func (t *Tree) isFolder(name string) error {
	info, err := t.root.Lstat(toPath(name))
	switch {
	case err != nil:
		return err
	case isLink(info):
		return lang.E("trust-link", "Path", t.Path(name)).Kind(ErrForeign)
	case !info.IsDir():
		return &fs.PathError{Op: "open", Path: t.Path(name), Err: errNoFolder}
	}
	return nil
}

// Stat looks at a file, a folder or a link itself.
func (t *Tree) Stat(name string) (info fs.FileInfo, err error) {
	err = t.checked(name, func(native string) error { info, err = t.root.Lstat(native); return err })
	return info, err
}

// ErrIrregular is the error of what is no file: a folder, a link, a pipe.
var ErrIrregular = errors.New("no regular file")

// OpenFile opens a file, or is ErrIrregular.
func (t *Tree) OpenFile(name string, flag int, mode os.FileMode) (f *os.File, err error) {
	err = t.checked(name, func(native string) error {
		info, err := t.root.Lstat(native) // before it is opened: a pipe would not come back
		if err == nil && !info.Mode().IsRegular() {
			return &fs.PathError{Op: "open", Path: t.Path(name), Err: ErrIrregular}
		}
		f, err = t.root.OpenFile(native, flag, mode)
		return err
	})
	return f, err
}

// ReadDir lists a folder; "" is the whole.
func (t *Tree) ReadDir(name string) (entries []fs.DirEntry, err error) {
	name = strings.TrimSuffix(name, "/")
	err = t.checked(name+"/", func(string) error {
		f, err := t.openFolder(name)
		if err != nil {
			return err
		}
		defer f.Close()
		entries, err = f.ReadDir(-1)
		return err
	})
	return entries, err
}

// openFolder opens a folder itself; "" is the whole.
func (t *Tree) openFolder(name string) (*os.File, error) {
	native := toPath(path.Join(".", name))
	f, err := t.root.Open(native)
	if err == nil {
		return f, nil
	}
	if info, lookErr := t.root.Lstat(native); lookErr == nil && isLink(info) {
		err = lang.E("trust-link", "Path", t.Path(name)).Kind(ErrForeign)
	}
	return nil, err
}

// Mkdir makes a folder.
func (t *Tree) Mkdir(name string, mode os.FileMode) error {
	return t.checked(name, func(native string) error { return t.root.Mkdir(native, mode) })
}

// Chmod sets a file's or folder's mode.
func (t *Tree) Chmod(name string, mode os.FileMode) error {
	return t.checked(name, func(native string) error { return t.root.Chmod(native, mode) })
}

// Remove deletes a file.
func (t *Tree) Remove(name string) error { return t.checked(name, t.root.Remove) }

// Rename gives a file or folder the name of another. A folder that is not empty is not replaced.
func (t *Tree) Rename(from, to string) error {
	return t.checked(from, func(native string) error {
		if err := t.folders(to); err != nil {
			return err
		}
		return t.root.Rename(native, toPath(to))
	})
}

// Claim gives a file a name that nobody has: of several who want it at once, on whatever machines, one gets it and the
// others fs.ErrExist. errors.ErrUnsupported: what the folder lies on cannot do that. Where it worked, the old name
// goes.
func (t *Tree) Claim(from, to string) error {
	return t.checked(from, func(native string) error {
		if err := t.folders(to); err != nil {
			return err
		}
		return t.claim(native, toPath(to))
	})
}

// Sync makes the names in a folder last; "" is the whole.
func (t *Tree) Sync(name string) error {
	return t.checked(name+"/", func(string) error { return t.sync(toPath(path.Join(".", name))) })
}
