//go:build !linux

package tray

import (
	"fmt"
	"strings"
)

// fakeItem is a row of a desktop that counts what changes cost it in signals.
type fakeItem struct {
	title            string
	hidden, disabled bool
	children         []*fakeItem
	desk             *fakeDesk
}

type fakeDesk struct {
	rows    []*fakeItem
	signals int
	changes []string // of titles of rows that were shown
}

const fakeLine = "---"

func (d *fakeDesk) add(title string) item {
	d.signals += costAdd
	it := &fakeItem{title: title, desk: d}
	d.rows = append(d.rows, it)
	return it
}

func (d *fakeDesk) line() { d.rows = append(d.rows, &fakeItem{title: fakeLine, desk: d}) }

func (i *fakeItem) SetTitle(title string) {
	i.desk.signals += costTitle
	if !i.hidden {
		i.desk.changes = append(i.desk.changes, i.title+" → "+title)
	}
	i.title = title
}

func (i *fakeItem) Show()    { i.desk.signals += costShow; i.hidden = false }
func (i *fakeItem) Hide()    { i.desk.signals += costShow; i.hidden = true }
func (i *fakeItem) Enable()  { i.desk.signals += costTitle; i.disabled = false }
func (i *fakeItem) Disable() { i.desk.signals += costTitle; i.disabled = true }

func (i *fakeItem) AddSub(title string) item {
	i.desk.signals += costAdd
	it := &fakeItem{title: title, desk: i.desk}
	i.children = append(i.children, it)
	return it
}

func (i *fakeItem) Clicks() <-chan struct{} { return nil }

// visible writes what a person sees, as outline does of a menu.
func (d *fakeDesk) visible() string {
	var b strings.Builder
	var write func(rows []*fakeItem, indent string)
	write = func(rows []*fakeItem, indent string) {
		for _, r := range rows {
			if r.hidden {
				continue
			}
			title := unescape(r.title)
			if r.disabled {
				title = "[" + title + "]"
			}
			fmt.Fprintln(&b, indent+title)
			write(r.children, indent+"  ")
		}
	}
	write(d.rows, "")
	return b.String()
}

// everything is all words that travel to the panel, seen or not.
func (d *fakeDesk) everything() string {
	var b strings.Builder
	var write func(rows []*fakeItem)
	write = func(rows []*fakeItem) {
		for _, r := range rows {
			fmt.Fprintln(&b, r.title)
			write(r.children)
		}
	}
	write(d.rows)
	return b.String()
}

// cost returns the signals since it was asked last.
func (d *fakeDesk) cost() int {
	n := d.signals
	d.signals, d.changes = 0, nil
	return n
}

func unescape(title string) string {
	return strings.ReplaceAll(strings.ReplaceAll(title, "__", "_"), "&&", "&")
}

func newFake() (*fakeDesk, *screen) {
	d := &fakeDesk{}
	s := newScreen(newZones(d.add, d.line, func(*level) func([]source) { return nil }))
	s.locked = true
	return d, s
}
