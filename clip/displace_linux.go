package clip

import (
	"context"
	"errors"
	"os"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/xserver"
)

// readProperty is where this program wants the answers to its own questions.
const readProperty = "KAPU_TEXT"

// displace takes a selection over, with emptiness, from whoever offers a doomed text. The server's time is learnt
// before the text is read, so that whoever copies after that is not overruled.
func (x11) displace(ctx context.Context, s selection, doomed func(text []byte) bool) (content, error) {
	x, err := xserver.Dial(os.Getenv, readTime)
	if err != nil {
		return nil, err
	}
	o := newOwner(x, s, nil)
	took, err := o.displace(ctx, doomed)
	if err != nil || !took {
		o.close()
		return nil, err
	}
	go o.serve()
	return o, nil
}

func (o *owner) displace(ctx context.Context, doomed func([]byte) bool) (took bool, err error) {
	if err := o.prepare(); err != nil {
		return false, err
	}
	for refused := 0; !took; {
		if err := o.fetchTime(); err != nil {
			return false, err
		}
		text, err := o.read()
		// Who has come to own it since then refuses to answer, because that is a question of before (ICCCM 2.2).
		if errors.Is(err, errNoText) && refused < quickly {
			refused++
			continue
		}
		if err != nil || !doomed(text) || ctx.Err() != nil {
			return false, err
		}
		took = o.acquire() // else it has changed hands since
	}
	return true, o.SetDeadline(time.Time{})
}

// read is the text of the selection; nil if nobody owns it.
func (o *owner) read() ([]byte, error) {
	p, err := o.Ask(wire.GetSelectionOwner(o.atoms[string(o.selection)]))
	if err != nil || p.SelectionOwner() == wire.None {
		return nil, err
	}
	for _, target := range []string{"UTF8_STRING", "STRING"} {
		text, err := o.convertTo(target)
		if !errors.Is(err, errNoText) {
			return text, err
		}
	}
	return nil, errNoText
}

// convertTo asks the selection's owner for its text. One that is frozen is waited for until the connection's deadline.
func (o *owner) convertTo(target string) ([]byte, error) {
	property := o.atoms[readProperty]
	_ = o.Send(wire.ConvertSelection(o.window, o.atoms[string(o.selection)], o.atoms[target], property, o.since))
	for {
		e, err := o.Event()
		if err != nil {
			return nil, err
		}
		if e.EventCode() != wire.EventSelectionNotify {
			continue
		}
		if e.SelectionNotify().Property == wire.None {
			return nil, errNoText
		}
		const anyType, bytesAfter = 0, 12
		p, err := o.Ask(wire.GetProperty(true, o.window, property, anyType, 0, maxRead/4))
		if err != nil {
			return nil, err
		}
		text := p.PropertyValue()
		if kind := le.Uint32(p.Raw[8:]); le.Uint32(p.Raw[bytesAfter:]) > 0 || kind != o.atoms["UTF8_STRING"] && kind != atomString {
			return nil, errNoText // in pieces (INCR), or something else
		}
		return append([]byte{}, text...), nil
	}
}
