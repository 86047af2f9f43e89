package session

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a source whose start is given.
func fake(name string, start func(*watch, string) outcome, reasons ...Reason) source {
	return source{name, reasons, start}
}

func row(t *testing.T, sources []Source, name string) Source {
	t.Helper()
	i := slices.IndexFunc(sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no source %q in %+v", name, sources)
	}
	return sources[i]
}

func TestSwitchedOffIsNeitherStartedNorTold(t *testing.T) {
	both := fake("both", func(w *watch, name string) outcome {
		w.run(func() { w.emit(name, Sleep); w.emit(name, Locked) })
		return working("")
	}, Sleep, Locked)
	never := fake("never", func(*watch, string) outcome {
		t.Error("was started")
		return working("")
	}, Sleep)
	rest := fake("rest", never.start, Idle) // no time for it was given
	w := &Watcher{begin(t.Context(), Options{Off: map[Reason]bool{Sleep: true}}, []source{both, never, rest})}
	found := w.Sources()
	if s := row(t, found, "both").State; s != Working {
		t.Errorf("both is %s", s)
	}
	if s := row(t, found, "never").State; s != Off {
		t.Errorf("never is %s", s)
	}
	if s := row(t, found, "rest").State; s != Off {
		t.Errorf("rest is %s", s)
	}
	if e := <-w.Events(); e.Reason != Locked || e.Source != "both" {
		t.Errorf("told %s by %s", e.Reason, e.Source)
	}
}

func TestSourceThatHangsHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		hangs := fake("hangs", func(w *watch, name string) outcome {
			time.Sleep(time.Minute)
			w.run(func() { w.emit(name, Sleep) })
			return working("")
		}, Sleep)
		quick := fake("quick", func(w *watch, name string) outcome {
			w.run(func() { w.emit(name, Locked) })
			return working("")
		}, Locked)
		begun := time.Now()
		w := &Watcher{begin(ctx, Options{}, []source{hangs, quick})}
		if e := <-w.Events(); e.Reason != Locked || time.Since(begun) != 0 {
			t.Errorf("told %s after %s", e.Reason, time.Since(begun))
		}
		s := row(t, w.Sources(), "hangs")
		if s.State != Unavailable || s.Code != TimedOut || time.Since(begun) != startLimit {
			t.Errorf("%+v after %s", s, time.Since(begun))
		}
		if e := <-w.Events(); e.Reason != Sleep { // late is better than never
			t.Errorf("told %s", e.Reason)
		}
		cancel()
		if _, more := <-w.Events(); more {
			t.Error("told something after the end")
		}
	})
}

func TestDone(t *testing.T) {
	var released atomic.Int32
	one := fake("one", func(w *watch, name string) outcome {
		w.run(func() {
			w.emitHolding(name, Sleep, func() { released.Add(1) })
			w.emitHolding(name, Clock, func() { released.Add(10) }) // off
		})
		return working("")
	}, Sleep, Clock)
	ctx, cancel := context.WithCancel(t.Context())
	w := &Watcher{begin(ctx, Options{Off: map[Reason]bool{Clock: true}}, []source{one})}
	e := <-w.Events()
	e.Done()
	e.Done()
	if n := released.Load() % 10; n != 1 {
		t.Errorf("released %d times", n)
	}
	cancel()
	for range w.Events() {
		t.Error("one event too many")
	}
	if n := released.Load(); n != 11 { // what nobody is told of must not be held
		t.Errorf("released %d, want 11", n)
	}
}

// Nobody reads any more, because the receiver is ending: what is held must be let go.
func TestNotReadAtTheEnd(t *testing.T) {
	released := make(chan struct{})
	one := fake("one", func(w *watch, name string) outcome {
		w.run(func() { w.emitHolding(name, Sleep, func() { close(released) }) })
		return working("")
	}, Sleep)
	ctx, cancel := context.WithCancel(t.Context())
	w := &Watcher{begin(ctx, Options{}, []source{one})}
	w.Sources()
	cancel()
	<-released
	if _, more := <-w.Events(); more {
		t.Error("told something after the end")
	}
}

func TestBlindness(t *testing.T) {
	for _, c := range []struct {
		off  []Reason
		want Reason
	}{
		{nil, Logout},
		{[]Reason{Logout}, Locked},
		{[]Reason{Logout, Locked}, Switched},
	} {
		off := map[Reason]bool{}
		for _, r := range c.off {
			off[r] = true
		}
		blind := fake("blind", func(w *watch, name string) outcome {
			w.run(func() { w.lost(name, Locked, Switched) })
			return working("")
		}, Locked, Switched)
		w := &Watcher{begin(t.Context(), Options{Off: off}, []source{blind})}
		if e := <-w.Events(); e.Reason != c.want {
			t.Errorf("without %v: told %s, want %s", c.off, e.Reason, c.want)
		}
	}
}

// The table of this system is whole: everything a person can switch has a row, and no two have one name.
func TestEveryReasonHasASource(t *testing.T) {
	var names []string
	var covered []Reason
	for _, s := range sources() {
		names = append(names, s.name)
		covered = append(covered, s.reasons...)
	}
	for _, r := range Reasons() {
		if !slices.Contains(covered, r) {
			t.Errorf("no source for %s", r)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("one name twice: %q", names)
	}
}

// Watch on this machine, whatever it is, answers and ends.
func TestWatchHere(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := Watch(ctx, Options{Idle: time.Hour})
	for range w.Sources() {
		continue
	}
	cancel()
	for e := range w.Events() {
		e.Done()
	}
}

func TestFailedStartIsListed(t *testing.T) {
	bad := fake("bad", func(*watch, string) outcome { return failed(errors.New("no luck")) }, Locked)
	w := &Watcher{begin(t.Context(), Options{}, []source{bad})}
	if s := row(t, w.Sources(), "bad"); s.State != Unavailable || s.Code != Failed || s.Detail != "no luck" {
		t.Errorf("%+v", s)
	}
}
