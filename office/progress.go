package office

import (
	"context"
	"sync"
	"time"
)

// Progress is what a sync has still to do.
type Progress struct {
	Fetch int // objects to be fetched
	Seal  int // records to be sealed anew
}

// quietTime is how long work takes of which nobody is told.
const quietTime = time.Second

// progress counts one piece of work down, and tells how much is left of it. Its zero value tells nobody.
type progress struct {
	mu    sync.Mutex
	began time.Time
	left  int
	tell  func(left int)
}

func startProgress(left int, tell func(left int)) *progress {
	return &progress{began: time.Now(), left: left, tell: tell}
}

// step notes that one more is done.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(p.left - 1)
}

// reach notes that so many are left, after some of which nothing had to be done.
func (p *progress) reach(left int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(left)
}

func (p *progress) set(left int) {
	p.left = max(left, 0)
	if p.tell != nil && time.Since(p.began) > quietTime {
		p.tell(p.left)
	}
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
