// Package clip is the clipboard for secrets: it copies one so that clipboard managers do not keep it, and clears it
// again.
//
//	clip.go             Clipboard, over one of the backends below
//	doomed.go           what is still to be cleared, known again whoever offers it
//	guard.go            emptiness that stays empty; sweep.go the process that sees to it when the agent has ended
//	x11_linux.go        the X selection, owned by this program; answer_linux.go its protocol (ICCCM, and xrdp's ways)
//	displace_linux.go   emptiness in the place of a text of another program's
//	paste_linux.go      whether the one who asks is the window in front, which pastes
//	wayland_linux.go    the selection of a Wayland compositor with a data-control protocol, owned by this program
//	find_linux.go       which of the two a session has
//	library.go          Windows and macOS by a library; library_*.go what they have of their own, marks_*.go what tells
//	                    managers that it is a secret
//	picture.go          the picture on the clipboard, for its QR code
//
// Its promise: what is copied is exactly the text, marked as a secret for every program that keeps a history; it is
// cleared by what it is, whoever offers it, and never what was copied instead of it; emptiness takes its place, so that
// a remote desktop's other end forgets it too; and a clipboard that hangs never hangs the caller.
package clip

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"kapu/lang"
)

// writeTime is how long the desktop may take to accept a text. Normally it takes under a millisecond; a frozen
// owner of the clipboard can hold it up for seconds.
const writeTime = 2 * time.Second

// readTime is how long a program may take to say what it has on the clipboard. It takes some milliseconds, or a way
// over the network and back where that is another machine's.
const readTime = time.Second

// maxRead is the longest text that is looked at, in bytes. What is longer is none of ours.
const maxRead = 4096

// errNoText is what displace meets where something is there that is no text, or a long one.
var errNoText = errors.New("the clipboard holds no text, or a long one")

const errSlow = lang.Cause("cause-desktop-slow")

// Clipboard is the clipboard of this process's desktop session. It is safe for concurrent use.
type Clipboard struct {
	system system
	mu     sync.Mutex
	ours   content // nil if nothing of ours is there
	doomed Doomed
	guards []*guard // of the emptiness, once it was cleared
}

// selection is one of the desktop's clipboards.
type selection string

// What is copied and pasted by commands, and what is selected with the mouse, into which managers copy the other.
const (
	clipboardSelection selection = "CLIPBOARD"
	primarySelection   selection = "PRIMARY"
)

// system is a clipboard backend.
type system interface {
	// copy puts a secret there, within writeTime.
	copy(secret string) (content, error)
	// displace puts emptiness in the place of a doomed text, whoever offers it, within readTime, and returns it; nil if
	// another text is there, or nothing at all that doomed, which is then asked about nil, wants replaced. What is
	// copied meanwhile stays.
	displace(ctx context.Context, s selection, doomed func(text []byte) bool) (content, error)
}

// content is a handle of what was put on the clipboard.
type content interface {
	// crosses says whether the other end of a remote desktop has been told of it, within xrdpTime; yes where there is
	// no other end, or nobody can know.
	crosses() bool
	// pasted is closed once the program in front has taken the text; nil where nobody can know.
	pasted() <-chan struct{}
	// lost is closed when something else is there; nil where the system keeps the content.
	lost() <-chan struct{}
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
	if c.ours == nil {
		c.doomed = Doomed{} // what was there before has been cleared
	}
	endAll(c.guards) // what is copied now may be the same text
	c.guards = nil
	ours, err := c.system.copy(secret)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errSlow
	}
	if err != nil {
		return lang.E("clipboard-failed", "Reason", err)
	}
	c.ours, c.doomed = ours, c.doomed.with(secret)
	return nil
}

// Doomed is what is still to be cleared, or kept away: nothing once it was cleared and something else was copied. What
// a person copies then is theirs, though it may be the same text.
func (c *Clipboard) Doomed() Doomed {
	c.mu.Lock()
	defer c.mu.Unlock()
	guarded := slices.ContainsFunc(c.guards, func(g *guard) bool { return !isClosed(g.done) })
	if c.ours == nil && !guarded {
		return Doomed{}
	}
	return c.doomed
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

// Clear is a compare-and-clear: it empties the clipboard if what Copy put there is still on it, whoever offers it by
// now, and says whether it was. From then on it sees to it that the text does not come back. It is idempotent.
func (c *Clipboard) Clear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ours == nil {
		return false
	}
	first := c.ours
	if !c.ours.clear() {
		first = nil
	}
	c.ours = nil
	for _, s := range []selection{clipboardSelection, primarySelection} {
		c.guards = append(c.guards, keepEmpty(c.system, s, first, c.doomed.has, c.doomed.has))
		first = nil
	}
	was := false
	for _, g := range c.guards {
		was = <-g.began || was
	}
	return was
}
