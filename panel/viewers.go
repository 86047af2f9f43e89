package panel

import (
	"sync"
	"time"
)

// viewers counts the windows that show a site, by their streams of events.
type viewers struct {
	mu     sync.Mutex
	open   int
	lonely *time.Timer // runs while there is none; nil if nobody wants to know
}

// whenGone lets a function be called once no window has been there for lobbyTime.
func (v *viewers) whenGone(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lonely = time.AfterFunc(lobbyTime, f)
}

// enter counts one more, until what it returns is called.
func (v *viewers) enter() (leave func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open++
	if v.lonely != nil {
		v.lonely.Stop()
	}
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.open--; v.open == 0 && v.lonely != nil {
			v.lonely.Reset(lobbyTime)
		}
	}
}

func (v *viewers) any() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.open > 0
}
