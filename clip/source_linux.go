package clip

import (
	"sync"
	"time"

	"kapu/internal/wayland"
)

// source is this program as the owner of a selection of a Wayland compositor, with one content. As with X11, one
// goroutine reads the events in their order, so it knows at each moment whether the selection is ours.
type source struct {
	*device
	selection selection
	id        uint32
	before    uint32 // the source that was replaced, which may still be asked
	text      []byte
	gone      chan struct{}

	mu      sync.Mutex
	answer  uint32 // object whose event says that all before clear has been heard
	cleared chan bool
}

// own makes a selection ours, within the connection's deadline.
func (d *device) own(s selection, text []byte) (content, error) {
	o := &source{device: d, selection: s, text: text, gone: make(chan struct{}), cleared: make(chan bool, 1)}
	err := o.take()
	if err == nil {
		err = d.sync(func(e wayland.Event) { o.handle(e) }) // whoever asks at once is answered
	}
	if err == nil {
		err = d.SetDeadline(time.Time{})
	}
	if err != nil {
		o.close()
		return nil, err
	}
	go o.serve()
	return o, nil
}

// take offers the content anew, under all names of a text and with the mark of a secret.
func (o *source) take() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.before, o.id = o.id, o.Object()
	err := o.Send(o.manager, managerSource, o.id)
	for _, name := range append(markNames(), textTypes...) {
		if err == nil {
			err = o.Send(o.id, sourceOffers, wayland.Words(name)...)
		}
	}
	if err != nil {
		return err
	}
	request := uint16(deviceSelect)
	if o.selection == primarySelection {
		request = deviceSelectOther
	}
	return o.Send(o.device.device, request, o.id)
}

func (o *source) serve() {
	defer o.close()
	for {
		e, err := o.next()
		if err != nil || !o.handle(e) {
			return
		}
	}
}

// handle answers an event, and says whether the selection is still ours.
func (o *source) handle(e wayland.Event) bool {
	o.mu.Lock()
	asked := o.answer != 0 && e.Object == o.answer
	o.mu.Unlock()
	switch {
	case asked:
		clear(o.text)
		o.text = nil
		o.cleared <- o.take() == nil
	case e.Object == o.id && e.Opcode == sourceCancelled:
		return false
	case (e.Object == o.id || e.Object == o.before && o.before != 0) && e.Opcode == sourceSend:
		o.give(e) // a file that nobody took would be given to whoever asks next, and theirs to nobody
	}
	return true
}

// give writes the content to whoever wants to paste, or to know whether it is a secret.
func (o *source) give(e wayland.Event) {
	f := o.File()
	if f == nil {
		return
	}
	defer f.Close()
	name, _ := wayland.Text(e.Args)
	data := markValue(name)
	if data == nil {
		data = o.text
	}
	_ = f.SetWriteDeadline(time.Now().Add(writeTime)) // a text is shorter than what a pipe holds
	_, _ = f.Write(data)
}

func (o *source) close() {
	o.Close()
	clear(o.text)
	close(o.gone)
}

// clear asks for an answer, no more: it reaches serve after the news of all that happened before it.
func (o *source) clear() bool {
	o.mu.Lock()
	answer, err := o.Sync()
	o.answer = answer
	o.mu.Unlock()
	timer := time.NewTimer(writeTime)
	defer timer.Stop()
	if err != nil {
		return false
	}
	select {
	case was := <-o.cleared:
		return was
	case <-o.gone:
		return false
	case <-timer.C: // serve does it when the compositor comes back
		return true
	}
}

func (o *source) crosses() bool { return true }

// pasted: a compositor does not say who reads the clipboard (docs/decisions/user-name-then-code.md).
func (o *source) pasted() <-chan struct{} { return nil }

func (o *source) lost() <-chan struct{} { return o.gone }
