package tray

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/lang"
)

// Syllables make names as various as Hungarian business names are.
var syllables = strings.Fields("Al Bá Csa De Er Fa Gá Hu Ing Jó Ka Lö Ma Nyá Ok Ör Pa Ró Sze Té Ud Ü Va Za Zsu kő la ri tó ven")

func randomName(r *rand.Rand) string {
	name := ""
	for range 2 + r.IntN(3) {
		name += strings.ToLower(syllables[r.IntN(len(syllables))])
	}
	first := []rune(name)
	return strings.ToUpper(string(first[:1])) + string(first[1:]) + []string{" Kft.", " Bt.", " és Társa Zrt.", " e.v."}[r.IntN(4)]
}

func randomClients(r *rand.Rand, n int, folder func(i int) string) []agent.Client {
	clients := make([]agent.Client, n)
	for i := range clients {
		clients[i] = agent.Client{ID: fmt.Sprintf("%016x", r.Uint64()), Name: randomName(r), Folder: folder(i)}
	}
	return clients
}

// leaves are the rows that can be clicked below some, in order.
func leaves(rows []row) (all []row) {
	for _, r := range rows {
		if r.verb == open {
			all = append(all, leaves(r.rows)...)
		} else {
			all = append(all, r)
		}
	}
	return all
}

// checkTree checks what must hold of any menu: no menu is too long, submenus can be told apart, their titles are true,
// and every client stands there exactly once.
func checkTree(t *testing.T, s state, m menu) {
	t.Helper()
	middle := slices.Concat(m.folders, m.rest)
	if got := len(middle); got > mostMiddle+mostTop-maxRecent {
		t.Errorf("%d rows in the middle", got)
	}
	var check func(rows []row)
	check = func(rows []row) {
		titles := map[string]bool{}
		for _, r := range rows {
			if r.verb != open {
				continue
			}
			if titles[r.label] {
				t.Errorf("two submenus are called %q", r.label)
			}
			titles[r.label] = true
			if len(r.rows) == 0 || len(r.rows) > maxRows {
				t.Errorf("%q has %d rows", r.label, len(r.rows))
			}
			below := r.rows // of submenus of folders
			if !strings.HasPrefix(r.label, "Mappa") {
				below = leaves(r.rows)
			}
			from, to, ok := strings.Cut(r.label, "–")
			if ok && strings.Trim(from, "0123456789") != "" &&
				(!strings.HasPrefix(below[0].label, from) || !strings.HasPrefix(below[len(below)-1].label, to)) {
				t.Errorf("%q goes from %q to %q", r.label, below[0].label, below[len(below)-1].label)
			}
			check(r.rows)
		}
	}
	check(middle)
	seen := map[string]int{}
	for _, r := range leaves(middle) {
		seen[r.id]++
	}
	for _, c := range s.clients {
		if n := seen[c.ID]; n != 1 {
			t.Errorf("%q stands there %d times", c.Name, n)
		}
	}
}

// shape tells how many rows a tree has at each depth.
func shape(rows []row) (counts []int) {
	for len(rows) > 0 {
		counts = append(counts, len(rows))
		var below []row
		for _, r := range rows {
			below = append(below, r.rows...)
		}
		rows = below
	}
	return counts
}

func TestManyClients(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		name    string
		clients []agent.Client
		rows    int // in the middle zone
		depth   int
	}{
		{"2,000 in 40 folders", randomClients(r, 2000, func(i int) string { return fmt.Sprintf("Mappa %d", i%40) }), 10, 5},
		{"2,000 in 4 folders", randomClients(r, 2000, func(i int) string { return fmt.Sprintf("Mappa %d", i%4) }), 4, 3},
		{"300 in 6 folders", randomClients(r, 300, func(i int) string { return fmt.Sprintf("Mappa %d", i%6) }), 6, 3},
		{"1,000 in one folder", randomClients(r, 1000, func(int) string { return "Kft-k" }), 1, 4},
		{"1,800 unfiled", randomClients(r, 1800, func(int) string { return "" }), 5, 3},
		{"10,000 unfiled", randomClients(r, 10000, func(int) string { return "" }), 2, 4},
		{"26 in a folder", randomClients(r, 26, func(int) string { return "Kft-k" }), 1, 3},
		{"25 in a folder", randomClients(r, 25, func(int) string { return "Kft-k" }), 1, 2},
		{"16 unfiled", randomClients(r, 16, func(int) string { return "" }), 2, 2},
		{"15 unfiled", randomClients(r, 15, func(int) string { return "" }), 15, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := unlocked(tt.clients...)
			m := build(s)
			checkTree(t, s, m)
			middle := slices.Concat(m.folders, m.rest)
			counts := shape(middle)
			if len(middle) != tt.rows || len(counts) != tt.depth {
				t.Errorf("the middle zone has %v rows", counts)
			}
			var titles []string
			for _, f := range middle[:min(len(middle), 30)] {
				titles = append(titles, f.label)
			}
			t.Log(counts, titles)
		})
	}
}

