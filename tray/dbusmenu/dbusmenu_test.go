//go:build linux

package dbusmenu

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

const testPath = dbus.ObjectPath("/menu")

// shown is a menu on a private bus, with the clicks on it.
type shown struct {
	*Server
	t      *testing.T
	d      *desktop.Desktop
	name   string
	clicks chan Click
}

func show(t *testing.T, rows ...Row) *shown {
	t.Helper()
	s := &shown{t: t, d: desktoptest.Start(t, desktop.Options{}), clicks: make(chan Click, 10)}
	s.Server = New(func(c Click) { s.clicks <- c }, func(was, is any) bool { return was != "folder" })
	s.Show(rows, time.Now())
	bus := s.connect()
	s.name = bus.Names()[0]
	if err := s.Serve(bus, testPath); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shown) connect() *dbus.Conn {
	s.t.Helper()
	bus, err := s.d.Connect()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { bus.Close() })
	return bus
}

// panel is a program that reads the menu, on a connection of its own.
type panel struct {
	t       *testing.T
	menu    dbus.BusObject
	signals chan *dbus.Signal
}

func (s *shown) panel() *panel {
	s.t.Helper()
	bus := s.connect()
	p := &panel{s.t, bus.Object(s.name, testPath), make(chan *dbus.Signal, 1000)}
	if err := bus.AddMatchSignal(dbus.WithMatchInterface(api)); err != nil {
		s.t.Fatal(err)
	}
	bus.Signal(p.signals)
	return p
}

func (p *panel) call(method string, args ...any) *dbus.Call {
	return p.menu.Call(api+"."+method, 0, args...)
}

func (p *panel) layout(number, depth int32, names ...string) (uint32, layout) {
	p.t.Helper()
	var revision uint32
	var l layout
	if err := p.call("GetLayout", number, depth, append([]string{}, names...)).Store(&revision, &l); err != nil {
		p.t.Fatal(err)
	}
	return revision, l
}

// outline writes a layout as lines: number, label, and what else is not usual.
func outline(t *testing.T, l layout) string {
	t.Helper()
	var b strings.Builder
	var write func(l layout, indent string)
	write = func(l layout, indent string) {
		for _, c := range l.Children {
			var below layout
			if err := dbus.Store([]any{c.Value()}, &below); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(&b, indent, below.Number)
			for _, name := range []string{"label", "type", "enabled", "children-display"} {
				if v, ok := below.Properties[name]; ok {
					fmt.Fprint(&b, " ", v.Value())
				}
			}
			b.WriteByte('\n')
			write(below, indent+"  ")
		}
	}
	write(l, "")
	return b.String()
}

func (p *panel) whole() string {
	p.t.Helper()
	_, l := p.layout(0, -1)
	return outline(p.t, l)
}

// heard are the signals since it was asked last; a question after them has been answered by then.
func (p *panel) heard() (list []string) {
	p.t.Helper()
	p.layout(0, 0)
	for {
		select {
		case s := <-p.signals:
			name := strings.TrimPrefix(s.Name, api+".")
			if name == "LayoutUpdated" {
				name += fmt.Sprint(" ", s.Body[1])
			} else {
				name += fmt.Sprint(" ", s.Body[0])
			}
			list = append(list, name)
		default:
			return list
		}
	}
}

func leaf(key string) Row { return Row{Key: key, Label: key} }

func branch(key string, rows ...Row) Row {
	return Row{Key: key, Label: key, Rows: append([]Row{}, rows...)}
}

var sample = []Row{
	{Key: "said", Label: "A_b", Disabled: true},
	branch("folder", leaf("a"), leaf("b"), branch("deep", leaf("c"))),
	{Key: "line", Line: true},
	leaf("quit"),
}

