// Package clip puts a secret on the clipboard so that histories do not keep it, and takes it off again.
//
// Its promise: what is copied is exactly the text, marked as a secret for every program that keeps a history;
// it is cleared only while it is still ours, by writing emptiness over it, so that a remote desktop's other end
// forgets it too; and a clipboard that hangs never hangs the caller.
package clip

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"golang.design/x/clipboard"

	"kapu/lang"
)

// writeTime is how long the desktop may take to accept a text. Normally it takes under a millisecond; a frozen
// owner of the clipboard can hold it up for seconds.
const writeTime = 2 * time.Second

// Clipboard is the clipboard of this process's desktop session.
type Clipboard struct {
	mu   sync.Mutex
	lost <-chan struct{} // fires when somebody else has copied something; nil if nothing of ours is there
}

// Open finds the clipboard.
func Open() (*Clipboard, error) {
	if err := clipboard.Init(); err != nil {
		return nil, lang.E("clipboard-none") // the library's own words are advice for programmers
	}
	return &Clipboard{}, nil
}

// Copy puts a secret on the clipboard.
func (c *Clipboard) Copy(secret string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost, err := write(append(marks(), clipboard.Item{Format: clipboard.FmtText, Bytes: []byte(secret)}))
	if err != nil {
		return err
	}
	c.lost = lost
	return nil
}

// Clear empties the clipboard if what Copy put there is still on it, and says whether it was.
func (c *Clipboard) Clear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost == nil {
		return false
	}
	ours := true
	select {
	case <-c.lost:
		ours = false
	default:
	}
	c.lost = nil
	if ours {
		_, _ = write([]clipboard.Item{{Format: clipboard.FmtText}})
	}
	return ours
}

// write hands the items to the desktop with a time limit. A write that ends later than that was reported as
// failed, so it is undone.
func write(items []clipboard.Item) (<-chan struct{}, error) {
	type result struct {
		lost <-chan struct{}
		err  error
	}
	options := make([]clipboard.Option, len(items))
	for i, it := range items {
		options[i] = it
	}
	ctx := context.Background() // cancelling would not take the text back
	done := make(chan result, 1)
	late := make(chan struct{})
	go func() {
		lost, err := clipboard.WriteAll(ctx, options...)
		if err == nil && os.Getenv("XRDP_SESSION") != "" {
			// The library may miss the question that xrdp asks the moment the clipboard changes; measured, once in
			// ten. The other end of the remote desktop then keeps what it had, so it is told twice.
			time.Sleep(tellAgain)
			lost, err = clipboard.WriteAll(ctx, options...)
		}
		select {
		case <-late:
			if err == nil {
				_, _ = clipboard.Write(ctx, clipboard.FmtText, nil)
			}
		default:
			done <- result{lost, err}
		}
	}()
	timer := time.NewTimer(writeTime)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, lang.E("clipboard-failed", "Reason", r.err)
		}
		return r.lost, nil
	case <-timer.C:
		close(late)
		return nil, lang.E("clipboard-failed", "Reason", errSlow)
	}
}

// tellAgain is the time between the two; xrdp asks within a millisecond.
const tellAgain = 20 * time.Millisecond

var errSlow = errors.New("the desktop does not answer")
