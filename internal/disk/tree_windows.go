package disk

import (
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// errNoFolder is the system's error for a file where a folder should be.
const errNoFolder = syscall.ENOTDIR

func toPath(name string) string { return filepath.FromSlash(name) }

// claim renames, which here replaces nothing unless asked to, on a share either. It goes by paths: between the look at
// the folders and this, one of them could be exchanged.
func (t *Tree) claim(from, to string) error {
	old, err := windows.UTF16PtrFromString(t.Path(from))
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(t.Path(to))
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(old, name, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// sync has nothing to do here: see SyncFolder.
func (t *Tree) sync(string) error { return nil }

// NoFollow is no flag here: what is opened by its path follows a link.
const NoFollow = 0
