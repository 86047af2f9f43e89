//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A condition is looked at often at first and then more seldom: a look is often a program that is started, and must not
// take the processor from what is waited for.
const (
	pollFirst = 10 * time.Millisecond
	pollLast  = 150 * time.Millisecond
)

// poll calls check until it says yes. A check that fails is asked again; its last error tells,
// when time runs out, why it never said yes.
func poll(ctx context.Context, what string, check func() (bool, error)) error {
	start := time.Now()
	var err error
	for pause := pollFirst; ; pause = min(pause+pause/4, pollLast) {
		ok, now := check()
		if ok && now == nil {
			return nil
		}
		if err == nil || ctx.Err() == nil { // a check that the end of time cut short says nothing of use
			err = now
		}
		select {
		case <-ctx.Done():
			if err == nil {
				err = ctx.Err()
			}
			return fmt.Errorf("desktop: waited %v for %s: %w", time.Since(start).Round(time.Millisecond), what, err)
		case <-time.After(pause):
		}
	}
}

// await is poll for something that a process should bring about: it gives up when the process ends.
func await(ctx context.Context, p *Process, what string, check func() (bool, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-p.done:
			cancel(fmt.Errorf("%s ended", p.name))
		case <-stop:
		}
	}()
	err := poll(ctx, what, check)
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	return fmt.Errorf("%w\n%s", err, p.tail())
}
