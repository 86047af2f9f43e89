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

// checkParts checks what must hold of any menu: short submenus that can be told apart, whose titles are true,
// and that hold every client exactly once.
func checkParts(t *testing.T, s state, m menu) {
	t.Helper()
	titles := map[string]bool{}
	seen := map[string]int{}
	for _, f := range m.folders {
		if titles[f.label] {
			t.Errorf("two submenus are called %q", f.label)
		}
		titles[f.label] = true
		if len(f.rows) == 0 || len(f.rows) > maxRows {
			t.Errorf("%q has %d rows", f.label, len(f.rows))
		}
		for _, r := range f.rows {
			seen[r.id]++
		}
		open := strings.LastIndex(f.label, " (")
		if open < 0 || !strings.HasSuffix(f.label, ")") {
			continue
		}
		from, to, _ := strings.Cut(f.label[open+2:len(f.label)-1], "–")
		if strings.Trim(from, "0123456789") == "" {
			continue
		}
		if to == "" {
			to = from
		}
		if !strings.HasPrefix(f.rows[0].label, from) || !strings.HasPrefix(f.rows[len(f.rows)-1].label, to) {
			t.Errorf("%q goes from %q to %q", f.label, f.rows[0].label, f.rows[len(f.rows)-1].label)
		}
	}
	if len(m.folders) > maxFolders {
		t.Errorf("%d submenus", len(m.folders))
	}
	for _, c := range s.clients {
		if n := seen[c.ID]; n > 1 || (n == 0 && len(m.rest) == 0) {
			t.Errorf("%q is in %d submenus", c.Name, n)
		}
	}
}

func TestLongFolders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		name    string
		clients []agent.Client
		parts   int
		more    string
	}{
		{"2,000 in 40 folders", randomClients(r, 2000, func(i int) string { return fmt.Sprintf("Mappa %d", i%40) }), 80, ""},
		{"1,000 in one folder", randomClients(r, 1000, func(int) string { return "Kft-k" }), 28, ""},
		{"10,000 unfiled", randomClients(r, 10000, func(int) string { return "" }), 100, "Még 6"},
		{"41", randomClients(r, 41, func(int) string { return "Kft-k" }), 2, ""},
		{"40", randomClients(r, 40, func(int) string { return "Kft-k" }), 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := unlocked(tt.clients...)
			m := build(s)
			checkParts(t, s, m)
			if len(m.folders) != tt.parts {
				t.Errorf("%d submenus, want %d", len(m.folders), tt.parts)
			}
			if got := outline(menu{rest: m.rest}); !strings.Contains(got, tt.more) {
				t.Errorf("below the submenus stands %q", got)
			}
			var titles []string
			for _, f := range m.folders[:min(len(m.folders), 30)] {
				titles = append(titles, f.label)
			}
			t.Log(titles)
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
			join(many(22, func(i int) string { return fmt.Sprint("Alfa ", i) }), many(28, func(i int) string { return fmt.Sprint("Csaba ", i) })),
			[]string{"Kft-k (A)", "Kft-k (C)"},
		},
		{
			"inside a letter",
			join(many(22, func(i int) string { return fmt.Sprint("Cukor ", i) }), many(28, func(i int) string { return fmt.Sprint("Csaba ", i) })),
			[]string{"Kft-k (Cu)", "Kft-k (Cs)"},
		},
		{
			"numbers are not cut",
			many(50, func(i int) string { return fmt.Sprint("Ház ", i) }),
			[]string{"Kft-k (Ház 0–Ház 24)", "Kft-k (Ház 25–Ház 49)"},
		},
		{
			"too much alike",
			many(50, func(i int) string { return "Társasház Kossuth utca " + string(rune('A'+i)) }),
			[]string{"Kft-k (1–25)", "Kft-k (26–50)"},
		},
		{
			"the same name",
			many(50, func(int) string { return "Alfa" }),
			[]string{"Kft-k (1–25)", "Kft-k (26–50)"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := unlocked(tt.clients...)
			m := build(s)
			checkParts(t, s, m)
			var got []string
			for _, f := range m.folders {
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
		checkParts(t, s, last)
		now := map[string]string{}
		for _, f := range last.folders {
			for _, row := range f.rows {
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
