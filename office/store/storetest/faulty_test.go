package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kapu/office/store"
)

// device is one that counts on a store: it takes numbers, each once, and repeats what it has no answer to.
type device struct {
	s     *Faulty
	trace []string
}

// say does something until it has an answer.
func (d *device) say(what string, do func() error) error {
	for {
		err := do()
		d.trace = append(d.trace, fmt.Sprint(d.s.Points, " ", what, " ", err))
		if !errors.Is(err, ErrFault) {
			return err
		}
	}
}

func (d *device) take(t *testing.T, name, body string) (mine bool) {
	err := d.say("take "+name, func() error { return d.s.Put(t.Context(), name, []byte(body)) })
	if err != nil && !errors.Is(err, store.ErrExists) {
		t.Error(err)
	}
	return err == nil
}

// simulate has three devices take numbers while everything goes wrong, and returns what happened.
func simulate(t *testing.T, seed uint64) (trace []string) {
	shared := &Mem{}
	rnd := rand.New(rand.NewPCG(seed, 0))
	var devices [3]device
	for i := range devices {
		devices[i].s = &Faulty{Store: shared, Rand: rnd, Faults: Faults{
			Fail: 0.2, Lose: 0.2, Repeat: 0.1, Late: 0.3, Cut: 0.2, Hole: 0.1, Twice: 0.1, Disorder: 0.5, LateLimit: 8,
		}}
	}
	owner := map[string]int{}
	for n := range 60 {
		i := rnd.IntN(len(devices))
		name := fmt.Sprint("n/", n/2)
		if devices[i].take(t, name, fmt.Sprint(i)) {
			if other, taken := owner[name]; taken && other != i {
				t.Errorf("seed %d: %s was given to %d and to %d", seed, name, other, i)
			}
			owner[name] = i
		}
	}
	for name, i := range owner {
		holds(t, shared, name, fmt.Sprint(i))
	}
	for i := range devices {
		trace = append(trace, devices[i].trace...)
	}
	return trace
}

func TestFaultyIsTheSameForTheSameSeed(t *testing.T) {
	for seed := range uint64(50) {
		first := simulate(t, seed)
		if !slices.Equal(first, simulate(t, seed)) {
			t.Fatalf("seed %d gives two stories", seed)
		}
		if seed > 0 && slices.Equal(first, simulate(t, seed-1)) {
			t.Errorf("seeds %d and %d give one story", seed-1, seed)
		}
	}
}

func certain(faults Faults) *Faulty {
	return &Faulty{Store: &Mem{}, Rand: rand.New(rand.NewPCG(1, 1)), Faults: faults}
}

// Each fault does what its name says.
func TestFaults(t *testing.T) {
	t.Run("fail", func(t *testing.T) {
		f := certain(Faults{Fail: 1})
		if err := f.Put(t.Context(), "a", nil); !errors.Is(err, ErrFault) {
			t.Error(err)
		}
		lists(t, f.Store, "", "")
	})
	t.Run("lose", func(t *testing.T) {
		f := certain(Faults{Lose: 1})
		if err := f.Put(t.Context(), "a", nil); !errors.Is(err, ErrFault) {
			t.Error(err)
		}
		lists(t, f.Store, "", "", "a")
	})
	t.Run("repeat", func(t *testing.T) {
		f := certain(Faults{Repeat: 1, LateLimit: 100})
		put(t, f, "a", "x")
		remove(t, f, "a")
		f.Faults.Repeat = 0
		for range 100 {
			list(t, f, "", "")
		}
		holds(t, f, "a", "x")
	})
	t.Run("late", func(t *testing.T) {
		f := certain(Faults{Late: 1, LateLimit: 100})
		put(t, f, "mine", "x")
		put(t, f.Store, "others", "x")
		lists(t, f, "", "", "mine")
		if _, err := f.Get(t.Context(), "others"); !errors.Is(err, store.ErrNotExist) {
			t.Error(err)
		}
		if err := f.Put(t.Context(), "others", nil); !errors.Is(err, store.ErrExists) {
			t.Error(err)
		}
		for range 100 {
			list(t, f, "", "")
		}
		lists(t, f, "", "", "mine", "others")
	})
	t.Run("listings", func(t *testing.T) {
		f := certain(Faults{Twice: 1})
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			put(t, f, name, "x")
		}
		lists(t, f, "d", "", "d", "d")
		f.Faults = Faults{Hole: 1}
		lists(t, f, "", "")
		f.Faults = Faults{Disorder: 1}
		if got := list(t, f, "", ""); len(got) != 5 || slices.IsSorted(got) {
			t.Errorf("%q", got)
		}
		f.Faults = Faults{Cut: 1}
		var last error
		for _, err := range f.List(t.Context(), "", "") {
			last = err
		}
		if !errors.Is(last, ErrFault) {
			t.Error(last)
		}
	})
}

// A program can die before everything it does and after it.
func TestCrashes(t *testing.T) {
	var left []int
	for at := 1; ; at++ {
		f := &Faulty{Store: &Mem{}, CrashAt: at}
		died := func() (died bool) {
			defer func() {
				if r := recover(); r != nil {
					died = r == Crash{}
				}
			}()
			put(t, f, "a", "x")
			put(t, f, "b", "x")
			return false
		}()
		left = append(left, len(list(t, f.Store, "", "")))
		if !died {
			break
		}
	}
	if !slices.Equal(left, []int{0, 1, 1, 2, 2}) {
		t.Errorf("after each point there were %v objects", left)
	}
}
