// Package clip puts a secret on the clipboard so that histories do not keep it, and takes it off again.
//
// Its promise: what is copied is exactly the text, marked as a secret for every program that keeps a history;
// it is cleared only while it is still ours, by putting emptiness in its place, so that a remote desktop's other end
// forgets it too; and a clipboard that hangs never hangs the caller.
package clip

import (
	"errors"
	"os"
	"sync"
	"time"

	"kapu/lang"
)

// writeTime is the timeout for handing a text to the desktop. Normally that takes under a millisecond; a frozen owner
// of the clipboard can hold it up for seconds.
const writeTime = 2 * time.Second

var errSlow = errors.New("the desktop does not answer")

// Clipboard is a handle to the clipboard of this process's desktop session. Safe for concurrent use.
type Clipboard struct {
	system system
	mu     sync.Mutex
	ours   content // nil if nothing of ours is there
}

// system is the driver interface to a desktop's clipboard.
type system interface {
	// copy puts a secret there, within writeTime.
	copy(secret string) (content, error)
}

// content is a handle to one selection of ours: what was put on the clipboard, as long as nobody has replaced it.
type content interface {
	// crosses says whether the other end of a remote desktop has been told of it, within xrdpTime; yes where there is
	// no other end, or nobody can know.
	crosses() bool
	// clear puts emptiness in its place if it is still there, within writeTime, and says whether it was.
	clear() bool
}

// Open selects the driver of this desktop. The error is a sentence for the person.
func Open() (*Clipboard, error) {
	s, err := find()
	if err != nil {
		return nil, lang.E("clipboard-none") // the libraries' own words are advice for programmers
	}
	return &Clipboard{system: s}, nil
}

// Copy puts a secret on the clipboard, marked for histories to leave out. It takes at most writeTime.
func (c *Clipboard) Copy(secret string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours, err := c.system.copy(secret)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errSlow
	}
	if err != nil {
		return lang.E("clipboard-failed", "Reason", err)
	}
	c.ours = ours
	return nil
}

// Crosses is whether what Copy put there can also be pasted on the machine in front of the person: false in a remote
// desktop without clipboard redirection. Where nobody can know, it is true.
func (c *Clipboard) Crosses() bool {
	c.mu.Lock()
	ours := c.ours
	c.mu.Unlock() // a lock that comes meanwhile is not to wait
	return ours == nil || ours.crosses()
}

// Clear is a compare-and-clear: it empties the clipboard only if what Copy put there is still on it, and says whether
// it was. Idempotent.
func (c *Clipboard) Clear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ours == nil {
		return false
	}
	was := c.ours.clear()
	c.ours = nil
	return was
}
