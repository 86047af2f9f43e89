//go:build !linux

package tray

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/config"
)

// office is a menu on a fake desktop and the clients it shows.
type office struct {
	t       *testing.T
	desk    *fakeDesk
	screen  *screen
	clients []agent.Client
	cuts    cuts
	now     time.Time
}

func newOffice(t *testing.T, clients []agent.Client) *office {
	o := &office{t: t, clients: clients, now: time.Now()}
	o.desk, o.screen = newFake()
	o.lock()
	return o
}

// show brings the desktop to what the clients are now, and checks that it is what a person should see.
func (o *office) show(change func(*state)) {
	o.t.Helper()
	s := unlocked(slices.Clone(o.clients)...)
	s.cuts = o.cuts
	if change != nil {
		change(&s)
	}
	m := build(s)
	o.cuts = m.cuts
	o.screen.show(m, s.locked, o.now)
	if diff := cmp.Diff(outline(m), o.desk.visible()); diff != "" {
		o.t.Fatalf("the desktop shows something else (-menu +desktop):\n%s", diff)
	}
}

func (o *office) lock() {
	o.t.Helper()
	o.show(func(s *state) { s.locked, s.cuts = true, nil })
	all := o.desk.everything()
	for _, c := range o.clients {
		if strings.Contains(all, escape(c.Name)) || (c.Folder != "" && strings.Contains(all, escape(c.Folder))) {
			o.t.Fatalf("%q is in the locked menu", c.Name)
		}
	}
}

func ordinaryOffice(t *testing.T) *office {
	r := rand.New(rand.NewPCG(7, 8))
	o := newOffice(t, randomClients(r, 2000, func(i int) string { return fmt.Sprint("Mappa ", i%40) }))
	for i := range 12 {
		o.clients[10*i].Favourite = i < 4
		o.clients[10*i].LastUsed = o.now.Add(-time.Duration(i) * time.Hour)
	}
	return o
}

// One change of one client is a small change of the menu.
func TestCostOfOneChange(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, tt := range []struct {
		name   string
		usual  int // signals
		change func(*office)
	}{
		{"nothing", 0, func(*office) {}},
		{"renamed, moves within its folder", 9, func(o *office) { o.clients[r.IntN(len(o.clients))].Name = randomName(r) }},
		{"renamed, stays in its place", 3, func(o *office) { o.clients[r.IntN(len(o.clients))].Name += " v.a." }},
		{"added", 6, func(o *office) {
			o.clients = append(o.clients, randomClients(r, 1, func(int) string { return fmt.Sprint("Mappa ", r.IntN(40)) })...)
		}},
		{"removed", 6, func(o *office) { i := r.IntN(len(o.clients)); o.clients = slices.Delete(o.clients, i, i+1) }},
		{"used", 9, func(o *office) { o.clients[r.IntN(len(o.clients))].LastUsed = o.now }},
		{"made a favourite or no more", 12, func(o *office) {
			c := &o.clients[10*r.IntN(9)]
			c.Favourite = !c.Favourite
		}},
		{"moved to another folder", 9, func(o *office) { o.clients[r.IntN(len(o.clients))].Folder = fmt.Sprint("Mappa ", r.IntN(40)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := ordinaryOffice(t)
			o.show(nil)
			o.desk.cost()
			var costs []int
			for range 20 {
				o.now = o.now.Add(time.Minute)
				tt.change(o)
				o.show(nil)
				costs = append(costs, o.desk.cost())
			}
			slices.Sort(costs)
			t.Logf("median %d, 90%%: %d, worst %d signals", costs[10], costs[18], costs[19])
			if costs[10] > tt.usual {
				t.Errorf("%d signals in the usual case", costs[10])
			}
		})
	}
}

func TestLockAndUnlock(t *testing.T) {
	o := ordinaryOffice(t)
	o.desk.cost()
	o.show(nil)
	first := o.desk.cost()
	rows := strings.Count(o.desk.everything(), "\n")
	o.lock()
	lock := o.desk.cost()
	o.show(nil)
	t.Logf("2,000 clients: first unlock %d signals, lock %d, next unlock %d", first, lock, o.desk.cost())
	if again := strings.Count(o.desk.everything(), "\n"); again != rows {
		t.Errorf("the menu grew from %d to %d rows by locking and unlocking", rows, again)
	}
}

// Whatever happens to the clients, the desktop shows the menu that it should (show checks it), and a row that
// becomes another client's is known to have.
func TestAnySequenceOfMenus(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 11))
		folder := func(int) string { return []string{"", "Kft-k", "Bt_k", "E&v", "Zrt"}[r.IntN(5)] }
		o := newOffice(t, randomClients(r, r.IntN(130), folder))
		var groups []config.Group
		var f *searchResult
		for range 40 {
			o.now = o.now.Add(time.Minute)
			for range 1 + r.IntN(3) {
				n := len(o.clients)
				switch k := r.IntN(9); {
				case k == 0 || n == 0:
					o.clients = append(o.clients, randomClients(r, 1+r.IntN(40), folder)...)
				case k == 1:
					i := r.IntN(n)
					o.clients = slices.Delete(o.clients, i, min(n, i+1+r.IntN(20)))
				case k == 2:
					o.clients[r.IntN(n)].Name = randomName(r) + "_&"
				case k == 3:
					o.clients[r.IntN(n)].Name = o.clients[r.IntN(n)].Name
				case k == 4:
					c := &o.clients[r.IntN(n)]
					c.Favourite = !c.Favourite
				case k == 5:
					o.clients[r.IntN(n)].LastUsed = o.now
				case k == 6:
					o.clients[r.IntN(n)].Folder = folder(0)
				case k == 7:
					groups = []config.Group{{Folder: "Bt_k"}, {Folder: "Kiemelt", Clients: []string{o.clients[r.IntN(n)].Name}}}
				case k == 8:
					f = &searchResult{"x", []string{o.clients[r.IntN(n)].ID, o.clients[r.IntN(n)].ID}}
				}
			}
			before := o.meanings()
			if r.IntN(6) == 0 {
				f = nil
				o.lock()
				continue
			}
			o.show(func(s *state) { s.groups, s.found = groups, f })
			for place, now := range o.meanings() {
				if was := before[place]; was.client() && now.client() && was.id != now.id && !place.changed().Equal(o.now) {
					t.Fatalf("a row became another client's unnoticed")
				}
			}
		}
	}
}

