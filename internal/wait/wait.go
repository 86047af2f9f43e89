// Package wait is how a test waits: until what it waits for has happened, however busy the machine is.
//
// Its only limit is a watchdog. It tells a deadlock from a slow machine, says nothing of speed, and can therefore be
// far longer than anything takes.
package wait

import (
	"context"
	"testing"
	"time"
)

// Hang is the watchdog's limit for one step of a test. Nothing takes a tenth of it on a machine with two calm cores.
const Hang = 5 * time.Minute

// What is polled is looked at often at first and then ever more seldom: most things happen at once, and what takes long
// is not to be slowed by being asked for.
const (
	pollFirst = 5 * time.Millisecond
	pollLast  = 200 * time.Millisecond
)

// backoff is the pause after another one.
func backoff(pause time.Duration) time.Duration { return min(pause+pause/4, pollLast) }

// Until polls until the condition holds, and fails the test if it never does.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !Poll(holds) {
		t.Fatalf("waited %v for %s", Hang, what)
	}
}

// Poll is Until for a test that has more to say of why: it returns false if the condition never holds.
func Poll(holds func() bool) bool {
	pause := pollFirst
	for deadline := time.Now().Add(Hang); !holds(); pause = backoff(pause) {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(pause)
	}
	return true
}

// For receives from a channel, and fails the test if nothing ever comes. What is closed gives nothing at once.
func For[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(Hang):
		t.Fatalf("waited %v for %s", Hang, what)
		panic("not reached")
	}
}

// Context is for one step: it ends after Hang, or with the test.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Hang)
	t.Cleanup(cancel)
	return ctx
}

// Steps is for a test of many steps: its context ends when no step has been reported for Hang, or with the test.
func Steps(t testing.TB) (ctx context.Context, step func()) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	dog := time.AfterFunc(Hang, func() { cancel(context.DeadlineExceeded) })
	t.Cleanup(func() { dog.Stop(); cancel(nil) })
	return ctx, func() { dog.Reset(Hang) }
}
