// Package storetest is for tests of what uses a store: the suite that every store must pass, a store in memory, and
// one that goes wrong on purpose, the same way each time for the same seed.
package storetest

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"kapu/office/store"
)

// Mem is a Store in memory, a fake for tests. Its zero value is empty.
type Mem struct {
	mu      sync.Mutex
	names   []string // sorted
	objects map[string][]byte
}

// Put implements store.Store.
func (m *Mem) Put(ctx context.Context, name string, body []byte) error {
	if err := begin(ctx, name); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if there, taken := m.objects[name]; taken && bytes.Equal(there, body) {
		return nil
	} else if taken {
		return store.ErrExists
	}
	i, _ := slices.BinarySearch(m.names, name)
	if err := m.clash(name); err != nil {
		return err
	}
	m.names = slices.Insert(m.names, i, name)
	if m.objects == nil {
		m.objects = map[string][]byte{}
	}
	m.objects[name] = slices.Clone(body)
	return nil
}

// clash refuses what a folder cannot hold: a name that is a folder of another.
func (m *Mem) clash(name string) error {
	below, _ := slices.BinarySearch(m.names, name+"/")
	if below < len(m.names) && strings.HasPrefix(m.names[below], name+"/") {
		return fmt.Errorf("storetest: %q is a folder", name)
	}
	for i, c := range name {
		if _, taken := m.objects[name[:i]]; c == '/' && taken {
			return fmt.Errorf("storetest: %q is an object, not a folder", name[:i])
		}
	}
	return nil
}

// Get implements store.Store.
func (m *Mem) Get(ctx context.Context, name string) ([]byte, error) {
	if err := begin(ctx, name); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	body, ok := m.objects[name]
	if !ok {
		return nil, store.ErrNotExist
	}
	return slices.Clone(body), nil
}

// List implements store.Store.
func (m *Mem) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			name, ok := m.next(prefix, after)
			if !ok || !yield(name, nil) {
				return
			}
			after = name
		}
	}
}

// next is the first name with the prefix that is greater than after.
func (m *Mem) next(prefix, after string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, found := slices.BinarySearch(m.names, max(prefix, after))
	if found && m.names[i] == after {
		i++
	}
	if i == len(m.names) || !strings.HasPrefix(m.names[i], prefix) {
		return "", false
	}
	return m.names[i], true
}

// Delete implements store.Store.
func (m *Mem) Delete(ctx context.Context, name string) error {
	if err := begin(ctx, name); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if i, found := slices.BinarySearch(m.names, name); found {
		m.names = slices.Delete(m.names, i, i+1)
		delete(m.objects, name)
	}
	return nil
}

// Replace is what only the store's owner can do: it puts other bytes in the place of an object, or makes one.
func (m *Mem) Replace(name string, body []byte) {
	_ = m.Delete(context.Background(), name)
	if err := m.Put(context.Background(), name, body); err != nil {
		panic(err)
	}
}

func begin(ctx context.Context, name string) error {
	if err := store.CheckName(name); err != nil {
		return err
	}
	return ctx.Err()
}
