package storetest

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"

	"kapu/office/store"
)

// ErrFault is what a faulty store answers when it fails, or when it did the thing and its answer got lost.
var ErrFault = errors.New("storetest: the store does not answer")

// Crash is what a faulty store panics with where the program shall die. Who simulates recovers it.
type Crash struct{}

// Faults are the probabilities of the faults, each from 0 (never) to 1 (always).
type Faults struct {
	Fail      float64 // an operation fails before it did anything
	Lose      float64 // an operation is done, and its answer is lost
	Repeat    float64 // a Put arrives a second time, operations later: it brings back what was deleted
	Late      float64 // a name that another has written is seen later only
	Cut       float64 // a listing ends in the middle, with an error
	Hole      float64 // a name is missing in one listing
	Twice     float64 // a name comes twice in one listing
	Disorder  float64 // a listing comes in no order
	Crash     float64 // the program dies, before an operation or after it
	LateLimit int     // how many operations later, at most, what is late or repeated comes
}

// Faulty is a decorator for deterministic fault injection: a store as one device sees it, when things go wrong. The
// same seed and the same operations give the same faults, so it is for one goroutine. Each device has its own, around a
// store that all of them share.
type Faulty struct {
	Store  store.Store
	Rand   *rand.Rand
	Faults Faults
	// CrashAt is the point at which the program dies for sure: Points counts them, one before each operation and one
	// after it, from 1. With it a test goes through all the places in which a program can die.
	CrashAt int
	Points  int

	seen  map[string]int // from which point on a name is seen
	again []repeated
}

// repeated is a Put that is still on its way.
type repeated struct {
	due  int // the point
	name string
	body []byte
}

func (f *Faulty) chance(p float64) bool { return p > 0 && f.Rand.Float64() < p }

// point is a place in which the program can die.
func (f *Faulty) point() {
	f.Points++
	if f.Points == f.CrashAt || f.chance(f.Faults.Crash) {
		panic(Crash{})
	}
}

// do is one operation with what can go wrong around it.
func (f *Faulty) do(operation func() error) error {
	f.point()
	f.repeat()
	if f.chance(f.Faults.Fail) {
		f.point()
		return ErrFault
	}
	err := operation()
	f.point()
	if f.chance(f.Faults.Lose) {
		return ErrFault
	}
	return err
}

// repeat does what arrives late.
func (f *Faulty) repeat() {
	f.again = slices.DeleteFunc(f.again, func(r repeated) bool {
		if r.due > f.Points {
			return false
		}
		_ = f.Store.Put(context.Background(), r.name, r.body) // nobody hears the answer
		return true
	})
}

// later is a point some operations ahead.
func (f *Faulty) later() int { return f.Points + 1 + f.Rand.IntN(2*max(1, f.Faults.LateLimit)) }

// visible says whether this device sees a name already, and remembers when it will.
func (f *Faulty) visible(name string) bool {
	from, known := f.seen[name]
	if !known {
		if f.chance(f.Faults.Late) {
			from = f.later()
		}
		f.show(name, from)
	}
	return f.Points >= from
}

func (f *Faulty) show(name string, from int) {
	if f.seen == nil {
		f.seen = map[string]int{}
	}
	f.seen[name] = from
}

// Put implements store.Store. What a device has written itself, it sees.
func (f *Faulty) Put(ctx context.Context, name string, body []byte) error {
	return f.do(func() error {
		err := f.Store.Put(ctx, name, body)
		if err != nil {
			return err
		}
		f.show(name, 0)
		if f.chance(f.Faults.Repeat) {
			f.again = append(f.again, repeated{f.later(), name, slices.Clone(body)})
		}
		return nil
	})
}

// Get implements store.Store.
func (f *Faulty) Get(ctx context.Context, name string) (body []byte, err error) {
	err = f.do(func() error {
		body, err = f.Store.Get(ctx, name)
		if err == nil && !f.visible(name) {
			body, err = nil, store.ErrNotExist
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// Delete implements store.Store.
func (f *Faulty) Delete(ctx context.Context, name string) error {
	return f.do(func() error {
		delete(f.seen, name)
		return f.Store.Delete(ctx, name)
	})
}

// List implements store.Store, but for the order of names and their being there once and at all, if so wished.
func (f *Faulty) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		names, err := f.list(ctx, prefix, after)
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

func (f *Faulty) list(ctx context.Context, prefix, after string) (names []string, err error) {
	err = f.do(func() error {
		for name, err := range f.Store.List(ctx, prefix, after) {
			if err != nil {
				return err
			}
			if !f.visible(name) || f.chance(f.Faults.Hole) {
				continue
			}
			names = append(names, name)
			if f.chance(f.Faults.Twice) {
				names = append(names, name)
			}
		}
		return nil
	})
	if f.chance(f.Faults.Disorder) {
		f.Rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	if err != nil {
		return nil, err
	}
	if f.chance(f.Faults.Cut) {
		return names[:f.Rand.IntN(len(names)+1)], ErrFault
	}
	return names, nil
}