// place is a slot of a screen, for comparing what it meant before and means now.
type place struct {
	level *level
	slot  int
}

func (p place) changed() time.Time { return p.level.slots[p.slot].changed }

func (o *office) meanings() map[place]key {
	all := map[place]key{}
	var walk func(l *level)
	walk = func(l *level) {
		for i, s := range l.slots {
			if s.used {
				all[place{l, i}] = s.row
			}
			if s.sub != nil {
				walk(s.sub.submenus)
				walk(s.sub.rows)
			}
		}
	}
	for _, l := range o.screen.surface.(*zones).levels() {
		walk(l)
	}
	return all
}

// A click on a row that was another client's a moment ago does nothing.
func TestClickOnAStrangeRow(t *testing.T) {
	now := time.Now()
	l := &level{slots: []slot{{item: &fakeItem{desk: &fakeDesk{}}}}}
	is := func(id string, verb verb) []row { return []row{{key: key{verb, id}, label: id}} }
	click := func(after time.Duration) bool {
		_, ok := slotClick{l, 0, now.Add(after)}.meaning()
		return ok
	}
	l.apply(is("a", copyCode), now)
	if !click(0) {
		t.Error("a new row cannot be clicked")
	}
	l.apply(is("b", copyCode), now)
	for after, want := range map[time.Duration]bool{-time.Second: false, 0: false, 499 * time.Millisecond: false, 501 * time.Millisecond: true} {
		if click(after) != want {
			t.Errorf("%v after the change: clicked is %v", after, !want)
		}
	}
	now = now.Add(time.Minute)
	l.apply(nil, now)
	if click(time.Second) {
		t.Error("a hidden row was clicked")
	}
	l.apply(is("a", copyFound), now.Add(time.Second))
	if click(time.Second + 100*time.Millisecond) {
		t.Error("a row that was another client's before it was hidden can be clicked at once")
	}
	l.apply(is("lock", lock), now)
	if !click(0) {
		t.Error("a row that hands out no code cannot be clicked at once")
	}
}

func BenchmarkMenu(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	s := unlocked(randomClients(r, 2000, func(i int) string { return fmt.Sprint("Mappa ", i%40) })...)
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			build(s)
		}
	})
	b.Run("first", func(b *testing.B) {
		m := build(s)
		for b.Loop() {
			_, screen := newFake()
			screen.show(m, false, time.Now())
		}
	})
	b.Run("rename", func(b *testing.B) {
		_, screen := newFake()
		for b.Loop() {
			s.clients[1000].Name += "x"
			if len(s.clients[1000].Name) > 100 {
				s.clients[1000].Name = "N"
			}
			m := build(s)
			s.cuts = m.cuts
			screen.show(m, false, time.Now())
		}
	})
}