func TestLayout(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	const want = "1 A__b false\n2 folder submenu\n  3 a\n  4 b\n  5 deep submenu\n    6 c\n7 separator\n8 quit\n"
	if got := p.whole(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for _, tt := range []struct {
		number, depth int32
		names         []string
		want          string
	}{
		{0, 0, nil, ""},
		{0, 1, nil, "1 A__b false\n2 folder submenu\n7 separator\n8 quit\n"},
		{2, -1, nil, "3 a\n4 b\n5 deep submenu\n  6 c\n"},
		{2, 1, []string{"label"}, "3 a\n4 b\n5 deep\n"},
		{8, -1, nil, ""},
		{0, 1, []string{"visible", "toggle-type"}, "1\n2\n7\n8\n"},
		{0, -7, []string{"label"}, "1 A__b\n2 folder\n  3 a\n  4 b\n  5 deep\n    6 c\n7\n8 quit\n"},
	} {
		if _, l := p.layout(tt.number, tt.depth, tt.names...); outline(t, l) != tt.want || l.Number != tt.number {
			t.Errorf("%d to %d of %v: %d\n%s", tt.number, tt.depth, tt.names, l.Number, outline(t, l))
		}
	}
	for name, want := range map[string]any{
		"Version": uint32(3), "TextDirection": "ltr", "Status": "normal", "IconThemePath": []string{},
	} {
		if v, err := p.menu.GetProperty(api + "." + name); err != nil || fmt.Sprint(v.Value()) != fmt.Sprint(want) {
			t.Errorf("%s is %v, %v", name, v, err)
		}
	}
	for _, tt := range []struct {
		number int32
		name   string
		want   any
	}{{1, "label", "A__b"}, {1, "enabled", false}, {8, "enabled", true}, {7, "type", "separator"}, {8, "visible", true}} {
		var v dbus.Variant
		if err := p.call("GetProperty", tt.number, tt.name).Store(&v); err != nil || v.Value() != tt.want {
			t.Errorf("%s of %d: %v, %v", tt.name, tt.number, v, err)
		}
	}
}

// Panels that ask for what is not there, or far too much, get an error or less; the menu goes on.
func TestBadQuestions(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	for method, args := range map[string][]any{
		"GetLayout":   {int32(99), int32(-1), []string{}},
		"GetProperty": {int32(8), "no-such"},
		"Event":       {int32(-5), "clicked", dbus.MakeVariant(0), uint32(0)},
		"AboutToShow": {int32(1 << 30)},
		"NoSuch":      {},
	} {
		if err := p.call(method, args...).Err; !errors.As(err, &dbus.Error{}) {
			t.Errorf("%s: %v", method, err)
		}
	}
	many := make([]int32, 100_000)
	for i := range many {
		many[i] = int32(i%20) - 5
	}
	var list []numbered
	if err := p.call("GetGroupProperties", many, []string{}).Store(&list); err != nil || len(list) != 9 {
		t.Errorf("%d rows, %v", len(list), err)
	}
	if err := p.call("GetGroupProperties", []int32{}, slices.Repeat([]string{"label"}, 100_000)).Store(&list); err != nil || len(list) != 9 {
		t.Errorf("all: %d rows, %v", len(list), err)
	}
	var stale, gone []int32
	if err := p.call("AboutToShowGroup", []int32{2, 77}).Store(&stale, &gone); err != nil || !slices.Equal(gone, []int32{77}) {
		t.Errorf("stale %v, gone %v, %v", stale, gone, err)
	}
	p.call("GetLayout", int32(0), int32(-1), []string{}).Err = nil
	if got := p.whole(); !strings.HasSuffix(got, "8 quit\n") {
		t.Errorf("then it is\n%s", got)
	}
}

// A click comes with the key of the row; on a line, a submenu, what only says something, or a row that is gone there is
// none. A row that takes another's place says since when.
func TestClicks(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	click := func(number int32) *Click {
		t.Helper()
		_ = p.call("Event", number, "clicked", dbus.MakeVariant(""), uint32(0)).Err
		select {
		case c := <-s.clicks:
			return &c
		default:
			return nil
		}
	}
	for number, want := range map[int32]any{3: "a", 6: "c", 8: "quit"} {
		if c := click(number); c == nil || c.Key != want || !c.Placed.IsZero() || c.At.IsZero() {
			t.Errorf("%d: %+v", number, c)
		}
	}
	for _, number := range []int32{0, 1, 2, 5, 7, 99} {
		if c := click(number); c != nil {
			t.Errorf("%d: %+v", number, c)
		}
	}
	_ = p.call("Event", int32(8), "hovered", dbus.MakeVariant(""), uint32(0)).Err
	if len(s.clicks) != 0 {
		t.Error("hovering is taken for a click")
	}
	now := time.Now()
	s.Show([]Row{sample[0], branch("folder", leaf("b"), leaf("new")), sample[2], sample[3]}, now)
	if c := click(3); c != nil {
		t.Errorf("a row that is gone: %+v", c)
	}
	if c := click(4); c == nil || c.Key != "b" || !c.Placed.Equal(now) {
		t.Errorf("a row that has moved up: %+v", c)
	}
	if c := click(8); c == nil || !c.Placed.IsZero() {
		t.Errorf("one that has not: %+v", c)
	}
	s.Show([]Row{sample[0], branch("folder", leaf("a"), leaf("new")), sample[2], sample[3]}, now)
	if c := click(3); c != nil {
		t.Errorf("who comes back has a new number: %+v", c)
	}
	s.Show([]Row{sample[0], sample[3]}, now)
	if c := click(8); c == nil || !c.Placed.IsZero() {
		t.Errorf("one that nobody mistakes for what stood there: %+v", c)
	}
	var gone []int32
	events := []event{{8, "clicked", dbus.MakeVariant(0), 0}, {77, "clicked", dbus.MakeVariant(0), 0}}
	if err := p.call("EventGroup", events).Store(&gone); err != nil || !slices.Equal(gone, []int32{77}) || len(s.clicks) != 1 {
		t.Errorf("a group: %v, %v, %d clicks", gone, err, len(s.clicks))
	}
}

// What changes is told in one signal for labels and one for the structure; nothing is nothing.
func TestSignals(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	p.heard()
	for _, tt := range []struct {
		name string
		rows []Row
		want []string
	}{
		{"nothing", sample, nil},
		{
			"two labels",
			[]Row{{Key: "said", Label: "x", Disabled: true}, sample[1], sample[2], {Key: "quit", Label: "y"}},
			[]string{`ItemsPropertiesUpdated [[1 map[label:"x"]] [8 map[label:"y"]]]`},
		},
		{
			"can be clicked",
			[]Row{{Key: "said", Label: "x"}, sample[1], sample[2], {Key: "quit", Label: "y"}},
			[]string{`ItemsPropertiesUpdated [[1 map[enabled:true]]]`},
		},
		{"back", sample, []string{`ItemsPropertiesUpdated [[1 map[enabled:false label:"A__b"]] [8 map[label:"quit"]]]`}},
		{
			"one more in a submenu",
			[]Row{sample[0], branch("folder", leaf("a"), leaf("aa"), leaf("b"), branch("deep", leaf("c"))), sample[2], sample[3]},
			[]string{"LayoutUpdated 2"},
		},
		{
			"another order, and in two places",
			[]Row{sample[0], sample[2], branch("folder", leaf("b"), leaf("a"), branch("deep", leaf("c"))), sample[3]},
			[]string{"LayoutUpdated 0"},
		},
		{"all gone", nil, []string{"LayoutUpdated 0"}},
	} {
		s.Show(tt.rows, time.Now())
		if got := p.heard(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if got := p.whole(); got != "" {
		t.Errorf("in the end it is\n%s", got)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.nodes); n != 1 {
		t.Errorf("%d rows are remembered", n)
	}
}

// A panel that reads a level at a time is told of submenus that it has not read when their menu is about to be shown,
// and is told the truth of what it has.
func TestAboutToShow(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	about := func(number int32) (stale bool) {
		t.Helper()
		if err := p.call("AboutToShow", number).Store(&stale); err != nil {
			t.Fatal(err)
		}
		return stale
	}
	p.layout(0, 1)
	p.heard()
	if about(0) {
		t.Error("what was just read is stale")
	}
	if got := p.heard(); !slices.Equal(got, []string{"LayoutUpdated 2"}) {
		t.Errorf("told of %q", got)
	}
	if !about(2) {
		t.Error("what was never read is not stale")
	}
	p.layout(2, 1)
	if about(2) {
		t.Error("read, and stale")
	}
	if got := p.heard(); !slices.Equal(got, []string{"LayoutUpdated 5", "LayoutUpdated 5"}) {
		t.Errorf("told of %q", got)
	}
	s.Show([]Row{branch("folder", leaf("b"))}, time.Now())
	if !about(2) || !about(0) {
		t.Error("changed, and not stale")
	}
	other := s.panel()
	other.whole()
	other.heard()
	about(0)
	if got := other.heard(); len(got) != 0 {
		t.Errorf("another panel was told of %q", got)
	}
}

// libdbusmenu loses rows whose properties come before those of their submenu: it gets a submenu's rows only once it has
// asked for that submenu's properties, level by level, and in the end all of them.
func TestPiecemealReader(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	has := map[int32]bool{0: true}
	last, seen := uint32(0), ""
	for range 10 {
		revision, l := p.layout(0, -1, libdbusmenu...)
		if revision <= last {
			t.Fatalf("it is at revision %d again: nothing would be read", revision)
		}
		last = revision
		var asks []int32
		var check func(l layout)
		check = func(l layout) {
			if len(l.Children) > 0 && !has[l.Number] {
				t.Errorf("rows of %d, which it does not have", l.Number)
			}
			for _, c := range l.Children {
				var below layout
				if err := dbus.Store([]any{c.Value()}, &below); err != nil {
					t.Fatal(err)
				}
				asks = append(asks, below.Number)
				check(below)
			}
		}
		check(l)
		p.heard()
		for part := range slices.Chunk(asks, 2) { // in several requests, in any order
			var list []numbered
			if err := p.call("GetGroupProperties", part, []string{}).Store(&list); err != nil || len(list) != len(part) {
				t.Fatal(list, err)
			}
		}
		for _, number := range asks {
			has[number] = true
		}
		if seen = outline(t, l); strings.Contains(seen, " c\n") {
			break
		}
		wait.Until(t, "word that there is more", func() bool { return slices.Contains(p.heard(), "LayoutUpdated 0") })
	}
	if got := s.panel().whole(); seen != got {
		t.Errorf("it has\n%s, the menu is\n%s", seen, got)
	}
}

// libdbusmenu forgets what it is told while it waits for an answer of before: it is told again until it reads, and then
// no more. Who reads in another way is told once.
func TestReminders(t *testing.T) {
	s := show(t, sample...)
	deaf, other := s.panel(), s.panel()
	deaf.layout(0, -1, libdbusmenu...)
	other.whole()
	s.Show([]Row{leaf("quit")}, time.Now())
	told := 0
	wait.Until(t, "two reminders", func() bool {
		deaf.call("GetProperty", int32(0), "label") // all signals before the answer have come
		for len(deaf.signals) > 0 {
			<-deaf.signals
			told++
		}
		return told >= 3
	})
	deaf.layout(0, -1, libdbusmenu...)
	s.mu.Lock()
	if r := s.readers[len(s.readers)-1]; !r.piecemeal || r.seen < r.told {
		t.Errorf("it is reminded still: %+v", r)
	}
	s.mu.Unlock()
	if got := other.heard(); !slices.Equal(got, []string{"LayoutUpdated 0"}) {
		t.Errorf("the other was told of %q", got)
	}
}

// A panel that was still reading what another served here has not heard of the menu: it is told again.
func TestAnnouncedUntilRead(t *testing.T) {
	s := show(t, sample...)
	p := s.panel()
	wait.For(t, "word of the menu", p.signals)
	if got := p.whole(); !strings.HasSuffix(got, "8 quit\n") {
		t.Errorf("it is\n%s", got)
	}
}

// Many panels come and go; who is forgotten reads all the same.
func TestManyReaders(t *testing.T) {
	s := show(t, sample...)
	first := s.panel()
	want := first.whole()
	for range 2 * mostReaders {
		s.panel().whole()
	}
	s.mu.Lock()
	if len(s.readers) != mostReaders {
		t.Errorf("%d are remembered", len(s.readers))
	}
	s.mu.Unlock()
	if got := first.whole(); got != want {
		t.Errorf("got\n%s", got)
	}
}

// Whatever menus follow each other, a panel reads the last one, and a number never means two rows.
func TestAnySequence(t *testing.T) {
	s := show(t)
	p := s.panel()
	meant := map[int32]any{}
	r := rand.New(rand.NewPCG(1, 2))
	var rows func(depth int) []Row
	rows = func(depth int) []Row {
		list := []Row{}
		for _, n := range r.Perm(8)[:r.IntN(8)] {
			row := leaf(fmt.Sprint(n))
			if n < 3 && depth > 0 {
				row.Rows = rows(depth - 1)
			}
			if r.IntN(5) == 0 {
				row.Label += "x"
			}
			list = append(list, row)
		}
		return list
	}
	for range 200 {
		next := rows(3)
		s.Show(next, time.Now())
		_, l := p.layout(0, -1)
		var same func(path string, want []Row, got layout)
		same = func(path string, want []Row, got layout) {
			if len(want) != len(got.Children) {
				t.Fatalf("%s: %d rows, want %d", path, len(got.Children), len(want))
			}
			for i, c := range got.Children {
				var below layout
				if err := dbus.Store([]any{c.Value()}, &below); err != nil {
					t.Fatal(err)
				}
				at := path + "/" + want[i].Key.(string)
				if label := below.Properties["label"].Value(); label != want[i].Label {
					t.Fatalf("%s is %v", at, label)
				}
				if was := meant[below.Number]; was != nil && was != at {
					t.Fatalf("%d was %s and is %s", below.Number, was, at)
				}
				meant[below.Number] = at
				same(at, want[i].Rows, below)
			}
		}
		same("", next, l)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.nodes) > 200 {
		t.Errorf("%d rows are remembered", len(s.nodes))
	}
}

// GNOME's extension undoes the first mark only.
func TestEscape(t *testing.T) {
	undone := func(label string) string { // what that extension does
		for i := 0; i+1 < len(label); i++ {
			if label[i] == '_' && label[i+1] != '_' {
				return label[:i] + label[i+1:]
			}
		}
		return label
	}
	for _, label := range []string{"", "_", "a_b", "a_b_c_d", "a__b", "_a", "a_", "__", "a__", "a_ű_", "___b_c"} {
		if got := undone(escapeFirst(label)); got != label {
			t.Errorf("%q is shown as %q", label, got)
		}
	}
	for desktop, want := range map[string]string{
		"GNOME": "a__b_c", "ubuntu:GNOME": "a__b_c",
		"Budgie:GNOME": "a__b__c", "GNOME-Flashback:GNOME": "a__b__c", "XFCE": "a__b__c", "": "a__b__c",
	} {
		t.Setenv("XDG_CURRENT_DESKTOP", desktop)
		if got := escape("a_b_c"); got != want {
			t.Errorf("on %q it is %q", desktop, got)
		}
	}
}
