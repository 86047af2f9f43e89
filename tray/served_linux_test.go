package tray

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	bench "kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// servedMenu is a surface on a private bus, and what panels see of it.
func servedMenu(t *testing.T) (*served, dbus.BusObject) {
	t.Helper()
	bus, err := desktoptest.Start(t, bench.Options{}).Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	s := newSurface().(*served)
	if err := s.menu.Serve(bus, "/menu"); err != nil {
		t.Fatal(err)
	}
	return s, bus.Object(bus.Names()[0], "/menu")
}

// Whatever happens to the clients, panels read the menu that build has made, and no other word.
func TestServedMenuIsTheMenu(t *testing.T) {
	s, menu := servedMenu(t)
	reads := func() string {
		t.Helper()
		var revision uint32
		var root node
		err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
		if err != nil {
			t.Fatal(err)
		}
		return root.outline(t, "")
	}
	r := rand.New(rand.NewPCG(5, 6))
	folder := func(int) string { return []string{"", "Kft-k", "Bt_k", "E&v", "Zrt"}[r.IntN(5)] }
	clients := randomClients(r, 100, folder)
	var kept cuts
	for range 60 {
		switch n := len(clients); r.IntN(6) {
		case 0:
			clients = append(clients, randomClients(r, 1+r.IntN(40), folder)...)
		case 1:
			i := r.IntN(n)
			clients = slices.Delete(clients, i, min(n, i+1+r.IntN(20)))
		case 2:
			clients[r.IntN(n)].Name = randomName(r) + "_&"
		case 3:
			c := &clients[r.IntN(n)]
			c.Favourite, c.UserName = !c.Favourite, "anna"
		case 4:
			clients[r.IntN(n)].LastUsed = time.Now()
		case 5:
			clients[r.IntN(n)].Folder = folder(0)
		}
		if len(clients) == 0 {
			clients = randomClients(r, 3, folder)
		}
		st := unlocked(slices.Clone(clients)...)
		st.cuts, st.locked = kept, r.IntN(6) == 0
		m := build(st)
		kept = m.cuts
		s.draw(m, st.locked, time.Now())
		got := reads()
		if diff := cmp.Diff(outline(m), got); diff != "" {
			t.Fatalf("panels read something else (-menu +panel):\n%s", diff)
		}
		for _, c := range clients {
			if st.locked && strings.Contains(got, c.Name) {
				t.Fatalf("%q is in the locked menu", c.Name)
			}
		}
	}
}

// A client's row that stands where another client's stood does nothing for half a second; any other does at once.
func TestClickOnARowThatMoved(t *testing.T) {
	s, menuOnBus := servedMenu(t)
	clients := func(ids ...string) menu {
		m := menu{foot: []row{{key: key{verb: lock}, label: "lock"}}}
		for _, id := range ids {
			m.top = append(m.top, row{key: key{copyCode, id}, label: id})
		}
		return m
	}
	click := func(number int32) (key, bool) {
		t.Helper()
		err := menuOnBus.Call("com.canonical.dbusmenu.Event", 0, number, "clicked", dbus.MakeVariant(0), uint32(0)).Err
		if err != nil {
			t.Fatal(err)
		}
		return (<-s.heard).meaning()
	}
	now := time.Now()
	s.draw(clients("a", "b", "c"), false, now) // 1 to 3, two lines, and the lock is 6
	for number, id := range map[int32]string{1: "a", 2: "b", 3: "c"} {
		if k, ok := click(number); !ok || k.id != id {
			t.Errorf("%d: %v, %v", number, k, ok)
		}
	}
	s.draw(clients("b", "c"), false, now) // as if "a" were removed under the pointer
	for _, number := range []int32{2, 3} {
		if k, ok := click(number); ok {
			t.Errorf("%v was clicked where another stood", k)
		}
	}
	if k, ok := click(6); !ok || k.verb != lock {
		t.Errorf("the lock: %v, %v", k, ok)
	}
	s.draw(clients("c", "b"), false, now.Add(-time.Second))
	if k, ok := click(2); !ok || k.id != "b" {
		t.Errorf("a second after: %v, %v", k, ok)
	}
}

// node is a row as panels read it.
type node struct {
	Number     int32
	Properties map[string]dbus.Variant
	Below      []dbus.Variant
}

// outline writes what a person sees, as outline does of a menu.
func (n *node) outline(t *testing.T, indent string) string {
	t.Helper()
	var b strings.Builder
	for _, v := range n.Below {
		var row node
		if err := dbus.Store([]any{v.Value()}, &row); err != nil {
			t.Fatal(err)
		}
		label, _ := row.Properties["label"].Value().(string)
		label = strings.ReplaceAll(label, "__", "_")
		switch {
		case row.Properties["type"].Value() == "separator":
			label = "---"
		case row.Properties["enabled"].Value() == false:
			label = "[" + label + "]"
		}
		b.WriteString(indent + label + "\n" + row.outline(t, indent+"  "))
	}
	return b.String()
}
