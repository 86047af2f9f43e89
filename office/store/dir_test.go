package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/wait"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// folder is a store in a folder of its own.
func folder(t *testing.T) (store.Store, string) {
	t.Helper()
	path := t.TempDir()
	s, err := store.Open(path, nil)
	check(t, err)
	check(t, store.Prepare(t.Context(), s))
	return s, path
}

func TestFolder(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { s, _ := folder(t); return s })
}

// Two programs, or two machines, have one folder.
func TestFolderOfTwo(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		one, path := folder(t)
		other := must(store.Open(path, nil))
		return &both{one, other}
	})
}

// both writes with one and reads with the other.
type both struct {
	store.Store
	other store.Store
}

func (b *both) Get(ctx context.Context, name string) ([]byte, error) { return b.other.Get(ctx, name) }

// What other programs leave in a folder is not an object, and half a file is none yet.
func TestForeignAndTornFiles(t *testing.T) {
	s, path := folder(t)
	body := bytes.Repeat([]byte("0123456789"), 100)
	check(t, s.Put(t.Context(), "accounts/a/1", body))
	whole := must(os.ReadFile(filepath.Join(path, "accounts/a/1")))
	dir := filepath.Join(path, "accounts/a")
	for _, name := range []string{
		"1 (conflicted copy 2026-03-02 101500)", "1.sync-conflict-20260302-101500-ABCDEFG", "1 (1)", "1-DESKTOP-7", "~$1",
		".1.swp", ".~lock.1#", "desktop.ini", "Thumbs.db", "1.PART", "Új mappa", "nul.txt", "1.",
	} {
		if runtime.GOOS == "windows" && (!filepath.IsLocal(name) || strings.HasSuffix(name, ".")) {
			continue // there it cannot be made
		}
		check(t, os.WriteFile(filepath.Join(dir, name), whole, 0o600))
	}
	check(t, os.Mkdir(filepath.Join(dir, "Archive"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "Archive", "1"), whole, 0o600))
	for name, err := range s.List(t.Context(), "", "") {
		if err != nil || name != "accounts/a/1" {
			t.Errorf("%q, %v", name, err)
		}
	}

	damaged := bytes.Clone(whole)
	damaged[len(damaged)-1] ^= 1
	zeros := append(bytes.Clone(whole[:500]), make([]byte, len(whole)-500)...)
	torn := map[string][]byte{
		"empty": nil, "in-the-line": whole[:20], "the-line": whole[:bytes.IndexByte(whole, '\n')+1], "half": whole[:len(whole)/2],
		"all-but-one": whole[:len(whole)-1], "one-more": append(bytes.Clone(whole), 'x'), "damaged": damaged, "zeros": zeros,
		"none-of-ours": []byte("hello\n"), "big": make([]byte, 20<<20),
	}
	for name, data := range torn {
		check(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
		if _, err := s.Get(t.Context(), "accounts/a/"+name); !errors.Is(err, store.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Put(t.Context(), "accounts/a/"+name, body); !errors.Is(err, store.ErrExists) {
			t.Errorf("the name of %s was given: %v", name, err)
		}
	}
	// A copy that comes to its end is there.
	check(t, os.WriteFile(filepath.Join(dir, "half"), whole, 0o600))
	if got, err := s.Get(t.Context(), "accounts/a/half"); !bytes.Equal(got, body) {
		t.Error(err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "newer"), []byte("kapu object 2 whatever it will be\n"), 0o600))
	_, err := s.Get(t.Context(), "accounts/a/newer")
	says(t, err, "store-newer")
}

// A writer that died in the middle, where files are written in their place, does not keep the name for ever. Of those
// who then want it one gets it.
func TestADeadWritersNameIsGivenAgain(t *testing.T) {
	s, path := folder(t)
	check(t, os.Mkdir(filepath.Join(path, "roster"), 0o700))
	for n, left := range []string{"", "kapu object 1 10"} {
		name := fmt.Sprint("roster/", n)
		file := filepath.Join(path, name)
		check(t, os.WriteFile(file, []byte(left), 0o600))
		if err := s.Put(t.Context(), name, []byte("mine")); !errors.Is(err, store.ErrExists) {
			t.Errorf("what may still be written was taken: %v", err)
		}
		old := time.Now().Add(-time.Hour)
		check(t, os.Chtimes(file, old, old))
		storetest.Race(t, name, s, must(store.Open(path, nil)))
	}
}

// What makes no sign of being an office's is a share that is not connected: nothing is put there, and nothing is
// taken to be gone.
func TestAFolderThatIsNotConnected(t *testing.T) {
	s, path := folder(t)
	check(t, s.Put(t.Context(), "a/1", nil))
	disconnect := map[string]func(){
		"another folder": func() { check(t, os.Mkdir(path, 0o700)) },
		"no folder":      func() {},
	}
	for name, instead := range disconnect {
		t.Run(name, func(t *testing.T) {
			check(t, os.Rename(path, path+".away"))
			defer func() {
				check(t, os.RemoveAll(path))
				check(t, os.Rename(path+".away", path))
				if _, err := s.Get(t.Context(), "a/1"); err != nil {
					t.Errorf("when it is back: %v", err)
				}
			}()
			instead()
			_, err := s.Get(t.Context(), "a/1")
			says(t, err, "store-folder-gone")
			says(t, s.Put(t.Context(), "a/2", nil), "store-folder-gone")
			says(t, s.Delete(t.Context(), "a/1"), "store-folder-gone")
			for _, prefix := range []string{"", "a/", "b/c/"} {
				err = nil
				for _, err = range s.List(t.Context(), prefix, "") {
				}
				says(t, err, "store-folder-gone")
			}
		})
	}
	_, err := store.Open(filepath.Join(path, "none"), nil)
	says(t, err, "store-folder-gone")
	_, err = store.Open(filepath.Join(path, "KAPU.txt"), nil)
	says(t, err, "store-folder-gone")
}

// Whoever may use the folder may use what is in it.
func TestRightsAreTheFoldersOwn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there what is made has the rights of the folder above by itself")
	}
	for _, mode := range []fs.FileMode{0o700, 0o770 | fs.ModeSetgid, 0o777, 0o750} {
		path := t.TempDir()
		check(t, os.Chmod(path, mode))
		s := must(store.Open(path, nil))
		check(t, store.Prepare(t.Context(), s))
		check(t, s.Put(t.Context(), "a/b/c", []byte("x")))
		check(t, filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
			want := mode
			if !e.IsDir() {
				want = mode & 0o666
			}
			info := must(e.Info())
			if got := info.Mode() & (fs.ModePerm | fs.ModeSetgid); got != want {
				t.Errorf("in %v, %s has %v", mode, p, got)
			}
			return err
		}))
	}
}

