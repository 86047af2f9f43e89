package disk

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWhatIsMadeIsTheOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kapu", "run")
	check(t, Folder(dir))
	check(t, Folder(dir)) // again
	path := filepath.Join(dir, "agent.json")
	for range 2 { // anew, and in the place of the old one
		check(t, WriteFile(path, []byte("token")))
	}
	for _, p := range []string{filepath.Dir(dir), dir, path} {
		if open, err := OpenToOthers(p); open || err != nil {
			t.Errorf("%s can be read by others (%v)", p, err)
		}
	}
	if data, err := ReadFile(path); string(data) != "token" {
		t.Errorf("read %q, %v", data, err)
	}
}

func TestWriteFileDoesNotKeepTheRightsOfTheOldOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.json")
	check(t, os.WriteFile(path, nil, 0o666))
	check(t, WriteFile(path, nil))
	if open, err := OpenToOthers(path); open || err != nil {
		t.Errorf("it can be read by others (%v)", err)
	}
}

// Another session that reads the vault holds it for a moment.
func TestRenameWaitsForAReader(t *testing.T) {
	dir := t.TempDir()
	old, now := filepath.Join(dir, "vault.age"), filepath.Join(dir, "vault.new")
	check(t, os.WriteFile(old, []byte("old"), 0o600))
	check(t, os.WriteFile(now, []byte("new"), 0o600))
	reader, err := Open(old)
	check(t, err)
	time.AfterFunc(100*time.Millisecond, func() { reader.Close() })
	check(t, Rename(now, old))
	if data, err := ReadFile(old); string(data) != "new" {
		t.Errorf("read %q, %v", data, err)
	}
}

func TestRemoveWaitsForAReader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.key")
	check(t, os.WriteFile(path, nil, 0o600))
	reader, err := Open(path)
	check(t, err)
	time.AfterFunc(100*time.Millisecond, func() { reader.Close() })
	check(t, Remove(path))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("it is still there (%v)", err)
	}
}

func TestAFileThatIsNotThereIsNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	if err := Remove(path); !os.IsNotExist(err) {
		t.Error(err)
	}
	if _, err := Open(path); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
