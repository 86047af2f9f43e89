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
	r, err := newRequestor(c)
	if err != nil {
		return nil, err
	}
	if converted, err := r.convert(); err != nil || !converted {
		return nil, err
	}
	data, kind, err := r.readProperty()
	if err != nil || kind != r.incr {
		return data, err
	}
	return r.readPieces()
}

// requestor is a window that is handed the clipboard's content in a property.
type requestor struct {
	*xgb.Conn
	window   xproto.Window
	property xproto.Atom

	selection, target, incr xproto.Atom
}

func newRequestor(c *xgb.Conn) (requestor, error) {
	r := requestor{Conn: c}
	var err error
	if r.window, err = xproto.NewWindowId(c); err != nil {
		return r, err
	}
	root := xproto.Setup(c).DefaultScreen(c)
	xproto.CreateWindow(c, 0, r.window, root.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, root.RootVisual,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
	for name, atom := range map[string]*xproto.Atom{
		"CLIPBOARD": &r.selection, "image/png": &r.target, "INCR": &r.incr, "KAPU_PICTURE": &r.property,
	} {
		reply, err := xproto.InternAtom(c, false, uint16(len(name)), name).Reply()
		if err != nil {
			return r, err
		}
		*atom = reply.Atom
	}
	return r, nil
}

// convert asks the owner for the picture, and says whether there is one.
func (r requestor) convert() (bool, error) {
	owner, err := xproto.GetSelectionOwner(r.Conn, r.selection).Reply()
	if err != nil || owner.Owner == xproto.WindowNone {
		return false, err
	}
	xproto.ConvertSelection(r.Conn, r.window, r.selection, r.target, r.property, xproto.TimeCurrentTime)
	refused := false
	err = r.wait(func(e xgb.Event) bool {
		n, ok := e.(xproto.SelectionNotifyEvent)
		refused = ok && n.Property == xproto.AtomNone
		return ok
	})
	return err == nil && !refused, err
}

// readPieces reads an incremental transfer (INCR): that the announcement has been deleted asks for the first piece, and
// so on; an empty one is the end.
func (r requestor) readPieces() (data []byte, err error) {
	for {
		if err := r.wait(func(e xgb.Event) bool {
			p, ok := e.(xproto.PropertyNotifyEvent)
			return ok && p.Atom == r.property && p.State == xproto.PropertyNewValue
		}); err != nil {
			return nil, err
		}
		piece, _, err := r.readProperty()
		if err != nil || len(piece) == 0 {
			return data, err
		}
		if data = append(data, piece...); len(data) > maxPicture {
			return nil, errPictureBig
		}
	}
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

// readProperty reads the property and deletes it.
func (r requestor) readProperty() ([]byte, xproto.Atom, error) {
	const words = maxPicture / 4
	reply, err := xproto.GetProperty(r.Conn, true, r.window, r.property, xproto.GetPropertyTypeAny, 0, words).Reply()
	if err != nil {
		return nil, 0, err
	}
	if reply.BytesAfter > 0 {
		return nil, 0, errPictureBig
	}
	return reply.Value, reply.Type, nil
}
