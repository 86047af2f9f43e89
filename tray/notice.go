package tray

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// note is a message to the person, to be shown as a desktop notification.
type note struct {
	text string
	// title stands above the text, larger: a code that the person has to type. "" is the program's name.
	title string
	// until is when the note is taken back, or left to the desktop. A code is of no use when it has run out.
	until time.Time
	// plain says the same without a client's name. It is what goes to the standard error of a desktop that
	// shows no notices, because that ends up in a log file. "" if text can go there.
	plain string
	// private notes may name a client, and so may not outlive the unlocked vault.
	private bool
	problem bool
	log     bool // say it on the standard error in any case
	// button is the label of a button on the notice, and press what it does; "" if there is none.
	button string
	press  func()
}

// heading is what stands above the text.
func (n note) heading() string {
	if n.title != "" {
		return n.title
	}
	return "Kapu"
}

func (n note) withoutName() string {
	if n.plain != "" {
		return n.plain
	}
	return n.text
}

// sink is the interface to the desktop's notifications, one at a time. Its calls may block; nobody but the notices' own
// goroutine waits for them.
type sink interface {
	show(n note) error
	hide()
}

// notices is a mailbox of one with its worker: a newer note replaces one that is still pending or shown.
type notices struct {
	sink sink
	kick chan struct{}

	mu      sync.Mutex
	pending *note
	expiry  *time.Timer // of the note that was shown last
	hiding  bool
	closed  bool
	done    chan struct{}
}

func newNotices(s sink) *notices {
	n := &notices{sink: s, kick: make(chan struct{}, 1), done: make(chan struct{})}
	go n.run()
	return n
}

// show queues a note. It does not block.
func (n *notices) show(what note) {
	n.do(func() {
		n.pending = &what
		if n.expiry != nil {
			n.expiry.Stop()
			n.expiry = nil
		}
		if what.until.IsZero() {
			return
		}
		var expiry *time.Timer
		expiry = time.AfterFunc(time.Until(what.until), func() {
			n.do(func() {
				if n.expiry == expiry { // else a newer note came in this very moment
					n.hiding = true
				}
			})
		})
		n.expiry = expiry
	})
}

// hidePrivate takes back what names a client: the vault is locked.
func (n *notices) hidePrivate() {
	n.do(func() {
		n.hiding = true
		if n.pending != nil && n.pending.private {
			n.pending = nil
		}
	})
}

// close takes back what names a client, and waits until that is done; not for ever, if the desktop hangs.
func (n *notices) close() {
	n.hidePrivate()
	n.do(func() { n.closed = true })
	select {
	case <-n.done:
	case <-time.After(endTime):
	}
}

func (n *notices) do(change func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change()
	select {
	case n.kick <- struct{}{}:
	default:
	}
}

func (n *notices) run() {
	defer close(n.done)
	private := false
	for range n.kick {
		n.mu.Lock()
		next, hiding, closed := n.pending, n.hiding, n.closed
		n.pending, n.hiding = nil, false
		n.mu.Unlock()
		if hiding && private {
			n.sink.hide()
			private = false
		}
		if next != nil {
			if err := n.sink.show(*next); err != nil || next.log {
				fmt.Fprintln(os.Stderr, next.withoutName())
			}
			private = next.private
		}
		if closed {
			return
		}
	}
}
