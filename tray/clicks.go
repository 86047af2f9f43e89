package tray

import (
	"reflect"
	"time"
)

// click is a click on a slot. What the slot means is known only to the goroutine that owns the menu.
type click struct {
	level *level
	slot  int
	at    time.Time
}

// ears hear the clicks. A row's channel has no buffer and drops what nobody waits for, so somebody always waits:
// one goroutine for each level, not one for each row, which at 2,000 clients would take more memory than the
// whole menu.
type ears struct {
	clicks chan click
	done   <-chan struct{}
}

func newEars(done <-chan struct{}) *ears {
	return &ears{clicks: make(chan click, 16), done: done}
}

// of returns what a level tells of its new slots. The goroutine begins with the first of them.
func (e *ears) of(l *level) func([]item) {
	var more chan []item
	return func(items []item) {
		if more == nil {
			more = make(chan []item)
			go e.listen(l, more)
		}
		select {
		case more <- items:
		case <-e.done:
		}
	}
}

func (e *ears) listen(l *level, more <-chan []item) {
	const done, news, rows = 0, 1, 2
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(e.done)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(more)},
	}
	for {
		switch n, items, _ := reflect.Select(cases); n {
		case done:
			return
		case news:
			for _, it := range items.Interface().([]item) {
				cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(it.Clicks())})
			}
		default:
			select {
			case e.clicks <- click{l, n - rows, time.Now()}:
			default: // the owner is far behind; a person's next click is not
			}
		}
	}
}