// What writers that died have left goes after a day; what is being written stays.
func TestLeftoversGo(t *testing.T) {
	s, path := folder(t)
	for name, age := range map[string]time.Duration{"old.new": 25 * time.Hour, "young.new": 23 * time.Hour, "lock": 100 * time.Hour} {
		file := filepath.Join(path, ".kapu", name)
		check(t, os.WriteFile(file, []byte("x"), 0o600))
		when := time.Now().Add(-age)
		check(t, os.Chtimes(file, when, when))
	}
	check(t, s.Put(t.Context(), "a/1", nil))
	s = must(store.Open(path, nil))
	check(t, s.Put(t.Context(), "a/2", nil))
	var left []string
	for _, e := range must(os.ReadDir(filepath.Join(path, ".kapu"))) {
		left = append(left, e.Name())
	}
	if !slices.Equal(left, []string{"lock", "young.new"}) {
		t.Errorf("there are %q", left)
	}
}

func TestWatch(t *testing.T) {
	t.Parallel() // it waits
	s, path := folder(t)
	other := must(store.Open(path, nil))
	ctx, cancel := context.WithCancel(t.Context())
	news := s.(store.Watcher).Watch(ctx, "feed/")
	hear := func(what string) {
		t.Helper()
		wait.For(t, "news of "+what, news)
	}
	quiet := func() { // until what one thing sets off has passed
		for {
			select {
			case <-news:
			case <-time.After(3 * time.Second):
				return
			}
		}
	}
	check(t, other.Put(t.Context(), "feed/a/1", nil)) // folders and all
	hear("the first object")
	quiet()
	check(t, other.Put(t.Context(), "feed/a/2", nil))
	hear("another object")
	check(t, other.Put(t.Context(), "feed/b/1", nil))
	hear("an object in a new folder")
	quiet()
	check(t, other.Put(t.Context(), "feed/b/2", nil))
	hear("another object in the new folder")
	heard := func() bool { // of what is not watched
		quiet()
		check(t, other.Put(t.Context(), "accounts/1", nil))
		check(t, os.WriteFile(filepath.Join(path, "KAPU.txt"), nil, 0o600))
		select {
		case <-news:
			return true
		case <-time.After(3 * time.Second):
			return false
		}
	}
	const tries = 5 // on a busy machine there may still be late news of what is watched, but not each time
	for n := 1; heard(); n++ {
		if n == tries {
			t.Fatal("news of what is not watched")
		}
	}
	check(t, other.Delete(t.Context(), "feed/b/2"))
	hear("an object that went")
	cancel()
	for range news { // closed
	}
}
