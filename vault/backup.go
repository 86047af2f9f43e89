package vault

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
)

// backups is the folder of earlier generations with its retention policy: the last ten, and the last of each of the
// last thirty days. "Last" goes by generation, never by time: a clock that was wrong for a while must not cost a
// backup.
type backups struct{ dir string }

const (
	keepLast    = 10
	keepDays    = 30
	backupStamp = "20060102T150405.000Z"
	backupStart = "vault-"
	backupEnd   = ".age"
)

// backupName names a generation. The number has a width so that other programs list them in order too.
func backupName(generation uint64, saved time.Time) string {
	return backupStart + backupNumber(generation) + "-" + saved.UTC().Format(backupStamp) + backupEnd
}

func backupNumber(generation uint64) string { return fmt.Sprintf("%08d", generation) }

func parseNumber(number string) (generation uint64, ok bool) {
	generation, err := strconv.ParseUint(number, 10, 64)
	return generation, err == nil
}

// keep retains the file that is about to be replaced, whose contents are was, and prunes what is surplus. Idempotent.
func (b backups) keep(path string, was *Contents) error {
	if err := disk.Subfolder(b.dir); err != nil {
		return lang.E("backup-unwritable", "Path", b.dir, "Reason", err)
	}
	name := filepath.Join(b.dir, backupName(was.Generation, was.Saved))
	// A link costs nothing and is whole at once. Where the filesystem has none (some shares), a copy is made.
	if err := os.Link(path, name); err != nil && !errors.Is(err, fs.ErrExist) {
		removeUnfinished(filepath.Join(b.dir, backupStart+"*"+backupEnd))
		data, err := disk.ReadFile(path)
		if err == nil {
			_, err = writeFile(name, data)
		}
		if err != nil {
			return lang.E("backup-unwritable", "Path", name, "Reason", err)
		}
	}
	for _, old := range surplus(b.list()) {
		_ = os.Remove(filepath.Join(b.dir, old)) // tried again after the next save
	}
	return nil
}

// list returns the names of the backups, newest first. Other files in the folder are not ours.
func (b backups) list() []string {
	entries, _ := os.ReadDir(b.dir)
	var names []string
	for _, e := range entries {
		if _, _, ok := backupOf(e.Name()); ok {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(x, y string) int {
		gx, sx, _ := backupOf(x)
		gy, sy, _ := backupOf(y)
		return cmp.Or(cmp.Compare(gy, gx), sy.Compare(sx))
	})
	return names
}

// backupOf says which generation a backup's name stands for, and when it was saved.
func backupOf(name string) (generation uint64, saved time.Time, ok bool) {
	rest, ok1 := strings.CutPrefix(name, backupStart)
	rest, ok2 := strings.CutSuffix(rest, backupEnd)
	number, stamp, ok3 := strings.Cut(rest, "-")
	generation, ok4 := parseNumber(number)
	saved, err := time.Parse(backupStamp, stamp)
	return generation, saved, ok1 && ok2 && ok3 && ok4 && err == nil
}

// surplus is what the retention policy lets go of, out of names with the newest first: what is not among the last ten,
// unless it is the last of its day and that day is one of the last thirty.
func surplus(names []string) []string {
	var old []string
	days := map[string]bool{}
	for i, name := range names {
		_, saved, _ := backupOf(name)
		day := saved.Format(time.DateOnly)
		lastOfDay := !days[day] && len(days) < keepDays
		if i >= keepLast && !lastOfDay {
			old = append(old, name)
		}
		days[day] = true
	}
	return old
}

func (b backups) newest() (path string, ok bool) {
	if names := b.list(); len(names) > 0 {
		return filepath.Join(b.dir, names[0]), true
	}
	return "", false
}
