package clip

import (
	"os"
	"sync/atomic"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/xserver"
	"kapu/lang"
)

const errNotOwner = lang.Cause("cause-clipboard-taken")

// x11 is the clipboard of an X server, where there is no place for a content: it stays with the program that owns
// the clipboard, and whoever pastes asks that program.
type x11 struct{}

// owner is this program as the owner of a selection (ICCCM), with one content, on a connection of its own. After copy,
// one goroutine does everything: it reads events in the order in which they happened, so it knows at each moment
// whether the selection is ours.
type owner struct {
	*xserver.Conn
	atoms     map[string]uint32
	selection selection
	window    uint32
	since     uint32 // the server's time
	text      []byte

	clearing     atomic.Bool
	cleared      chan bool     // whether it was ours
	announced    chan struct{} // closed when xrdp has asked what there is to be taken to the other end
	clearedHeard chan struct{} // xrdp has asked about the emptiness
	gone         chan struct{} // closed when the clipboard is another program's

	paste *paste
}

func (x11) copy(secret string) (content, error) {
	x, err := xserver.Dial(os.Getenv, writeTime)
	if err != nil {
		return nil, err
	}
	o := newOwner(x, clipboardSelection, []byte(secret))
	if err := o.begin(); err != nil {
		o.close() // the server forgets the window, and with it the content
		return nil, err
	}
	go o.serve()
	return o, nil
}

func newOwner(x *xserver.Conn, s selection, text []byte) *owner {
	return &owner{
		Conn: x, selection: s, text: text,
		cleared: make(chan bool, 1), clearedHeard: make(chan struct{}, 1),
		announced: make(chan struct{}), gone: make(chan struct{}), paste: newPaste(),
	}
}

// begin makes the clipboard ours. Who asks meanwhile is answered by serve.
func (o *owner) begin() error {
	err := o.prepare()
	if err == nil {
		err = o.fetchTime()
	}
	if err != nil {
		return err
	}
	if !o.acquire() {
		return errNotOwner
	}
	return o.SetDeadline(time.Time{})
}

func (o *owner) prepare() error {
	if err := o.internAtoms(); err != nil {
		return err
	}
	const (
		changeWindowAttributes = 2
		eventMask              = 1 << 11
		propertyChange         = 1 << 22
	)
	o.window = o.IDs.Next()
	_ = o.Send(wire.CreateWindow(o.window, o.Root))
	return o.Send(xserver.Request(changeWindowAttributes, 0, o.window, eventMask, propertyChange))
}

// fetchTime makes the server's time now that as of which the selection is to be ours.
func (o *owner) fetchTime() error {
	if err := o.askTime(); err != nil {
		return err
	}
	for {
		e, err := o.Event()
		if err != nil {
			return err
		}
		if since, ok := o.time(e); ok {
			o.since = since
			return nil
		}
	}
}

// close makes the server forget us, and wipes the secret from memory.
func (o *owner) close() {
	o.Close()
	clear(o.text)
	close(o.gone)
}

// acquire makes the selection ours as of a time, and says whether it is. The server ignores it if another program has
// acquired it since then.
func (o *owner) acquire() bool {
	_ = o.Send(wire.SetSelectionOwner(o.window, o.atoms[string(o.selection)], o.since))
	return o.isOwner()
}

func (o *owner) isOwner() bool {
	p, err := o.Ask(wire.GetSelectionOwner(o.atoms[string(o.selection)]))
	return err == nil && p.SelectionOwner() == o.window
}

// askTime asks for the server's time: the protocol has no other way than to change something and be told when.
func (o *owner) askTime() error {
	return o.Send(wire.ChangeProperty(o.window, o.atoms["TIMESTAMP"], wire.AtomATOM, 32, nil))
}

// time takes the time out of the answer.
func (o *owner) time(e wire.Packet) (uint32, bool) {
	const propertyNotify = 28
	if e.Raw[0] != propertyNotify {
		return 0, false
	}
	return le.Uint32(e.Raw[12:]), true
}

// serve answers until the clipboard is another program's, or the server is gone.
func (o *owner) serve() {
	defer o.close()
	for {
		e, err := o.Event()
		if err != nil {
			return
		}
		// What another program made up has a bit more than what the server says.
		switch e.Raw[0] {
		case wire.EventSelectionClear:
			// Within one millisecond the clipboard may have been lost, and owned anew since.
			if !o.isOwner() {
				return
			}
		case wire.EventSelectionRequest:
			o.answer(e.SelectionRequest())
		default:
			if since, ok := o.time(e); ok && o.clearing.CompareAndSwap(true, false) {
				clear(o.text)
				o.since, o.text = since, nil
				o.cleared <- o.acquire()
			}
		}
	}
}

// clear asks for the time, no more: the answer reaches serve after the news of all that happened before it. Owning
// the clipboard anew, as of that time, is what a remote desktop's other end hears of.
func (o *owner) clear() bool {
	o.clearing.Store(true)
	_ = o.askTime() // an error ends the connection, and so serve
	timer := time.NewTimer(writeTime)
	defer timer.Stop()
	select {
	case was := <-o.cleared:
		if was && isClosed(o.announced) {
			o.wait(o.clearedHeard) // the caller is not to end the process before: the other end would keep the secret
		}
		return was
	case <-o.gone:
		return false
	case <-timer.C: // serve does it when the server comes back
		return true
	}
}

// crosses waits for xrdp, which asks by itself what there is whenever the clipboard changes. Where its client, or the
// server's settings, have no clipboard it never does.
func (o *owner) crosses() bool {
	if os.Getenv("XRDP_SESSION") == "" {
		return true
	}
	o.wait(o.announced)
	return isClosed(o.announced)
}

// xrdpTime is how long xrdp may take to ask. It takes some 2 ms; the person who has just disconnected has nobody
// there to ask, and the caller may be about to end the process that holds the keys.
const xrdpTime = 400 * time.Millisecond

func (o *owner) wait(news <-chan struct{}) {
	timer := time.NewTimer(xrdpTime)
	defer timer.Stop()
	select {
	case <-news:
	case <-o.gone:
	case <-timer.C:
	}
}

func (o *owner) lost() <-chan struct{} { return o.gone }
