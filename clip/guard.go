package clip

import (
	"context"
	"errors"
	"os"
	"time"
)

// guard keeps a selection empty that had a doomed text: managers that bring it back, because they dislike emptiness or
// carry one selection into the other, are overruled. It ends when something else is there.
type guard struct {
	stop  context.CancelFunc
	began chan bool     // whether the text was there at first
	done  chan struct{} // closed at the end
}

// A manager that insists, and a program that does not answer, are asked again at once a few times, and from then on
// after a pause that doubles. Who has not answered for a minute has nothing that anybody could paste.
const (
	quickly  = 4
	firstGap = 50 * time.Millisecond
	longest  = 2 * time.Second
	unheard  = 20
)

// keepEmpty begins. empty is the emptiness that is there already; without it the one that atFirst wants is made. What
// was emptied and is nobody's any more is taken again: whoever let go of it may be about to bring the text back.
func keepEmpty(sys system, s selection, empty content, atFirst, doomed func([]byte) bool) *guard {
	ctx, stop := context.WithCancel(context.Background())
	g := &guard{stop, make(chan bool, 1), make(chan struct{})}
	again := func(text []byte) bool { return text == nil || doomed(text) }
	go func() {
		defer close(g.done)
		defer stop()
		silent := false
		if empty == nil {
			empty, silent = displace(ctx, sys, s, atFirst)
		}
		g.began <- empty != nil // the caller does not wait for who is silent
		if silent {
			empty = insist(ctx, sys, s, atFirst)
		}
		for n := 0; empty != nil && empty.lost() != nil; n++ {
			select {
			case <-empty.lost():
			case <-ctx.Done():
				return // it stays empty until something is put there
			}
			pause(ctx, n)
			empty = insist(ctx, sys, s, again)
		}
	}()
	return g
}

// insist displaces, and asks again who does not answer, as long as that is worth it.
func insist(ctx context.Context, sys system, s selection, doomed func([]byte) bool) (empty content) {
	silent := true
	for n := 0; n < unheard && silent; n++ {
		pause(ctx, n)
		empty, silent = displace(ctx, sys, s, doomed)
	}
	return empty
}

// displace also says whether whoever offers something there did not answer.
func displace(ctx context.Context, sys system, s selection, doomed func([]byte) bool) (empty content, silent bool) {
	empty, err := sys.displace(ctx, s, doomed)
	return empty, errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil
}

func pause(ctx context.Context, n int) {
	if n < quickly {
		return
	}
	timer := time.NewTimer(min(firstGap<<min(n-quickly, 10), longest))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// endAll ends guards and waits for that, so that nothing is displaced afterwards. The emptiness stays. All are told
// before one is waited for: each may be in the middle of a question to a program that does not answer.
func endAll(guards []*guard) {
	for _, g := range guards {
		g.stop()
	}
	for _, g := range guards {
		<-g.done
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
