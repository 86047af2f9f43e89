//go:build linux

package dbusmenu

import (
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// reader is a program that reads the menu, by its name on the bus.
type reader struct {
	name string
	read map[int32]uint32 // by the number of a submenu, the revision in which its rows were given to it

	// piecemeal is set of libdbusmenu, the library of GTK panels. It takes the properties of rows by requests of their
	// own, many at once, and loses a row for good if they come before those of the submenu that it is in. Replies leave
	// here in any order. So it is told of a submenu's rows only once it has that submenu.
	piecemeal bool
	has       map[int32]bool // submenus whose properties it was given
	kept      bool           // rows were kept back

	// It also forgets a signal that it gets while it waits for an answer of before: it is reminded until it has read.
	told, seen uint32      // revisions: that of the last signal to it, and that which it read
	telling    *time.Timer // until it is told, or reminded
}

// libdbusmenu are the properties that it asks for along with the layout, by which it is known.
var libdbusmenu = []string{"type", "label", "visible", "enabled", "children-display", "accessible-desc"}

// mostReaders is how many are remembered: a panel is one, and who has gone is not told of.
const mostReaders = 8

// reader is that of a name. s.mu is held.
func (s *Server) reader(name string) *reader {
	i := slices.IndexFunc(s.readers, func(r *reader) bool { return r.name == name })
	r := &reader{name: name, read: map[int32]uint32{}, has: map[int32]bool{}}
	if i >= 0 {
		r = s.readers[i]
		s.readers = slices.Delete(s.readers, i, i+1)
	} else if len(s.readers) == mostReaders {
		s.readers = slices.Delete(s.readers, 0, 1)
	}
	s.readers = append(s.readers, r)
	return r
}

// layout is a row with what is below it, as this reader is to see it.
func (r *reader) layout(n *node, depth int32, w wanted) layout {
	l := layout{n.number, n.properties(w), []dbus.Variant{}}
	if depth == 0 || !n.branch {
		return l
	}
	if r.piecemeal && n.number != 0 && !r.has[n.number] {
		r.kept = true
		return l
	}
	r.read[n.number] = n.revision
	l.Children = make([]dbus.Variant, len(n.below))
	for i, b := range n.below {
		l.Children[i] = dbus.MakeVariant(r.layout(b, depth-1, w))
	}
	return l
}

// got notes that the reader is given a row's properties.
func (r *reader) got(n *node) {
	if n.branch {
		r.has[n.number] = true
	}
}

func (r *reader) forget(number int32) {
	delete(r.read, number)
	delete(r.has, number)
}

// Pauses before a reader is told again.
const (
	// settleTime is what the last of libdbusmenu's requests for properties may be behind the one before.
	settleTime = 10 * time.Millisecond
	// firstReminder is what a reader may take to read what has changed. Each further reminder takes twice as long as the
	// one before, up to lastReminder; who has not read by then does not.
	firstReminder = 100 * time.Millisecond
	lastReminder  = 10 * time.Second
)

// tellRest tells a reader that there are more rows, once it has what it needs to take them. s.mu is held.
func (s *Server) tellRest(r *reader) {
	if r.kept {
		s.tellAfter(settleTime, r)
	}
}

// watch reminds those who might not have heard that the menu has changed. s.mu is held.
func (s *Server) watch() {
	for _, r := range s.readers {
		if r.piecemeal {
			r.told = s.revision
			s.tellAfter(firstReminder, r)
		}
	}
}

// announceAfter tells everybody of the menu after a pause, and again, until somebody has read it: a panel that was just
// reading what was there before may have forgotten the first signal. s.mu is held.
func (s *Server) announceAfter(pause time.Duration) {
	time.AfterFunc(pause, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.readers) > 0 {
			return
		}
		s.revision++
		s.emit("LayoutUpdated", s.revision, int32(0))
		if 2*pause <= lastReminder {
			s.announceAfter(2 * pause)
		}
	})
}

// tellAfter tells a reader after a pause of what it has not read, and again until it has. s.mu is held.
func (s *Server) tellAfter(pause time.Duration, r *reader) {
	if r.telling != nil {
		r.telling.Stop()
	}
	r.telling = time.AfterFunc(pause, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !r.kept && r.seen >= r.told {
			return
		}
		r.kept = false
		s.revision++ // it reads nothing that is not newer
		r.told = s.revision
		s.tell(r, s.root)
		if next := max(2*pause, firstReminder); next <= lastReminder {
			s.tellAfter(next, r)
		}
	})
}

// tellBelow tells a reader that has not read some submenus of a menu to do that, when it is about to show this one.
// Plasma and LXQt open a submenu as they have it, and read it afterwards: it would stand beyond the edge of the screen.
// s.mu is held.
func (s *Server) tellBelow(r *reader, n *node) {
	for _, b := range n.below {
		if b.branch && r.read[b.number] < b.revision && !r.piecemeal {
			s.tell(r, b)
		}
	}
}

// tell sends one reader the signal that what is below a row has changed. s.mu is held.
func (s *Server) tell(r *reader, n *node) {
	if s.conn == nil {
		return
	}
	body := []any{s.revision, n.number}
	s.conn.Send(&dbus.Message{
		Type: dbus.TypeSignal,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(s.path),
			dbus.FieldInterface:   dbus.MakeVariant(api),
			dbus.FieldMember:      dbus.MakeVariant("LayoutUpdated"),
			dbus.FieldDestination: dbus.MakeVariant(r.name),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
		},
		Body: body,
	}, nil)
}
