package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"kapu/office/store"
)

// Run is the conformance suite of all stores. Each call of open returns an empty store that is prepared.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"a name is given once":                   onceOnly,
		"names are given in order":               order,
		"names that cannot be":                   names,
		"objects of all sizes":                   sizes,
		"one of many writers wins":               race,
		"many readers and writers":               crowd,
		"deleting what others delete":            deletes,
		"who gave up waiting":                    gaveUp,
		"many objects at once":                   many,
		"it can be prepared any number of times": prepared,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func onceOnly(t *testing.T, s store.Store) {
	const name = "roster/0"
	if _, err := s.Get(t.Context(), name); !errors.Is(err, store.ErrNotExist) {
		t.Errorf("before: %v", err)
	}
	put(t, s, name, "one")
	for _, other := range []string{"two", "on", "one ", ""} {
		if err := s.Put(t.Context(), name, []byte(other)); !errors.Is(err, store.ErrExists) {
			t.Errorf("%q in the place of another: %v", other, err)
		}
	}
	put(t, s, name, "one") // once more: who did not hear the answer asks again
	holds(t, s, name, "one")
	remove(t, s, name)
	remove(t, s, name)
	if _, err := s.Get(t.Context(), name); !errors.Is(err, store.ErrNotExist) {
		t.Errorf("after it was deleted: %v", err)
	}
	lists(t, s, "", "")
}

// A hyphen and a full stop come before a slash, so that folders are not together with what they stand beside.
func order(t *testing.T, s store.Store) {
	all := []string{
		"a-b", "a.b", "a/0", "a/00", "a/b-c/1", "a/b/1", "a/b/10", "a/b/2", "a/bc", "a0", "b/1", "feed/a-1/1", "feed/a/1", "z",
	}
	if !slices.IsSorted(all) {
		t.Fatal("the list itself is wrong")
	}
	for _, i := range []int{3, 0, 13, 7, 1, 12, 5, 9, 2, 11, 4, 8, 10, 6} {
		put(t, s, all[i], all[i])
	}
	for _, prefix := range []string{"", "a", "a/", "a/b", "a/b/", "a/b/1", "a/b/10", "a-", "b", "c", "a/x/y/", "feed/", "z", "zz"} {
		for _, after := range append([]string{"", "a/", "a/b/", "0", "a/b/11", "a/c", "zzz"}, all...) {
			var want []string
			for _, name := range all {
				if name > after && len(name) >= len(prefix) && name[:len(prefix)] == prefix {
					want = append(want, name)
				}
			}
			if got := list(t, s, prefix, after); !slices.Equal(got, want) {
				t.Errorf("with prefix %q, after %q: %q, not %q", prefix, after, got, want)
			}
		}
	}
	for range s.List(t.Context(), "", "") {
		break // who has seen enough
	}
}

func names(t *testing.T, s store.Store) {
	for _, name := range []string{"", "A", "../a", "a//b", "con", "a b"} {
		if err := s.Put(t.Context(), name, nil); err == nil {
			t.Errorf("%q was put", name)
		}
		if _, err := s.Get(t.Context(), name); err == nil || errors.Is(err, store.ErrNotExist) {
			t.Errorf("getting %q: %v", name, err)
		}
		if err := s.Delete(t.Context(), name); err == nil {
			t.Errorf("%q was deleted", name)
		}
	}
	lists(t, s, "", "")
}

func sizes(t *testing.T, s store.Store) {
	for _, size := range []int{0, 1, 4095, 4096, 1 << 20} {
		name, body := fmt.Sprint("size/", size), bytes.Repeat([]byte{0, '\n', 0xff, 'k'}, size/4+1)[:size]
		put(t, s, name, string(body))
		holds(t, s, name, string(body))
	}
}

const writers = 8

func race(t *testing.T, s store.Store) {
	for round := range 20 {
		Race(t, fmt.Sprintf("roster/%d", round), s)
	}
	if got := list(t, s, "roster/", ""); len(got) != 20 {
		t.Errorf("the names: %q", got)
	}
}

// Race has writers want a name at once, through one or several stores that are the same, and fails the test unless
// exactly one gets it.
func Race(t *testing.T, name string, stores ...store.Store) {
	t.Helper()
	var won atomic.Int32
	var winner atomic.Value
	together(writers, func(i int) {
		body := fmt.Sprintf("%d wants %s", i, name)
		switch err := stores[i%len(stores)].Put(t.Context(), name, []byte(body)); {
		case err == nil:
			won.Add(1)
			winner.Store(body)
		case !errors.Is(err, store.ErrExists):
			t.Errorf("writer %d: %v", i, err)
		}
	})
	if won.Load() != 1 {
		t.Fatalf("%d writers got %s", won.Load(), name)
	}
	for _, s := range stores {
		holds(t, s, name, winner.Load().(string))
	}
}

