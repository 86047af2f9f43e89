package store

import (
	"context"
	"iter"
	"sync"
)

// Got is one of many objects that GetAll gets.
type Got struct {
	Name string
	Body []byte
	Err  error // as from Get
}

// parallel is a Store that is faster when it is asked several things at once; others are asked one by one, in order,
// from the goroutine of who asks.
type parallel interface{ Parallel() int }

func atOnce(s Store) int {
	if p, ok := s.(parallel); ok {
		return p.Parallel()
	}
	return 1
}

// Each does something with a store for each of a list, for as many at once as the store takes.
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

// GetAll gets many objects and gives them in the order of their names in the list. On a store that takes several
// questions at once it asks that many ahead. An error of one object does not end it.
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
		defer cancel() // the questions that nobody waits for any more
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
