package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kapu/internal/disk"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// Whoever may write into the folder can put a link in the place of anything there. Nothing is read, written or deleted
// through it.
func TestNoLinkInTheFolderIsFollowed(t *testing.T) {
	old := time.Now().Add(-48 * time.Hour)
	for _, target := range []string{"elsewhere", "inside"} {
		s, path := folder(t)
		check(t, s.Put(t.Context(), "accounts/a/1", []byte("one")))
		check(t, os.RemoveAll(filepath.Join(path, ".kapu")))
		victim := t.TempDir()
		if target == "inside" {
			victim = filepath.Join(path, "private")
			check(t, os.Mkdir(victim, 0o700))
		}
		for _, name := range []string{"report.new", "lock", "letter.txt"} {
			check(t, os.WriteFile(filepath.Join(victim, name), []byte("mine"), 0o600))
			check(t, os.Chtimes(filepath.Join(victim, name), old, old))
		}
		check(t, os.Rename(filepath.Join(path, "accounts/a/1"), filepath.Join(victim, "1")))
		whole := must(os.ReadFile(filepath.Join(victim, "1")))
		for _, place := range []string{".kapu", "accounts/a", "roster", "feed"} {
			check(t, os.RemoveAll(filepath.Join(path, place)))
			symlink(t, victim, filepath.Join(path, place))
		}
		s = must(store.Open(path, nil)) // one that has not cleaned up yet
		refused := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, disk.ErrForeign) {
				t.Errorf("%s, %s: %v", target, what, err)
			}
		}
		refused("put", s.Put(t.Context(), "books/1", []byte("body")))
		refused("put below", s.Put(t.Context(), "accounts/a/2", []byte("body")))
		_, err := s.Get(t.Context(), "accounts/a/1")
		refused("get", err)
		refused("delete", s.Delete(t.Context(), "accounts/a/1"))
		for name, err := range s.List(t.Context(), "accounts/a/", "") {
			if err == nil {
				t.Errorf("%s: listed %s", target, name)
			}
			refused("list", err)
		}
		for name, err := range s.List(t.Context(), "", "") {
			if err != nil || name == "accounts/a/1" || name == "roster/1" {
				t.Errorf("%s: listed %s, %v", target, name, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		news := s.(store.Watcher).Watch(ctx, "feed/")
		cancel()
		for range news {
		}
		entries := must(os.ReadDir(victim))
		if got := must(os.ReadFile(filepath.Join(victim, "1"))); len(entries) != 4 || string(got) != string(whole) {
			t.Errorf("%s: what the links lead to was touched: %v", target, entries)
		}
	}
}

// It cannot be put there at just the right moment either.
func TestALinkIsNotFollowedInARace(t *testing.T) {
	s, path := folder(t)
	check(t, s.Put(t.Context(), "accounts/1", []byte("one")))
	victim, temp, away := t.TempDir(), filepath.Join(path, ".kapu"), filepath.Join(path, "away")
	old := time.Now().Add(-48 * time.Hour)
	check(t, os.WriteFile(filepath.Join(victim, "report.new"), nil, 0o600))
	check(t, os.Chtimes(filepath.Join(victim, "report.new"), old, old))
	symlink(t, victim, away)
	done, swapped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(swapped)
		spare := filepath.Join(path, "spare")
		for {
			select {
			case <-done:
				return
			default: // the link and the folder change places
				_ = os.Rename(temp, spare)
				_ = os.Rename(away, temp)
				_ = os.Rename(temp, away)
				_ = os.Rename(spare, temp)
			}
		}
	}()
	for n := range 300 {
		other := must(store.Open(path, nil)) // which cleans up first
		_ = other.Put(t.Context(), fmt.Sprint("books/", n), []byte("body"))
	}
	close(done)
	<-swapped
	if entries := must(os.ReadDir(victim)); len(entries) != 1 {
		t.Errorf("what the link leads to was touched: %v", entries)
	}
}

// A link in the place of an object or of a lock is not followed either.
func TestAnObjectThatIsALink(t *testing.T) {
	s, path := folder(t)
	check(t, s.Put(t.Context(), "accounts/a/1", []byte("one")))
	symlink(t, filepath.Join(path, "accounts/a/1"), filepath.Join(path, "accounts/a/2"))
	if _, err := s.Get(t.Context(), "accounts/a/2"); !errors.Is(err, store.ErrNotExist) {
		t.Error(err)
	}
	if err := s.Put(t.Context(), "accounts/a/2", []byte("one")); !errors.Is(err, store.ErrExists) {
		t.Error(err)
	}
	check(t, s.Delete(t.Context(), "accounts/a/2"))
	if got := must(s.Get(t.Context(), "accounts/a/1")); string(got) != "one" {
		t.Errorf("%q", got)
	}
}

// The folder's own path is the person's, who may have given a link.
func TestTheFoldersOwnPathMayBeALink(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		_, path := folder(t)
		link := filepath.Join(t.TempDir(), "office")
		symlink(t, path, link)
		return must(store.Open(link, nil))
	})
}

// symlink makes a link, or skips the test where that cannot be: Windows lets only some make one, and Wine makes none.
func symlink(t *testing.T, target, link string) {
	t.Helper()
	err := os.Symlink(target, link)
	if info, statErr := os.Lstat(link); err != nil || statErr != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skipf("no links here: %v", err)
	}
}
