package cli

import (
	"context"
	"time"
)

// grace is what a command has to end by itself after Ctrl-C: to give a terminal back as it was.
const grace = 500 * time.Millisecond

// interruptible runs work that computes for long, and returns when it is done or, soon after ctx has ended, though it
// is not: nothing of it changes anything here, and it goes with the process. A key derivation cannot be ended
// otherwise.
func interruptible(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(grace):
	}
	return ctx.Err()
}
