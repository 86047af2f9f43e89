//go:build linux

package tray

import (
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/lang"
	"kapu/tray/dbusmenu"
)

// Where systray says that icon and menu are.
const (
	iconPath = "/StatusNotifierItem"
	menuPath = iconPath + "/menu"
)

// served is the surface of a desktop whose panels read the menu over the bus: whole, so that no row needs a place in
// advance, and each time anew, so that what is not drawn is nowhere.
type served struct {
	menu  *dbusmenu.Server
	heard chan click
}

func newSurface() surface {
	s := &served{heard: make(chan click, 16)}
	s.menu = dbusmenu.New(func(c dbusmenu.Click) { s.hear(rowClick(c)) }, func(was, is any) bool {
		return keyOf(was).client() && keyOf(is).client() && keyOf(was).id != keyOf(is).id
	})
	return s
}

// zoned is the key of a row in the whole menu, where a client may stand in several parts.
type zoned struct {
	zone, part int
	key
}

func (s *served) draw(m menu, _ bool, now time.Time) {
	var rows []dbusmenu.Row
	for zone, of := range [][][]row{{m.top, m.recent, m.signIn}, {m.folders, m.rest}, {m.foot}} {
		if zone > 0 {
			rows = append(rows, dbusmenu.Row{Key: zone, Line: true})
		}
		for part, some := range of {
			for i := range some {
				if r := &some[i]; !r.hidden {
					rows = append(rows, rowOf(r, zoned{zone, part, r.key}))
				}
			}
		}
	}
	s.menu.Show(rows, now)
}

// rowOf is a row with those below it.
func rowOf(r *row, k any) dbusmenu.Row {
	out := dbusmenu.Row{Key: k, Label: r.label, Disabled: r.verb == nothing}
	if r.verb == open {
		out.Rows = make([]dbusmenu.Row, len(r.rows))
		for i := range r.rows {
			out.Rows[i] = rowOf(&r.rows[i], r.rows[i].key)
		}
	}
	return out
}

func (s *served) clicks() <-chan click { return s.heard }

// present takes the place of the empty menu that systray serves, on the connection that it shares, and of its icon,
// which does not answer clicks: some panels send them though the icon says that it is a menu.
func (s *served) present() error {
	bus, err := dbus.SessionBus()
	if err != nil {
		return lang.E("tray-no-bus", "Reason", err)
	}
	err = s.menu.Serve(bus, menuPath)
	if err == nil {
		err = onPanel.serve(bus, func(v verb) { s.hear(iconClick(v)) })
	}
	if err != nil {
		return lang.E("tray-no-bus", "Reason", err)
	}
	return nil
}

// hear passes a click on to the owner of the menu.
func (s *served) hear(c click) {
	select {
	case s.heard <- c:
	default: // the owner is far behind; a person's next click is not
	}
}

// iconClick is a click on the icon.
type iconClick verb

func (c iconClick) meaning() (key, bool) { return key{verb: verb(c)}, true }

func (s *served) close() {}

// rowClick is a click on a row of the menu on the bus.
type rowClick dbusmenu.Click

func (c rowClick) meaning() (key, bool) { return keyOf(c.Key), c.At.Sub(c.Placed) >= strangeTime }

// keyOf is the key of a row by that which the served menu has it under; that of a line is of a row that says nothing.
func keyOf(served any) key {
	switch k := served.(type) {
	case key:
		return k
	case zoned:
		return k.key
	}
	return key{}
}