func crowd(t *testing.T, s store.Store) {
	const each = 10
	together(writers, func(i int) {
		for n := range each {
			name := fmt.Sprintf("accounts/%d/%d", n, i)
			if err := s.Put(t.Context(), name, []byte(name)); err != nil {
				t.Error(err)
			}
			last := ""
			for found, err := range s.List(t.Context(), "accounts/", "") {
				if err != nil || found <= last {
					t.Errorf("%q came after %q: %v", found, last, err)
					return
				}
				last = found
				body, err := s.Get(t.Context(), found)
				if (err != nil && !errors.Is(err, store.ErrNotExist)) || (err == nil && string(body) != found) {
					t.Errorf("%q holds %q: %v", found, body, err)
				}
			}
		}
	})
	if got := list(t, s, "", ""); len(got) != writers*each {
		t.Errorf("%d names", len(got))
	}
}

func deletes(t *testing.T, s store.Store) {
	for n := range 10 {
		put(t, s, fmt.Sprint("old/", n), "x")
		put(t, s, fmt.Sprint("new/", n), "x")
	}
	together(writers, func(int) {
		for name, err := range s.List(t.Context(), "old/", "") {
			if err == nil {
				err = s.Delete(t.Context(), name)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	lists(t, s, "old/", "")
	if got := list(t, s, "", ""); len(got) != 10 {
		t.Errorf("left: %q", got)
	}
}

func gaveUp(t *testing.T, s store.Store) {
	put(t, s, "a/1", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "a/2", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if _, err := s.Get(ctx, "a/1"); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
	if err := s.Delete(ctx, "a/1"); !errors.Is(err, context.Canceled) {
		t.Errorf("delete: %v", err)
	}
	n := 0
	for _, err := range s.List(ctx, "", "") {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("list: %v", err)
		}
	}
	if n != 1 {
		t.Errorf("the listing gave %d things", n)
	}
	holds(t, s, "a/1", "x")
}

func many(t *testing.T, s store.Store) {
	var names []string
	for n := range 50 {
		names = append(names, fmt.Sprint("many/", n))
		put(t, s, names[n], names[n])
	}
	names = slices.Insert(names, 20, "many/none")
	i := 0
	for got := range store.GetAll(t.Context(), s, names) {
		if got.Name != names[i] {
			t.Fatalf("%q came instead of %q", got.Name, names[i])
		}
		if i == 20 {
			if !errors.Is(got.Err, store.ErrNotExist) {
				t.Errorf("what is not there: %v", got.Err)
			}
		} else if got.Err != nil || string(got.Body) != got.Name {
			t.Errorf("%q holds %q, %v", got.Name, got.Body, got.Err)
		}
		i++
	}
	if i != len(names) {
		t.Errorf("%d of %d", i, len(names))
	}
	for range store.GetAll(t.Context(), s, names) {
		break
	}
	for range 2 { // the second time all are gone
		if err := store.DeleteAll(t.Context(), s, names); err != nil {
			t.Fatal(err)
		}
	}
	lists(t, s, "many/", "")
}

func prepared(t *testing.T, s store.Store) {
	for range 2 {
		if err := store.Prepare(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	lists(t, s, "", "")
}

// together calls do n times at once.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() { <-start; do(i) })
	}
	close(start)
	all.Wait()
}

func put(t *testing.T, s store.Store, name, body string) {
	t.Helper()
	if err := s.Put(t.Context(), name, []byte(body)); err != nil {
		t.Fatalf("putting %q: %v", name, err)
	}
}

func remove(t *testing.T, s store.Store, name string) {
	t.Helper()
	if err := s.Delete(t.Context(), name); err != nil {
		t.Errorf("deleting %q: %v", name, err)
	}
}

func holds(t *testing.T, s store.Store, name, want string) {
	t.Helper()
	got, err := s.Get(t.Context(), name)
	if err != nil || string(got) != want {
		t.Errorf("%q holds %d bytes (%.20q), not %d (%.20q): %v", name, len(got), got, len(want), want, err)
	}
}

func list(t *testing.T, s store.Store, prefix, after string) (names []string) {
	t.Helper()
	for name, err := range s.List(t.Context(), prefix, after) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func lists(t *testing.T, s store.Store, prefix, after string, want ...string) {
	t.Helper()
	if got := list(t, s, prefix, after); !slices.Equal(got, want) {
		t.Errorf("with prefix %q, after %q: %q, not %q", prefix, after, got, want)
	}
}
