package keeper

import (
	"context"
	"slices"
	"sync"
	"time"

	"kapu/agent"
	"kapu/clip"
	"kapu/config"
	"kapu/lang"
)

// copier is the clipboard's state: the board itself, and which codes of the current TOTP windows were copied. At most
// one copy waits, for a fresh code or for a user name to be pasted; a newer one supersedes it.
type copier struct {
	opening sync.Once
	board   board
	err     error // why there is no clipboard
	// bequeath leaves the clipboard to the sweeper at the end, and says whether it keeps it empty.
	bequeath func() bool

	mu        sync.Mutex
	used      map[string]time.Time // account → end of the window whose code was copied last
	supersede func()               // cancels the copy that is still waiting
	timer     *time.Timer          // clears the clipboard
	groups    []int                // of the client of whom something was copied last
	signingIn string               // id of the client whose user name is there and whose code is to follow; "" if none
}

// board is the system clipboard, a clip.Clipboard.
type board interface {
	Copy(secret string) error
	Crosses() bool
	Pasted() <-chan struct{}
	Clear() bool
}

// open finds the clipboard, once: a session has it from the start or never.
func (c *copier) open() {
	c.opening.Do(func() {
		b, err := clip.Open()
		if c.err = err; err == nil {
			swept := newSweptBoard(b)
			c.board, c.bequeath = swept, swept.bequeath
		}
	})
}

func (c *copier) clear() bool {
	c.open()
	return c.board != nil && c.board.Clear()
}

// clearOf clears the clipboard if it has the code or the user name of a client of this group.
func (c *copier) clearOf(group int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.groups, group) {
		c.groups = nil
		c.board.Clear()
	}
}

// newest cancels the copy that is still waiting, and lets the next one cancel this: the newest click counts. A copy
// that waits for its window must not replace, seconds later, what was copied for another client meanwhile.
func (c *copier) newest(ctx context.Context, client agent.Client) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	superseded := lang.E("copy-superseded", "Client", client.Label())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.supersede != nil {
		c.supersede()
	}
	c.supersede, c.signingIn = func() { cancel(superseded) }, ""
	return ctx, func() { cancel(nil) }
}

// put puts the digits on the clipboard and says how far they came. Where they may be shown instead, it is no error that
// there is no clipboard.
func (c *copier) put(digits, show string) (agent.Reach, error) {
	err := c.err
	if err == nil {
		err = c.board.Copy(digits)
	}
	switch {
	case err == nil && (show == config.ShowNever || c.board.Crosses()):
		return "", nil
	case err == nil:
		return agent.OnlyHere, nil
	case show == config.ShowNever:
		return "", err
	default:
		return agent.Nowhere, nil
	}
}

// clearIn clears the clipboard after a time, unless a newer copy comes, with a time of its own.
func (c *copier) clearIn(d time.Duration) {
	if c.timer != nil {
		c.timer.Stop()
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.timer == timer { // else the newer one came in this very moment
			c.board.Clear()
		}
	})
	c.timer = timer
}
