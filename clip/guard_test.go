package clip

import (
	"context"
	"errors"
	"testing"
	"time"

	"kapu/internal/wait"
)

// silent is a system on which nobody answers before all who ask have been told to end.
type silent struct{ asked, told chan struct{} }

func (s silent) copy(string) (content, error) { return nil, errors.New("never") }

func (s silent) displace(ctx context.Context, _ selection, _ func([]byte) bool) (content, error) {
	s.asked <- struct{}{}
	<-ctx.Done()
	s.told <- struct{}{}
	for len(s.told) < cap(s.told) {
		time.Sleep(time.Millisecond)
	}
	return nil, ctx.Err()
}

// Two guards that wait for programs that do not answer are waited for together, and not one after the other.
func TestEndOfGuards(t *testing.T) {
	s := silent{make(chan struct{}), make(chan struct{}, 2)}
	never := func([]byte) bool { return false }
	var guards []*guard
	for _, at := range []selection{clipboardSelection, primarySelection} {
		guards = append(guards, keepEmpty(s, at, nil, never, never))
		wait.For(t, "the question", s.asked)
	}
	ended := make(chan struct{})
	go func() {
		endAll(guards)
		close(ended)
	}()
	wait.For(t, "the end", ended)
}
