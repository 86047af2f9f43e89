//go:build !linux

package tray

import (
	"reflect"
	"time"
)

// slotClick is a click on a slot. Only the owner of the menu knows what the slot means.
type slotClick struct {
	level *level
	slot  int
	at    time.Time
}

func (c slotClick) meaning() (key, bool) {
	s := &c.level.slots[c.slot]
	if !s.used || !s.shown || (s.row.client() && c.at.Sub(s.changed) < strangeTime) {
		return key{}, false
	}
	return s.row, true
}

// source is an item with the number of its slot.
type source struct {
	slot int
	item item
}

// ears multiplex the click channels of all rows into one. A row's channel has no buffer and drops what nobody waits
// for, so somebody always waits: one goroutine with a select for each level, not one for each row, which at 2,000
// clients would take more memory than the whole menu.
type ears struct {
	clicks chan click
	done   chan struct{}
}

func newEars() *ears {
	return &ears{clicks: make(chan click, 16), done: make(chan struct{})}
}

// close lets nobody listen any more.
func (e *ears) close() { close(e.done) }

// of returns what a level tells of its newly used slots. The goroutine begins with the first of them.
func (e *ears) of(l *level) func([]source) {
	var more chan []source
	return func(slots []source) {
		if more == nil {
			more = make(chan []source)
			go e.listen(l, more)
		}
		select {
		case more <- slots:
		case <-e.done:
		}
	}
}

func (e *ears) listen(l *level, more <-chan []source) {
	const done, news, rows = 0, 1, 2 // where they are among the cases
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(e.done)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(more)},
	}
	var slots []int
	for {
		switch n, fresh, open := reflect.Select(cases); {
		case n == done, !open: // a row's channel is closed with the menu
			return
		case n == news:
			for _, s := range fresh.Interface().([]source) {
				cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(s.item.Clicks())})
				slots = append(slots, s.slot)
			}
		default:
			select {
			case e.clicks <- slotClick{l, slots[n-rows], time.Now()}:
			default: // the owner is far behind; a person's next click is not
			}
		}
	}
}
