package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"kapu/office/store"
	"kapu/office/store/storetest"
)

// slowDeletes is a store whose Delete ends when as many are under way as it takes at once.
type slowDeletes struct {
	storetest.Mem
	running atomic.Int32
	all     chan struct{}
}

func (s *slowDeletes) Parallel() int { return 4 }

func (s *slowDeletes) Delete(ctx context.Context, name string) error {
	if s.running.Add(1) == 4 {
		close(s.all)
	}
	<-s.all
	return errors.Join(s.Mem.Delete(ctx, name), fails[name])
}

var fails = map[string]error{"a/5": errors.New("no")}

// A folder has no request for many, but answers many at once.
func TestManyAreDeletedAtOnce(t *testing.T) {
	s := &slowDeletes{all: make(chan struct{})}
	check(t, store.DeleteAll(t.Context(), s, []string{"a/1", "a/2", "a/3", "a/4", "b/5", "b/6"}))
	if err := store.DeleteAll(t.Context(), s, []string{"a/1", "a/5", "a/6"}); !errors.Is(err, fails["a/5"]) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.DeleteAll(ctx, s, []string{"a/1"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
