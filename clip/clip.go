// Package clip is the clipboard for secrets: it copies one so that clipboard managers do not keep it, and clears it
// again.
//
//	clip.go         Clipboard, over one of two backends
//	x11_linux.go    the X selection, owned by this program; answer_linux.go its protocol (ICCCM, and xrdp's ways)
//	paste_linux.go  whether the one who asks is the window in front, which pastes
//	keep_linux.go   an empty selection in the place of a program that has ended
//	library.go      Windows, macOS and Wayland by a library; marks_*.go what tells managers that it is a secret
//	picture.go      the picture on the clipboard, for its QR code
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

// writeTime is how long the desktop may take to accept a text. Normally it takes under a millisecond; a frozen
// owner of the clipboard can hold it up for seconds.
const writeTime = 2 * time.Second

const errSlow = lang.Cause("cause-desktop-slow")

// Clipboard is the clipboard of this process's desktop session. It is safe for concurrent use.
type Clipboard struct {
	system system
	mu     sync.Mutex
	ours   content // nil if nothing of ours is there
}

// system is a clipboard backend.
type system interface {
	// copy puts a secret there, within writeTime.
	copy(secret string) (content, error)
}

// content is a handle of what was put on the clipboard.
type content interface {
	// crosses says whether the other end of a remote desktop has been told of it, within xrdpTime; yes where there is
	// no other end, or nobody can know.
	crosses() bool
	// pasted is closed once the program in front has taken the text; nil where nobody can know.
	pasted() <-chan struct{}
	// clear puts emptiness in its place if it is still there, within writeTime, and says whether it was.
	clear() bool
}

// Open finds the clipboard.
func Open() (*Clipboard, error) {
	s, err := find()
	if err != nil {
		return nil, lang.E("clipboard-none") // the libraries' own words are advice for programmers
	}
	return &Clipboard{system: s}, nil
}

// Copy puts a secret on the clipboard.
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

// Crosses says whether what Copy put there can be pasted on the machine in front of the person, too: no if this is a
// remote desktop that does not pass it on. Where nobody can know, it is yes.
func (c *Clipboard) Crosses() bool {
	c.mu.Lock()
	ours := c.ours
	c.mu.Unlock() // a lock that comes meanwhile is not to wait
	return ours == nil || ours.crosses()
}

// Pasted is closed once what Copy put there has been pasted into the window that has the keyboard. It is nil where the
// system does not let that be seen.
func (c *Clipboard) Pasted() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ours == nil {
		return nil
	}
	return c.ours.pasted()
}

// Clear is a compare-and-clear: it empties the clipboard if what Copy put there is still on it, and says whether it
// was. It is idempotent.
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
