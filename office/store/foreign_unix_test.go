//go:build unix

package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"kapu/office/store"
)

// foreignFolder marks the process in which TestAFolderOfSomebodyElse runs, and says where.
const foreignFolder = "KAPU_TEST_FOREIGN"

// nobody is a user who owns nothing.
const nobody = 65534

// One folder that somebody else keeps for themselves is named, and the listing goes on after it.
func TestForeignFolder(t *testing.T) {
	s, path := folder(t)
	for _, name := range []string{"accounts/a/1", "accounts/b/1", "accounts/c/1", "feed/1"} {
		check(t, s.Put(t.Context(), name, nil))
	}
	check(t, os.Chmod(filepath.Join(path, "accounts", "b"), 0))
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(path, "accounts", "b"), 0o700) })
	program := filepath.Join(filepath.Dir(path), "test") // where nobody may run it
	check(t, os.WriteFile(program, must(os.ReadFile(os.Args[0])), 0o755))
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestAFolderOfSomebodyElse$", "-test.v")
	cmd.Env = append(os.Environ(), foreignFolder+"="+path)
	if os.Geteuid() == 0 { // who may read everything
		for dir := path; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			check(t, os.Chmod(dir, 0o755))
		}
		for _, dir := range []string{"accounts", "accounts/a", "accounts/c", "feed"} {
			check(t, os.Chmod(filepath.Join(path, dir), 0o755))
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAFolderOfSomebodyElse(t *testing.T) {
	path := os.Getenv(foreignFolder)
	if path == "" {
		t.Skip("TestForeignFolder runs this")
	}
	s := must(store.Open(path, nil))
	var names, closed []string
	for name, err := range s.List(t.Context(), "", "") {
		if err != nil {
			says(t, err, "store-folder-unreadable")
			closed = append(closed, name)
			continue
		}
		names = append(names, name)
	}
	if !slices.Equal(names, []string{"accounts/a/1", "accounts/c/1", "feed/1"}) || !slices.Equal(closed, []string{"accounts/b/"}) {
		t.Errorf("%q, closed %q", names, closed)
	}
	for name, err := range s.List(t.Context(), "accounts/b/", "") {
		if says(t, err, "store-folder-unreadable"); name != "" {
			t.Errorf("%q is only a part of what was asked for", name)
		}
	}
}
