package paper

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A saved page is the owner's only, and takes no other file's place.
func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kulcs.pdf")
	if err := Save(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || (info.Mode().Perm() != 0o600 && runtime.GOOS != "windows") {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := Save(path, []byte("second")); err == nil {
		t.Error("a file was overwritten")
	}
	if err := Save(filepath.Join(path, "none", "kulcs.pdf"), []byte("third")); err == nil {
		t.Error("written into a folder that is not there")
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "first" {
		t.Errorf("the file is now %q, %v", data, err)
	}
}
