package store

import (
	"context"
	"iter"
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

// GetAll gets many objects and gives them in the order of their names in the list. On a store that takes several
// questions at once it asks that many ahead. An error of one object does not end it.
func GetAll(ctx context.Context, s Store, names []string) iter.Seq[Got] {
	get := func(ctx context.Context, name string) Got {
		body, err := s.Get(ctx, name)
		return Got{name, body, err}
	}
	return func(yield func(Got) bool) {
		p, ok := s.(parallel)
		if !ok {
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
		for i := range p.Parallel() {
			ask(i)
		}
		for i := range names {
			got := <-answers[i]
			answers[i] = nil
			ask(i + p.Parallel())
			if !yield(got) {
				return
			}
		}
	}
}
