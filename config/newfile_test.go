package config

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A new file is the owner's only, and takes no other file's place.
func TestWriteNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "új.pdf")
	if err := WriteNew(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || (info.Mode().Perm() != 0o600 && runtime.GOOS != "windows") {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := WriteNew(path, []byte("second")); err == nil {
		t.Error("a file was overwritten")
	}
	if err := WriteNew(filepath.Join(path, "none", "új.pdf"), []byte("third")); err == nil {
		t.Error("written into a folder that is not there")
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "first" {
		t.Errorf("the file is now %q, %v", data, err)
	}
}
