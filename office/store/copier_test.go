package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/wait"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// copier carries files between two folders as OneDrive, Dropbox or Nextcloud do: later, out of order, a new file first
// empty, then half, then whole; deletions too. Where both have another file of a name, the second folder's becomes a
// conflict copy. It tells neither of the other's locks.
type copier struct {
	folders [2]string
	known   map[string][]byte // what both had when they last agreed
}

// carry copies until the test ends.
func carry(t *testing.T, one, other string) {
	c := &copier{[2]string{one, other}, map[string][]byte{}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c.round()
			time.Sleep(2 * time.Millisecond)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func (c *copier) round() {
	files := [2]map[string][]byte{readAll(c.folders[0]), readAll(c.folders[1])}
	names := maps.Clone(c.known)
	maps.Copy(names, files[0])
	maps.Copy(names, files[1])
	list := slices.Collect(maps.Keys(names))
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, name := range list {
		if rand.IntN(5) > 0 { // the rest comes in a later round
			c.meet(name, files[0][name], files[1][name])
		}
	}
}

// meet brings one file of both folders together; nil is none.
func (c *copier) meet(name string, one, other []byte) {
	known, wasThere := c.known[name]
	switch {
	case one == nil && other == nil:
		delete(c.known, name)
	case one != nil && other != nil && bytes.Equal(one, other):
		c.known[name] = one
	case one == nil && wasThere && bytes.Equal(other, known):
		_ = os.Remove(filepath.Join(c.folders[1], name))
	case other == nil && wasThere && bytes.Equal(one, known):
		_ = os.Remove(filepath.Join(c.folders[0], name))
	case one == nil:
		c.deliver(name, 0, other)
	case other != nil && !wasThere:
		path := filepath.Join(c.folders[1], name)
		_ = os.Rename(path, path+"-DESKTOP-7KAPU")
		c.deliver(name, 1, one)
	default:
		c.deliver(name, 1, one)
	}
}

// deliver writes a file as slowly as a network.
func (c *copier) deliver(name string, to int, body []byte) {
	path := filepath.Join(c.folders[to], name)
	_ = os.MkdirAll(filepath.Dir(path), 0o700)
	for _, part := range [][]byte{nil, body[:len(body)/2], body} {
		if os.WriteFile(path, part, 0o600) != nil {
			return
		}
		if rand.IntN(4) == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	c.known[name] = body
}

// readAll reads all files below a folder.
func readAll(root string) map[string][]byte {
	all := map[string][]byte{}
	_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		if body, err := os.ReadFile(path); err == nil {
			all[must(filepath.Rel(root, path))] = append([]byte{}, body...)
		}
		return nil
	})
	return all
}

// recorded is a Store that notes what is put.
type recorded struct {
	store.Store
	mu     sync.Mutex
	bodies map[string]bool
}

func (r *recorded) Put(ctx context.Context, name string, body []byte) error {
	r.mu.Lock()
	r.bodies[name+"\n"+string(body)] = true
	r.mu.Unlock()
	return r.Store.Put(ctx, name, body)
}

// knows says whether somebody wanted to put this.
func (r *recorded) knows(name string, body []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[name+"\n"+string(body)]
}

// A folder that a program carries elsewhere keeps its promises on this machine, and the other machine sees objects only
// whole.
func TestACopiedFolder(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s, path := folder(t)
		elsewhere := t.TempDir()
		carry(t, path, elsewhere)
		return readElsewhere(t, s, elsewhere)
	})
}

// readElsewhere is a store whose objects are read on another machine while it is used.
func readElsewhere(t *testing.T, s store.Store, elsewhere string) store.Store {
	t.Helper()
	r := &recorded{Store: s, bodies: map[string]bool{}}
	wait.Until(t, "the sign of an office", func() bool { return len(readAll(elsewhere)["KAPU.txt"]) > 0 })
	reader := must(store.Open(elsewhere, nil))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			readWhole(t, ctx, reader, r)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

// readWhole reads what a machine sees of another's objects.
func readWhole(t *testing.T, ctx context.Context, reader store.Store, r *recorded) {
	for name, err := range reader.List(ctx, "", "") {
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		body, err := reader.Get(ctx, name)
		if ctx.Err() == nil && !errors.Is(err, store.ErrNotExist) && (err != nil || !r.knows(name, body)) {
			t.Errorf("%s has %d bytes that nobody wrote: %v", name, len(body), err)
		}
	}
}

// Two machines that take a name before their copies meet are both told yes. Then one of the objects has it on both, and
// the other is a conflict copy, which is no object.
func TestCopiesWithAConflict(t *testing.T) {
	one, path := folder(t)
	other, elsewhere := folder(t)
	for n := range 10 {
		name := fmt.Sprint("roster/", n)
		check(t, one.Put(t.Context(), name, []byte("one's")))
		check(t, other.Put(t.Context(), name, []byte("the other's "+name)))
	}
	check(t, other.Put(t.Context(), "accounts/1", nil))
	carry(t, path, elsewhere)
	wait.Until(t, "the copies to meet", func() bool {
		return len(readAll(path)) == 22 && maps.EqualFunc(readAll(path), readAll(elsewhere), bytes.Equal)
	})
	for _, s := range []store.Store{one, other} {
		n := 0
		for name, err := range s.List(t.Context(), "", "") {
			check(t, err)
			n++
			if body, err := s.Get(t.Context(), name); strings.HasPrefix(name, "roster/") && string(body) != "one's" {
				t.Errorf("%s: %q, %v", name, body, err)
			}
		}
		if n != 11 {
			t.Errorf("%d objects", n)
		}
	}
	check(t, one.Delete(t.Context(), "accounts/1"))
	wait.Until(t, "the deletion", func() bool {
		_, err := other.Get(t.Context(), "accounts/1")
		return errors.Is(err, store.ErrNotExist)
	})
}
