//go:build !linux

package tray

import (
	"time"

	"fyne.io/systray"
)

// How many slots the zones have. Only submenus can grow once there is a zone below; what is spare lets rows
// come in between others without moving these.
const (
	topSlots    = 3 * mostTop
	recentSlots = 32
	middleSlots = 3 * mostMiddle
)

// zones are the surface of a system whose menu can only grow at its end: pools of slots, in three zones.
type zones struct {
	top, recent, signIn *level
	middle              branch
	foot                *level
	ears                *ears
}

func newSurface() surface {
	e := newEars()
	z := newZones(addItem, systray.AddSeparator, e.of)
	z.ears = e
	return z
}

// newZones makes the places of all zones; nothing is shown yet. listen is told of rows that can be clicked.
func newZones(add func(string) item, line func(), listen listener) *zones {
	rows := func(n int) *level {
		l := newLevel(n, rowsOf(add))
		l.listen = listen(l)
		return l
	}
	submenus := func(n int) *level { return newLevel(n, submenusOf(add, listen)) }
	z := &zones{}
	z.top = rows(topSlots)
	z.recent = rows(recentSlots)
	z.recent.stack = true
	z.signIn = submenus(mostSignIn)
	line()
	z.middle = branch{submenus(middleSlots), rows(middleSlots)}
	line()
	z.foot = rows(mostFoot)
	return z
}

// levels are those of all zones.
func (z *zones) levels() []*level {
	return []*level{z.top, z.recent, z.signIn, z.middle.submenus, z.middle.rows, z.foot}
}

func (z *zones) draw(m menu, erase bool, now time.Time) {
	if erase {
		for _, l := range z.levels() {
			l.apply(nil, now)
			l.blank()
		}
	}
	z.middle.submenus.apply(m.folders, now)
	z.middle.rows.apply(m.rest, now)
	z.top.apply(m.top, now)
	z.recent.apply(m.recent, now)
	z.signIn.apply(m.signIn, now)
	z.foot.apply(m.foot, now)
}

func (z *zones) clicks() <-chan click { return z.ears.clicks }

func (z *zones) present() error { return nil } // systray has done it

func (z *zones) close() { z.ears.close() }
