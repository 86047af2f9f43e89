package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// backups is the folder of earlier generations: the last ten, and the last of each day for thirty days.
type backups struct{ dir string }

const (
	keepLast    = 10
	keepDays    = 30
	backupStamp = "20060102T150405.000Z"
	backupStart = "vault-"
	backupEnd   = ".age"
)

// keep puts the file that is about to be replaced among the backups, under the time it was saved.
func (b backups) keep(path string, saved time.Time) error {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return lang.E("backup-unwritable", "Path", b.dir, "Reason", err)
	}
	name := filepath.Join(b.dir, backupStart+saved.UTC().Format(backupStamp)+backupEnd)
	// A link costs nothing and is whole at once. Where the filesystem has none (some shares), a copy is made.
	if err := os.Link(path, name); err != nil && !errors.Is(err, fs.ErrExist) {
		data, err := os.ReadFile(path)
		if err == nil {
			_, err = writeFile(name, data)
		}
		if err != nil {
			return lang.E("backup-unwritable", "Path", name, "Reason", err)
		}
	}
	for _, old := range surplus(b.list(), time.Now()) {
		_ = os.Remove(filepath.Join(b.dir, old)) // tried again after the next save
	}
	return nil
}

// list returns the names of the backups, newest first. Other files in the folder are not ours.
func (b backups) list() []string {
	entries, _ := os.ReadDir(b.dir)
	var names []string
	for _, e := range entries {
		if _, ok := savedAt(e.Name()); ok {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names
}

func savedAt(name string) (time.Time, bool) {
	stamp, ok1 := strings.CutPrefix(name, backupStart)
	stamp, ok2 := strings.CutSuffix(stamp, backupEnd)
	t, err := time.Parse(backupStamp, stamp)
	return t, ok1 && ok2 && err == nil
}

// surplus picks from names, newest first, those that are neither among the last ten nor the last of their day.
func surplus(names []string, now time.Time) []string {
	var old []string
	day := ""
	for i, name := range names {
		saved, _ := savedAt(name)
		lastOfDay := saved.Format(time.DateOnly) != day
		day = saved.Format(time.DateOnly)
		if i >= keepLast && (!lastOfDay || now.Sub(saved) > keepDays*24*time.Hour) {
			old = append(old, name)
		}
	}
	return old
}

func (b backups) newest() (path string, ok bool) {
	if names := b.list(); len(names) > 0 {
		return filepath.Join(b.dir, names[0]), true
	}
	return "", false
}

// newestGood returns the newest backup that opens, or "".
func (b backups) newestGood(open func([]byte) error) string {
	for _, name := range b.list() {
		path := filepath.Join(b.dir, name)
		if data, err := os.ReadFile(path); err == nil && open(data) == nil {
			return path
		}
	}
	return ""
}
