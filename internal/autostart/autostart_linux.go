package autostart

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

const entryName = "kapu.desktop"

// where is this person's entry; it wins over one of the same name that is for everybody.
func where() string { return filepath.Join(xdg.ConfigHome, "autostart", entryName) }

// forEverybody finds the entry that an administrator made.
func forEverybody() (string, bool) {
	for _, dir := range xdg.ConfigDirs {
		path := filepath.Join(dir, "autostart", entryName)
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
	}
	return "", false
}

func on(p program) error { return write(where(), desktopEntry(p)) }

func off() error {
	if _, everybody := forEverybody(); everybody {
		return write(where(), []byte(hiddenEntry))
	}
	return remove(where())
}

func now(p program) (State, error) {
	path := where()
	entry, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		everybody, found := forEverybody()
		if !found {
			return State{Where: path}, nil
		}
		path = everybody
		entry, err = os.ReadFile(path)
	}
	on := err == nil && enabled(entry)
	return State{On: on, Other: on && !bytes.Equal(entry, desktopEntry(p)), Where: path}, err
}
