package store

import (
	"context"
	"sync/atomic"
	"time"

	"kapu/lang"
)

// A folder on a share can freeze: a call of the system then neither ends nor can be ended (a hard NFS mount). So nobody
// waits for it for ever; what was asked for is done later, or never.
const (
	folderTime = time.Minute // one operation
	maxStuck   = 16          // operations that are waited for no more; with so many, no further one begins
)

// within runs an operation on the folder in a goroutine of its own, which stays behind if it takes too long, or if ctx
// ends.
func (d *dir) within(ctx context.Context, operation func(context.Context) error) error {
	_, err := within(ctx, d, func(ctx context.Context) (struct{}, error) { return struct{}{}, operation(ctx) })
	return err
}

func within[T any](ctx context.Context, d *dir, operation func(context.Context) (T, error)) (T, error) {
	return withinTime(ctx, d, folderTime, operation)
}

func withinTime[T any](
	ctx context.Context, d *dir, most time.Duration, operation func(context.Context) (T, error),
) (none T, err error) {
	if d.stuck.Load() >= maxStuck {
		return none, d.frozen(most)
	}
	type result struct {
		value T
		err   error
	}
	limited, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	done := make(chan result, 1)
	var over atomic.Bool // done, or waited for no more
	go func() {
		value, err := operation(limited)
		done <- result{value, err}
		if over.Swap(true) {
			d.stuck.Add(-1)
		}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-limited.Done():
	}
	select { // an operation that heeds the context has an answer of its own
	case r := <-done:
		return r.value, r.err
	default:
	}
	if !over.Swap(true) {
		d.stuck.Add(1)
	}
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	return none, d.frozen(most)
}

// frozen is the sentence for a folder that does not answer.
func (d *dir) frozen(after time.Duration) error {
	return lang.E("store-folder-frozen", "Path", d.root, "Seconds", int(after.Seconds()))
}
