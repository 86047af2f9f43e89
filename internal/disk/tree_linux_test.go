package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// An operation that outlasts Close keeps the folders that it works in; nothing new begins.
func TestCloseWaitsForWhoIsUnderWay(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := openRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := root.(*pathRoot)
	fd, done, err := r.use("a/b")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(below(fd, ".")); err != nil {
		t.Errorf("the folder is closed under the operation: %v", err)
	}
	if _, err := r.Lstat("a"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	done()
	if len(r.fds) != 0 {
		t.Error("the folders stay open")
	}
}
