package store

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// Got is one answer of GetAll.
type Got struct {
	Name string
	Body []byte
	Err  error // as from Get
}

// parallel is a Store for which concurrent requests are faster; others get them one by one, in order, from the caller's
// goroutine.
type parallel interface{ Parallel() int }

// atOnce is how many requests a store gets at once.
func atOnce(s Store) int {
	if p, ok := s.(parallel); ok {
		return p.Parallel()
	}
	return 1
}

// Each is a bounded parallel for: it calls do for each of a list, for as many at once as the store takes, and waits for
// all.
func Each[T any](s Store, list []*T, do func(*T)) {
	if atOnce(s) == 1 {
		for _, x := range list {
			do(x)
		}
		return
	}
	var all sync.WaitGroup
	next := make(chan *T)
	for range min(atOnce(s), len(list)) {
		all.Go(func() {
			for x := range next {
				do(x)
			}
		})
	}
	for _, x := range list {
		next <- x
	}
	close(next)
	all.Wait()
}

// GetAll gets many objects with bounded prefetching, and yields them in the order of the names. An error of one object
// does not end it.
func GetAll(ctx context.Context, s Store, names []string) iter.Seq[Got] {
	get := func(ctx context.Context, name string) Got {
		body, err := s.Get(ctx, name)
		return Got{name, body, err}
	}
	return func(yield func(Got) bool) {
		ahead := atOnce(s)
		if ahead == 1 {
			for _, name := range names {
				if !yield(get(ctx, name)) {
					return
				}
			}
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // the requests that nobody waits for any more
		answers := make([]chan Got, len(names))
		ask := func(i int) {
			if i < len(names) {
				answers[i] = make(chan Got, 1)
				go func() { answers[i] <- get(ctx, names[i]) }()
			}
		}
		for i := range ahead {
			ask(i)
		}
		for i := range names {
			got := <-answers[i]
			answers[i] = nil
			ask(i + ahead)
			if !yield(got) {
				return
			}
		}
	}
}

// bulk is a Store that deletes many objects by one request.
type bulk interface {
	deleteMany(ctx context.Context, names []string) error
}

// mostDeleted is how many objects one request may delete: as many as S3 takes.
const mostDeleted = 1000

// DeleteAll deletes many objects by as few requests as the store takes, or by as many at once. After an error each of
// them may be there or not; as Delete, it may be repeated.
func DeleteAll(ctx context.Context, s Store, names []string) error {
	if b, ok := s.(bulk); ok {
		for some := range slices.Chunk(names, mostDeleted) {
			if err := b.deleteMany(ctx, some); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	list := make([]*string, len(names))
	for i := range names {
		list[i] = &names[i]
	}
	Each(s, list, func(name *string) {
		if ctx.Err() != nil {
			return
		}
		if err := s.Delete(ctx, *name); err != nil {
			cancel(err)
		}
	})
	return context.Cause(ctx)
}
