package clip

import (
	"context"
	"io"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// readPicture asks X11 by itself: the clipboard's library takes a picture of more than some hundred kilobytes for
// none, because it comes in pieces (INCR in the ICCCM).
func readPicture(ctx context.Context) ([]byte, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return libraryPicture(ctx)
	}
	xgb.Logger.SetOutput(io.Discard)
	c, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)() // which ends a call that waits
	r := requestor{Conn: c}
	if r.window, err = xproto.NewWindowId(c); err != nil {
		return nil, err
	}
	root := xproto.Setup(c).DefaultScreen(c)
	xproto.CreateWindow(c, 0, r.window, root.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, root.RootVisual,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
	var selection, target, incr xproto.Atom
	for name, atom := range map[string]*xproto.Atom{
		"CLIPBOARD": &selection, "image/png": &target, "INCR": &incr, "KAPU_PICTURE": &r.property,
	} {
		reply, err := xproto.InternAtom(c, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, err
		}
		*atom = reply.Atom
	}
	owner, err := xproto.GetSelectionOwner(c, selection).Reply()
	if err != nil || owner.Owner == xproto.WindowNone {
		return nil, err
	}
	xproto.ConvertSelection(c, r.window, selection, target, r.property, xproto.TimeCurrentTime)
	refused := false
	if err := r.wait(func(e xgb.Event) bool {
		n, ok := e.(xproto.SelectionNotifyEvent)
		refused = ok && n.Property == xproto.AtomNone
		return ok
	}); err != nil || refused {
		return nil, err
	}
	data, kind, err := r.take()
	if err != nil || kind != incr {
		return data, err
	}
	for data = nil; ; { // taking the announcement away asks for the first piece, and so on
		if err := r.wait(func(e xgb.Event) bool {
			p, ok := e.(xproto.PropertyNotifyEvent)
			return ok && p.Atom == r.property && p.State == xproto.PropertyNewValue
		}); err != nil {
			return nil, err
		}
		piece, _, err := r.take()
		if err != nil || len(piece) == 0 {
			return data, err
		}
		if data = append(data, piece...); len(data) > maxPicture {
			return nil, errPictureBig
		}
	}
}

// requestor is a window that is handed the clipboard's content in a property.
type requestor struct {
	*xgb.Conn
	window   xproto.Window
	property xproto.Atom
}

// wait waits for an event of a kind.
func (r requestor) wait(wanted func(xgb.Event) bool) error {
	for {
		event, err := r.WaitForEvent()
		switch {
		case event == nil && err == nil:
			return io.ErrUnexpectedEOF
		case event == nil:
			return err
		case wanted(event):
			return nil
		}
	}
}

// take reads the property and removes it.
func (r requestor) take() ([]byte, xproto.Atom, error) {
	reply, err := xproto.GetProperty(r.Conn, true, r.window, r.property, xproto.GetPropertyTypeAny, 0, maxPicture/4).Reply()
	if err != nil {
		return nil, 0, err
	}
	if reply.BytesAfter > 0 {
		return nil, 0, errPictureBig
	}
	return reply.Value, reply.Type, nil
}
