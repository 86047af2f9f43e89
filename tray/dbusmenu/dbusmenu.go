//go:build linux

// Package dbusmenu serves a menu on the session bus, as com.canonical.dbusmenu (protocol version 3): panels read it as
// a tree of rows, and tell of clicks on them.
//
// A menu is given whole, each time anew; what has changed is found out here and told in at most two signals, one for
// labels and one for the structure. A row keeps its number for as long as it stands in the same menu, and no number is
// ever given twice: a click on a row that is gone means nothing, and never another row.
//
//	dbusmenu.go  the server and what may be asked of it
//	tree.go      the rows, and the difference between two menus
//	reader.go    who reads the menu, and how far
package dbusmenu

import (
	"slices"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	api     = "com.canonical.dbusmenu"
	version = 3 // of the protocol
)

// Click is an input event: a click on a row.
type Click struct {
	Key any // of the row
	// Placed is when the row came to stand where one stood that it could be mistaken for; the zero time if none did.
	Placed time.Time
	At     time.Time
}

// Server is a menu on the bus. It must be made with New.
type Server struct {
	clicked    func(Click)
	mistakable func(was, is any) bool

	mu       sync.Mutex
	conn     *dbus.Conn // nil until Serve
	path     dbus.ObjectPath
	root     *node
	nodes    map[int32]*node // by number
	last     int32           // number that was given
	revision uint32
	readers  []*reader // the last to ask comes last
}

// New makes an empty menu that nobody can read yet. clicked is called from goroutines of the server's. mistakable says
// of the keys of two rows that a person who aims at the one would do wrong by a click on the other.
func New(clicked func(Click), mistakable func(was, is any) bool) *Server {
	root := &node{branch: true}
	return &Server{clicked: clicked, mistakable: mistakable, root: root, nodes: map[int32]*node{0: root}, revision: 1}
}

// Serve puts the menu on a path of the bus, in the place of whatever served one there.
func (s *Server) Serve(conn *dbus.Conn, path dbus.ObjectPath) error {
	err := conn.ExportMethodTable(map[string]any{
		"GetLayout": s.getLayout, "GetGroupProperties": s.getGroupProperties, "GetProperty": s.getProperty,
		"Event": s.event, "EventGroup": s.eventGroup,
		"AboutToShow": s.aboutToShow, "AboutToShowGroup": s.aboutToShowGroup,
	}, path, api)
	if err == nil {
		_, err = prop.Export(conn, path, prop.Map{api: {
			"Version":       {Value: uint32(version)},
			"TextDirection": {Value: "ltr"},
			"Status":        {Value: "normal"},
			"IconThemePath": {Value: []string{}},
		}})
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.path = conn, path
	s.revision++
	s.emit("LayoutUpdated", s.revision, int32(0)) // to whoever has read what was there before
	s.announceAfter(firstReminder)
	return nil
}

// Show brings the menu to these rows. It tells panels of what has changed, and of nothing if nothing has.
func (s *Server) Show(rows []Row, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &difference{server: s, now: now}
	d.children(s.root, rows)
	if len(d.relabelled) > 0 {
		s.emit("ItemsPropertiesUpdated", d.relabelled, []removed{})
	}
	if d.parent != nil {
		s.revision++
		for _, n := range d.moved {
			n.revision = s.revision
		}
		s.emit("LayoutUpdated", s.revision, d.parent.number)
		s.watch()
	}
}

// emit sends a signal to all. A bus that is gone is heard of elsewhere. s.mu is held.
func (s *Server) emit(signal string, values ...any) {
	if s.conn != nil {
		_ = s.conn.Emit(s.path, api+"."+signal, values...)
	}
}

// removed are properties that a row no longer has; rows here lose none.
type removed struct {
	Number int32
	Names  []string
}

// properties are those of a row, without what is as the specification has it by default.
type properties map[string]dbus.Variant

// numbered are the properties of the row of a number.
type numbered struct {
	Number     int32
	Properties properties
}

// layout is a row with those below it, each a variant of another layout.
type layout struct {
	Number     int32
	Properties properties
	Children   []dbus.Variant
}

// errGone is the answer to who asks for a row that is not there, or no longer.
func errGone() *dbus.Error {
	return dbus.NewError(api+".Error.UnknownId", []any{"no row has this number"})
}

// getLayout returns a row, and what is below it to a depth: -1 is all, 0 nothing. names are the properties that are
// wanted; none is all.
func (s *Server) getLayout(sender dbus.Sender, number, depth int32, names []string) (uint32, layout, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.nodes[number]
	if n == nil {
		return 0, layout{}, errGone()
	}
	r := s.reader(string(sender))
	r.piecemeal = slices.Equal(names, libdbusmenu)
	if number == 0 {
		r.seen = s.revision
	}
	return s.revision, r.layout(n, depth, wantedOf(names)), nil
}

// getGroupProperties returns those properties of some rows; of rows that are gone, nothing.
func (s *Server) getGroupProperties(sender dbus.Sender, numbers []int32, names []string) ([]numbered, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(numbers) == 0 {
		numbers = s.root.numbers(nil)
	}
	r, w := s.reader(string(sender)), wantedOf(names)
	list := make([]numbered, 0, min(len(numbers), len(s.nodes)))
	asked := make(map[int32]bool, cap(list))
	for _, number := range numbers {
		if n := s.nodes[number]; n != nil && !asked[number] {
			asked[number] = true
			list = append(list, numbered{number, n.properties(w)})
			r.got(n)
		}
	}
	s.tellRest(r)
	return list, nil
}

func (s *Server) getProperty(number int32, name string) (dbus.Variant, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.nodes[number]
	if n == nil {
		return dbus.Variant{}, errGone()
	}
	value, ok := n.properties(nil)[name]
	if !ok {
		value, ok = defaults[name]
	}
	if !ok {
		return dbus.Variant{}, dbus.NewError(api+".Error.UnknownProperty", []any{"a row has no such property"})
	}
	return value, nil
}

// event takes a click in; other events mean nothing here.
func (s *Server) event(number int32, what string, _ dbus.Variant, _ uint32) *dbus.Error {
	s.mu.Lock()
	n := s.nodes[number]
	if n == nil {
		s.mu.Unlock()
		return errGone()
	}
	c := Click{n.key, n.placed, time.Now()}
	clicked := what == "clicked" && !n.branch && !n.disabled && !n.line
	s.mu.Unlock()
	if clicked {
		s.clicked(c)
	}
	return nil
}

// An event of a group.
type event struct {
	Number int32
	What   string
	Data   dbus.Variant
	At     uint32
}

func (s *Server) eventGroup(events []event) (gone []int32, _ *dbus.Error) {
	gone = []int32{}
	for _, e := range events {
		if s.event(e.Number, e.What, e.Data, e.At) != nil {
			gone = append(gone, e.Number)
		}
	}
	return gone, nil
}

// aboutToShow says whether a submenu is not as this panel has read it.
func (s *Server) aboutToShow(sender dbus.Sender, number int32) (bool, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.nodes[number]
	if n == nil {
		return false, errGone()
	}
	r := s.reader(string(sender))
	s.tellBelow(r, n)
	return r.read[number] < n.revision, nil
}

func (s *Server) aboutToShowGroup(sender dbus.Sender, numbers []int32) (stale, gone []int32, _ *dbus.Error) {
	stale, gone = []int32{}, []int32{}
	for _, number := range numbers {
		switch is, err := s.aboutToShow(sender, number); {
		case err != nil:
			gone = append(gone, number)
		case is:
			stale = append(stale, number)
		}
	}
	return stale, gone, nil
}
