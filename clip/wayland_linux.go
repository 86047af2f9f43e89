package clip

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"time"

	"kapu/internal/wayland"
)

// compositor is the clipboard of a Wayland compositor that lets programs without a window have it, by a data-control
// protocol: ext-data-control-v1, or wlroots' older one of the same shape. The content stays with its program.
type compositor struct{ socket string }

// dataControls are the protocols' managers, the better one first, and the newest version of each that is known here.
var dataControls = []struct {
	global          string
	newest, primary uint32 // the version from which on it has the primary selection
}{
	{"ext_data_control_manager_v1", 1, 1},
	{"zwlr_data_control_manager_v1", 2, 2},
}

// The protocols' requests and events.
const (
	managerSource, managerDevice            = 0, 1
	deviceSelect, deviceSelectOther         = 0, 2
	deviceOffers, deviceHas, deviceHasOther = 0, 1, 3 // events
	sourceOffers                            = 0
	sourceSend, sourceCancelled             = 0, 1 // events
	offerReceive, offerDestroy              = 0, 1
	offerOffers                             = 0 // event
)

// textTypes are the names by which a text is offered, the better one first.
var textTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"}

// hasDataControl says whether a compositor has one of the protocols.
func hasDataControl(socket string) bool {
	c, err := wayland.Dial(socket, writeTime)
	if err != nil {
		return false
	}
	defer c.Close()
	for _, p := range dataControls {
		if c.Has(p.global) {
			return c.Has("wl_seat")
		}
	}
	return false
}

// device is a connection with the clipboard of the first seat.
type device struct {
	*wayland.Conn
	manager, device uint32
	primary         bool
	types           map[uint32][]string  // of what is offered
	current         map[selection]uint32 // offer, 0 if there is nothing
	changes         map[selection]int
}

func (p compositor) open(limit time.Duration) (*device, error) {
	c, err := wayland.Dial(p.socket, limit)
	if err != nil {
		return nil, err
	}
	d := &device{Conn: c, types: map[uint32][]string{}, current: map[selection]uint32{}, changes: map[selection]int{}}
	if err := d.bind(); err != nil {
		c.Close()
		return nil, err
	}
	return d, nil
}

func (d *device) bind() error {
	seat, _, err := d.Bind("wl_seat", 1)
	if err != nil {
		return err
	}
	for _, p := range dataControls {
		if !d.Has(p.global) {
			continue
		}
		var version uint32
		if d.manager, version, err = d.Bind(p.global, p.newest); err != nil {
			return err
		}
		d.primary = version >= p.primary
		d.device = d.Object()
		return d.Send(d.manager, managerDevice, d.device, seat)
	}
	return errNone
}

// next takes an event in, and says which.
func (d *device) next() (wayland.Event, error) {
	e, err := d.Event()
	if err != nil || len(e.Args) < 4 {
		return e, err
	}
	offer := binary.NativeEndian.Uint32(e.Args)
	switch types, offered := d.types[e.Object]; {
	case e.Object == d.device && e.Opcode == deviceOffers:
		d.types[offer] = nil
	case e.Object == d.device && e.Opcode == deviceHas:
		d.offered(clipboardSelection, offer)
	case e.Object == d.device && e.Opcode == deviceHasOther:
		d.offered(primarySelection, offer)
	case offered && e.Opcode == offerOffers:
		if name, ok := wayland.Text(e.Args); ok {
			d.types[e.Object] = append(types, name)
		}
	}
	return e, nil
}

// offered notes what a selection has now, and lets the compositor forget what it had.
func (d *device) offered(s selection, offer uint32) {
	if old := d.current[s]; old != 0 {
		_ = d.Send(old, offerDestroy)
		delete(d.types, old)
	}
	d.current[s] = offer
	d.changes[s]++
}

// sync waits until all that was asked for before is done.
func (d *device) sync(also func(wayland.Event)) error {
	done, err := d.Sync()
	if err != nil {
		return err
	}
	for {
		e, err := d.next()
		if err != nil || e.Object == done {
			return err
		}
		also(e)
	}
}

// read is the text of a selection; nil if nobody offers anything.
func (d *device) read(s selection) ([]byte, error) {
	offer := d.current[s]
	if offer == 0 {
		return nil, nil
	}
	at := slices.IndexFunc(textTypes, func(name string) bool { return slices.Contains(d.types[offer], name) })
	if at < 0 {
		return nil, errNoText
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	err = d.SendFile(w, offer, offerReceive, wayland.Words(textTypes[at])...)
	w.Close()
	if err != nil {
		return nil, err
	}
	_ = r.SetReadDeadline(time.Now().Add(readTime))
	text, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	if err == nil && len(text) > maxRead {
		err = errNoText
	}
	return text, err
}

func (p compositor) copy(secret string) (content, error) {
	d, err := p.open(writeTime)
	if err != nil {
		return nil, err
	}
	return d.own(clipboardSelection, []byte(secret))
}

// displace reads and sets on one connection. The protocol has no time by which the compositor could tell who was first,
// so it is asked once more, when the text has been read, what is there.
func (p compositor) displace(ctx context.Context, s selection, doomed func([]byte) bool) (content, error) {
	d, err := p.open(readTime)
	if err != nil {
		return nil, err
	}
	is, err := d.holds(s, doomed)
	if err != nil || !is || ctx.Err() != nil {
		d.Close()
		return nil, err
	}
	return d.own(s, nil)
}

// holds says whether a selection has a doomed text.
func (d *device) holds(s selection, doomed func([]byte) bool) (bool, error) {
	if s == primarySelection && !d.primary {
		return false, nil
	}
	ignore := func(wayland.Event) {}
	err := d.sync(ignore)
	for err == nil {
		before := d.changes[s]
		text, readErr := d.read(s) // cut short, if it changes hands meanwhile
		if err = d.sync(ignore); err == nil && d.changes[s] == before {
			return readErr == nil && doomed(text), readErr
		}
	}
	return false, err
}
