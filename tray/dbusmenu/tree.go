//go:build linux

package dbusmenu

import (
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// Row is a node of a menu as it is given to Show.
type Row struct {
	// Key is the row's identity in its submenu: in the next menu the same key is the same row. It must be comparable.
	Key      any
	Label    string // as it is to be read
	Disabled bool
	Line     bool  // a separator, which has no label
	Rows     []Row // of a submenu; nil if it is none
}

// node is a row as it stands.
type node struct {
	number   int32
	key      any
	label    string // as the protocol wants it
	disabled bool
	line     bool
	branch   bool // a submenu, or the root
	placed   time.Time
	below    []*node
	revision uint32 // of the menu in which what is below was last another; 0 for none
}

// defaults are the values of properties that are not sent.
var defaults = properties{
	"type": dbus.MakeVariant("standard"), "label": dbus.MakeVariant(""), "enabled": dbus.MakeVariant(true),
	"visible": dbus.MakeVariant(true), "children-display": dbus.MakeVariant(""),
}

// wanted are the names of the properties that a panel asks for; nil is all.
type wanted map[string]bool

// wantedOf leaves out what rows never have, of which a panel may name any number.
func wantedOf(names []string) wanted {
	if len(names) == 0 {
		return nil
	}
	w := wanted{}
	for _, name := range names {
		if _, known := defaults[name]; known {
			w[name] = true
		}
	}
	return w
}

func (n *node) properties(w wanted) properties {
	p := make(properties, 2)
	set := func(name string, value any) {
		if w == nil || w[name] {
			p[name] = dbus.MakeVariant(value)
		}
	}
	switch {
	case n.line:
		set("type", "separator")
		return p
	case n.number != 0:
		set("label", n.label)
	}
	if n.disabled {
		set("enabled", false)
	}
	if n.branch {
		set("children-display", "submenu")
	}
	return p
}

// numbers are those of a row and all below it.
func (n *node) numbers(list []int32) []int32 {
	list = append(list, n.number)
	for _, b := range n.below {
		list = b.numbers(list)
	}
	return list
}

// difference is the way from one menu to the next.
type difference struct {
	server     *Server
	now        time.Time
	relabelled []numbered
	moved      []*node // whose rows are others, or in another order
	parent     *node   // the one of them, or the root if there are several
}

// children brings what is below a node to these rows.
func (d *difference) children(n *node, rows []Row) {
	old := make(map[any]*node, len(n.below))
	for _, b := range n.below {
		old[b.key] = b
	}
	next := make([]*node, len(rows))
	for i := range rows {
		r := &rows[i]
		b := old[r.Key]
		if b == nil || b.line != r.Line || b.branch != (r.Rows != nil) {
			b = d.fresh(r)
		} else {
			delete(old, r.Key)
			d.update(b, r)
		}
		if i < len(n.below) && n.below[i].key != r.Key && d.server.mistakable(n.below[i].key, r.Key) {
			b.placed = d.now
		}
		next[i] = b
	}
	for _, b := range old {
		d.forget(b)
	}
	if !slices.Equal(n.below, next) {
		d.moved = append(d.moved, n)
		if d.parent == nil {
			d.parent = n
		} else {
			d.parent = d.server.root
		}
	}
	n.below = next
}

// update changes what a row shows, and what is below it.
func (d *difference) update(n *node, r *Row) {
	changed := properties{}
	if label := escape(r.Label); n.label != label {
		n.label = label
		changed["label"] = dbus.MakeVariant(label)
	}
	if n.disabled != r.Disabled {
		n.disabled = r.Disabled
		changed["enabled"] = dbus.MakeVariant(!r.Disabled)
	}
	if len(changed) > 0 {
		d.relabelled = append(d.relabelled, numbered{n.number, changed})
	}
	if n.branch {
		d.children(n, r.Rows)
	}
}

// fresh makes a row that was not there, and all below it. It has a number that none ever had.
func (d *difference) fresh(r *Row) *node {
	s := d.server
	s.last++
	n := &node{
		number: s.last, key: r.Key, label: escape(r.Label), disabled: r.Disabled, line: r.Line, branch: r.Rows != nil,
		revision: s.revision + 1,
	}
	s.nodes[n.number] = n
	for i := range r.Rows {
		n.below = append(n.below, d.fresh(&r.Rows[i]))
	}
	return n
}

// forget removes a row and all below it: nobody can read it any more.
func (d *difference) forget(n *node) {
	for _, number := range n.numbers(nil) {
		delete(d.server.nodes, number)
		for _, r := range d.server.readers {
			r.forget(number)
		}
	}
}
