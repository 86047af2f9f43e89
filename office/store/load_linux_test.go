package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapu/office/store"
)

// underLoad has devices work while a machine dies. What was confirmed is there, nobody else got its name, and the
// work goes on.
func underLoad(t *testing.T, open func() store.Store, kill func()) {
	const devices, each = 4, 20
	confirmed := sync.Map{}
	work := func(part string, during func()) (lost int64) {
		var unsure atomic.Int64
		var all sync.WaitGroup
		for device := range devices {
			all.Go(func() {
				s := open()
				for n := range each {
					// One name is this device's own, for the other all of them compete.
					for _, name := range []string{fmt.Sprintf("own/%s/%d-%d", part, device, n), fmt.Sprintf("roster/%s/%d", part, n)} {
						body := fmt.Sprintf("%s by %d", name, device)
						switch err := s.Put(t.Context(), name, []byte(body)); {
						case err == nil:
							if other, twice := confirmed.Swap(name, body); twice {
								t.Errorf("%s was confirmed to %q and to %q", name, other, body)
							}
						case !errors.Is(err, store.ErrExists):
							unsure.Add(1)
							t.Log(err)
						}
					}
				}
			})
		}
		during()
		all.Wait()
		return unsure.Load()
	}
	count := func() (n int) {
		confirmed.Range(func(any, any) bool { n++; return true })
		return n
	}
	work("before", func() {})
	first := count()
	unsure := work("during", func() { time.Sleep(20 * time.Millisecond); kill() })
	second := count()
	if lost := work("after", func() {}); lost > 0 {
		t.Errorf("with one machine dead, %d writes failed", lost)
	}
	t.Logf("confirmed: %d with all machines, %d while one was killed (%d left open), %d without it", first, second-first, unsure, count()-second)
	s := open()
	confirmed.Range(func(name, body any) bool {
		if got, err := s.Get(t.Context(), name.(string)); string(got) != body {
			t.Errorf("%s was confirmed to hold %q, and holds %q: %v", name, body, got, err)
		}
		return true
	})
	listed := 0
	for name, err := range s.List(t.Context(), "", "") {
		check(t, err)
		if _, ok := confirmed.Load(name); ok {
			listed++
		}
	}
	if listed != count() {
		t.Errorf("of %d names %d are listed", count(), listed)
	}
}

// manyAtOnce says how long a new device takes for the accounts of a big office.
func manyAtOnce(t *testing.T, s store.Store) {
	const accounts = 2000
	names := make([]string, accounts)
	begun := time.Now()
	var all sync.WaitGroup
	for part := range 16 {
		all.Go(func() {
			for n := part; n < accounts; n += 16 {
				names[n] = fmt.Sprintf("accounts/%04d/1", n)
				if err := s.Put(t.Context(), names[n], make([]byte, 2000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d objects put in %v", accounts, time.Since(begun))
	begun = time.Now()
	for got := range store.GetAll(t.Context(), s, names) {
		if got.Err != nil || len(got.Body) != 2000 {
			t.Error(got.Name, got.Err)
		}
	}
	t.Logf("%d objects got in %v", accounts, time.Since(begun))
}
