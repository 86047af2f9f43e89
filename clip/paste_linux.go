package clip

import (
	"sync"
	"time"
)

// paste is the detection of a paste. X has no such event: a selection is only ever asked for, and clipboard managers,
// remote desktops and virtual machines ask as well. They do so without the person; who pastes has the keyboard. So a
// paste is that the program of the focused window has taken the text, and then rests.
type paste struct {
	done chan struct{}
	once sync.Once
	rest *time.Timer
}

// restTime is how long a program may take between two questions of one paste: some ask for several forms of the text,
// or twice for one.
const restTime = 300 * time.Millisecond

func newPaste() *paste { return &paste{done: make(chan struct{})} }

// seen notes that the program in front has taken the text. Only serve calls it.
func (p *paste) seen() {
	if p.rest != nil {
		p.rest.Stop()
	}
	p.rest = time.AfterFunc(restTime, func() { p.once.Do(func() { close(p.done) }) })
}

// inFront says whether a window is of the program that has the keyboard. Where no window has it nobody is in front.
func (o *owner) inFront(window uint32) bool {
	const pointerRoot = 1
	focus, err := o.Focus() // an error of the connection is serve's to find
	return err == nil && focus > pointerRoot && len(o.text) > 0 && o.SameClient(focus, window)
}

func (o *owner) pasted() <-chan struct{} { return o.paste.done }