func TestTitlesOfParts(t *testing.T) {
	many := func(n int, name func(i int) string) []agent.Client {
		var names []string
		for i := range n {
			names = append(names, name(i))
		}
		return in("Kft-k", names...)
	}
	for _, tt := range []struct {
		name    string
		clients []agent.Client
		want    []string
	}{
		{
			"where the letter changes",
			join(many(14, func(i int) string { return fmt.Sprint("Alfa ", i) }), many(18, func(i int) string { return fmt.Sprint("Csaba ", i) })),
			[]string{"A", "C"},
		},
		{
			"inside a letter",
			join(many(14, func(i int) string { return fmt.Sprint("Cukor ", i) }), many(18, func(i int) string { return fmt.Sprint("Csaba ", i) })),
			[]string{"Cu", "Cs"},
		},
		{
			"numbers are not cut",
			many(40, func(i int) string { return fmt.Sprint("Ház ", i) }),
			[]string{"Ház 0–Ház 19", "Ház 20–Ház 39"},
		},
		{
			"too much alike",
			many(30, func(i int) string { return "Társasház Kossuth utca " + string(rune('A'+i)) }),
			[]string{"1–15", "16–30"},
		},
		{
			"the same name",
			many(40, func(int) string { return "Alfa" }),
			[]string{"1–20", "21–40"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := unlocked(tt.clients...)
			m := build(s)
			checkTree(t, s, m)
			var got []string
			for _, f := range m.folders[0].rows {
				got = append(got, f.label)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A folder stays cut where it was while clients come, go and change their names.
func TestCutsStay(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	clients := randomClients(r, 400, func(int) string { return "Kft-k" })
	moved, steps := 0, 0
	var last menu
	place := map[string]string{}
	for step := range 100 {
		switch r.IntN(3) {
		case 0:
			clients = append(clients, randomClients(r, 1, func(int) string { return "Kft-k" })...)
		case 1:
			clients = slices.Delete(clients, 0, 1)
		case 2:
			clients[r.IntN(len(clients))].Name = randomName(r)
		}
		s := unlocked(slices.Clone(clients)...)
		s.cuts = last.cuts
		last = build(s)
		checkTree(t, s, last)
		now := map[string]string{}
		for _, f := range last.folders[0].rows {
			for _, row := range leaves(f.rows) {
				now[row.id] = f.id
				if before, ok := place[row.id]; ok && step > 0 && before != f.id {
					moved++
				}
			}
		}
		place, steps = now, steps+1
	}
	if moved > 3*steps {
		t.Errorf("%d rows changed their submenu in %d steps", moved, steps)
	}
	t.Logf("%d rows changed their submenu in %d steps", moved, steps)
}

// Whatever is in the vault, a locked menu has none of it.
func TestLockedMenuNamesNobody(t *testing.T) {
	s := unlocked(randomClients(rand.New(rand.NewPCG(5, 6)), 300, func(i int) string { return fmt.Sprint("Mappa ", i%7) })...)
	s.locked, s.found = true, &searchResult{"x", []string{s.clients[0].ID}}
	m := build(s)
	text := outline(m) + m.title
	for _, c := range s.clients {
		if strings.Contains(text, c.Name) {
			t.Fatalf("%q is in the locked menu", c.Name)
		}
	}
	if len(m.cuts) > 0 || strings.Contains(text, lang.Fold("Mappa")) {
		t.Error("a folder is in the locked menu")
	}
}
