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
	"kapu/icons"
	"kapu/lang"
)

// outline writes a menu the way a person sees it.
func outline(m menu) string {
	var b strings.Builder
	var write func(rows []row, indent string)
	write = func(rows []row, indent string) {
		for _, r := range rows {
			if r.hidden {
				continue
			}
			label := r.label
			if r.verb == nothing {
				label = "[" + label + "]"
			}
			fmt.Fprintln(&b, indent+label)
			write(r.rows, indent+"  ")
		}
	}
	write(m.top, "")
	write(m.recent, "")
	write(m.signIn, "")
	b.WriteString("---\n")
	write(m.folders, "")
	write(m.rest, "")
	b.WriteString("---\n")
	write(m.foot, "")
	return b.String()
}

// unlocked is the state with these clients, put in order as the agent does.
func unlocked(clients ...agent.Client) state {
	lang.Sort(clients, func(c agent.Client) string { return c.Name })
	for i := range clients {
		if clients[i].ID == "" {
			clients[i].ID = fmt.Sprintf("%016x", 0x9e3779b97f4a7c15*uint64(i+1))
		}
	}
	return state{vault: true, prompts: true, clients: clients, texts: lang.In(lang.Hungarian)}
}

func in(folder string, names ...string) []agent.Client {
	var clients []agent.Client
	for _, n := range names {
		clients = append(clients, agent.Client{Name: n, Folder: folder})
	}
	return clients
}

func join(parts ...[]agent.Client) (all []agent.Client) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestMenu(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC) }
	locked := unlocked(in("Kft-k", "Titok Kft.")...)
	locked.locked = true
	noVault := locked
	noVault.vault = false
	noPrompts := noVault
	noPrompts.prompts = false
	const doors = "[Kapu – még nincs széf]\n---\nLista behozása…\nEgy ügyfél felvétele…\nMeghívóm van…\nVisszaállítás…\n---\nKilépés\n"
	openNoPrompts := unlocked(in("Kft-k", "Alfa")...)
	openNoPrompts.prompts = false
	grouped := unlocked(
		agent.Client{Name: "Zeta Bt.", Folder: "bt"}, agent.Client{Name: "Alfa Kft.", Folder: "Kft-k"},
		agent.Client{Name: "Őze & Tsa", Folder: "Ősz", TaxNumber: "12345678-1-42"}, agent.Client{Name: "Magányos"},
		agent.Client{Name: "Odú", Folder: "Odúk", ID: "feed"}, agent.Client{Name: "Úri"},
	)
	grouped.groups = []config.Group{
		{Folder: "Kiemelt", Clients: []string{"ALFA kft.", "12345678-1-42", "feed", "nincs ilyen", ""}},
		{Folder: "Üres"},
		{Folder: "BT", Clients: []string{"zeta bt.", "uri"}},
	}
	searched := unlocked(agent.Client{Name: "Alfa", ID: "a", Favourite: true}, agent.Client{Name: "Béta", ID: "b"})
	searched.found = &searchResult{"alf", []string{"a", "removed"}}
	unkept, unkeptNoPrompts := unlocked(in("", "A")...), unlocked()
	unkept.remind, unkeptNoPrompts.remind, unkeptNoPrompts.prompts = true, true, false
	withLocked := unlocked(in("Kft-k", "Alfa")...)
	withLocked.groups = []config.Group{{Folder: "Kft-k"}, {Folder: "Bér"}}
	withLocked.lockedFolders = []string{"Bér", "Régi"}
	allLocked := unlocked()
	allLocked.groups, allLocked.lockedFolders = withLocked.groups, withLocked.lockedFolders[:1]
	const footer = "---\nKeresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n"

	for _, tt := range []struct {
		name  string
		state state
		want  string
	}{
		{"locked", locked, "[Kapu – zárolva]\n---\nFeloldás…\n---\nKilépés\n"},
		{"no vault yet", noVault, doors},
		{"no vault, no dialogs", noPrompts, doors},
		{"no clients", unlocked(), "[Kapu – még nincs ügyfél]\n---\nImportálás…\nÚj ügyfél…\n---\nKezelés…\nZárolás\nKilépés\n"},
		{"no dialogs", openNoPrompts, "[Kapu – 1 ügyfél]\n---\nKft-k\n  Alfa\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n"},
		{
			"recovery key not on paper", unkept,
			"[Kapu – 1 ügyfél]\n---\nA\n---\nKeresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nHelyreállítási kulcs kinyomtatása…\nZárolás\nKilépés\n",
		},
		{"nor can be asked about", unkeptNoPrompts, "[Kapu – még nincs ügyfél]\n---\n[Első lépés: kapu import FÁJL]\n---\nKezelés…\nZárolás\nKilépés\n"},
		{"no folders", unlocked(in("", "Cs", "Cz", "Ábel")...), "[Kapu – 3 ügyfél]\n---\nÁbel\nCz\nCs\n" + footer},
		{
			"folders in Hungarian order",
			unlocked(join(in("Őszi", "B"), in("Ozora", "C"), in("", "A"), in("Csongrád", "D"), in("Cegléd", "E"))...),
			"[Kapu – 5 ügyfél]\n---\nCegléd\n  E\nCsongrád\n  D\nOzora\n  C\nŐszi\n  B\nMappa nélkül\n  A\n" + footer,
		},
		{
			"folders that differ in case are one",
			unlocked(join(in("Kft-k", "A"), in("KFT-K ", "B"))...),
			"[Kapu – 2 ügyfél]\n---\nKft-k\n  A\n  B\n" + footer,
		},
		{
			"the person's groups",
			grouped,
			"[Kapu – 6 ügyfél]\n---\nKiemelt\n  Alfa Kft.\n  Odú\n  Őze & Tsa\nBT\n  Úri\n  Zeta Bt.\n" +
				"Kft-k\n  Alfa Kft.\nOdúk\n  Odú\nŐsz\n  Őze & Tsa\nMappa nélkül\n  Magányos\n" + footer,
		},
		{
			"groups that have locked themselves", withLocked,
			"[Kapu – 1 ügyfél]\n---\nKft-k\n  Alfa\nBér (zárolva)\n  Feloldás: Bér…\n" +
				"Régi (zárolva)\n  Feloldás: Régi…\n" + footer,
		},
		{"nothing else is open", allLocked, "[Kapu – 0 ügyfél]\n---\nBér (zárolva)\n  Feloldás: Bér…\n" + footer},
		{
			"favourites and recents",
			unlocked(
				agent.Client{Name: "Alfa", LastUsed: at(1)}, agent.Client{Name: "Béta", LastUsed: at(3), Favourite: true},
				agent.Client{Name: "Gamma", LastUsed: at(2)}, agent.Client{Name: "Delta"},
			),
			"Béta\nGamma\nAlfa\n---\nAlfa\nBéta\nDelta\nGamma\n" + footer,
		},
		{"search results", searched, "[Keresés: alf]\nAlfa\n---\nAlfa\nBéta\n" + footer},
		{
			"awkward names",
			unlocked(in("A_b & \"c\"", `"Alfa" & 'Béta'`, "Under_score", "שלום בע״מ", strings.Repeat("Á", 200))...),
			"[Kapu – 4 ügyfél]\n---\nA_b & \"c\"\n  \"Alfa\" & 'Béta'\n  " + strings.Repeat("Á", 200) +
				"\n  Under_score\n  שלום בע״מ\n" + footer,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, outline(build(tt.state))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTopIsShort(t *testing.T) {
	var clients []agent.Client
	for i := range 60 {
		clients = append(clients, agent.Client{
			Name: fmt.Sprintf("Ügyfél %d", i), Favourite: i%2 == 0, LastUsed: time.Unix(int64(1000+i), 0),
		})
	}
	s := unlocked(clients...)
	m := build(s)
	if len(m.top) != maxFavourites || len(m.recent) != mostTop-maxFavourites || m.recent[0].label != "Ügyfél 59" {
		t.Errorf("on top stand %v, %v", m.top, m.recent)
	}
	s.found = &searchResult{query: strings.Repeat("ü", 100)}
	for _, c := range s.clients {
		s.found.ids = append(s.found.ids, c.ID)
	}
	m = build(s)
	if len(m.top) != maxFound+2 || len(m.recent) != 0 {
		t.Errorf("of a search stand there %d rows, %d recent", len(m.top), len(m.recent))
	}
	if got := m.top[maxFound+1].label; got != "Még 52 találat; írjon be többet a névből" {
		t.Errorf("after the results stands %q", got)
	}
}

// However many there are of everything, the whole menu has no more rows than fit on a small screen.
func TestTheMenuFitsTheScreen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, clients := range [][]agent.Client{
		randomClients(r, 2000, func(i int) string { return fmt.Sprint("Mappa ", i%60) }), randomClients(r, 2000, func(int) string { return "" }),
	} {
		for favourites := range 12 {
			for i := range clients {
				clients[i].Favourite, clients[i].LastUsed = i < favourites, time.Unix(int64(i), 0)
				clients[i].UserName = "anna"
			}
			s := unlocked(slices.Clone(clients)...)
			s.due, s.remind, s.office = 3, true, &agent.OfficeStatus{Requests: 1}
			shown := func(m menu) (n int) {
				for _, r := range slices.Concat(m.top, m.recent, m.signIn, m.folders, m.rest, m.foot) {
					if !r.hidden {
						n++
					}
				}
				return n
			}
			if n := shown(build(s)); n > mostRows {
				t.Errorf("%d favourites: %d rows", favourites, n)
			}
			s.found = &searchResult{query: "x"}
			for _, c := range s.clients[:100] {
				s.found.ids = append(s.found.ids, c.ID)
			}
			if n := shown(build(s)); n > mostRows {
				t.Errorf("%d favourites and a search: %d rows", favourites, n)
			}
		}
	}
}

// Below the recent clients and favourites is a submenu of those who have a user name.
func TestSignInSubmenu(t *testing.T) {
	m := build(unlocked(
		agent.Client{Name: "Alfa", ID: "a", UserName: "anna", LastUsed: time.Unix(1, 0)},
		agent.Client{Name: "Béta", ID: "b", LastUsed: time.Unix(2, 0)},
		agent.Client{Name: "Gamma", ID: "c", UserName: "cili"},
		agent.Client{Name: "Delta", ID: "d", UserName: "dani", Favourite: true},
	))
	want := "Felhasználónév, majd kód\n  Delta\n  Alfa\n---\n"
	if got := outline(m); !strings.Contains(got, want) {
		t.Errorf("got\n%s", got)
	}
	for _, r := range m.signIn[0].rows {
		if r.verb != signIn || !r.client() {
			t.Errorf("%+v", r)
		}
	}
	if got := build(unlocked(agent.Client{Name: "Alfa", ID: "a", Favourite: true})).signIn; got != nil {
		t.Errorf("without a user name: %v", got)
	}
}

// Clients of one name stand in the menu with what tells them apart: as the only ones in the middle, in folders, among
// the favourites, and as results.
func TestEqualNamesAreToldApart(t *testing.T) {
	clients := []agent.Client{
		{Name: "Alfa", Beside: "12345678-1-42", Folder: "Pécs", Favourite: true},
		{Name: "Béta", Folder: "Pécs"},
		{Name: "Alfa", Beside: "kovacs", Folder: "Vác", LastUsed: time.Unix(1000, 0)},
	}
	s := unlocked(clients...)
	got := outline(build(s))
	s.found = &searchResult{query: "alfa"}
	for _, c := range s.clients {
		s.found.ids = append(s.found.ids, c.ID)
	}
	got += outline(build(s))
	for label, times := range map[string]int{"Alfa (12345678-1-42)\n": 4, "Alfa (kovacs)\n": 4, "Béta\n": 3} {
		if n := strings.Count(got, label); n != times {
			t.Errorf("%q stands there %d times, want %d:\n%s", label, n, times, got)
		}
	}
	if strings.Contains(got, "Alfa\n") {
		t.Errorf("a name alone:\n%s", got)
	}
}

// What runs out soon shows in the icon, in its title and as a row; while locked nobody is told.
func TestDeadlines(t *testing.T) {
	s := unlocked(in("", "Alfa", "Béta")...)
	if m := build(s); m.icon != icons.Open || strings.Contains(outline(m), "határidő") || m.title != "Kapu – 2 ügyfél" {
		t.Errorf("without deadlines: %v, %q\n%s", m.icon, m.title, outline(m))
	}
	s.due = 3
	m := build(s)
	if m.icon != icons.Attention || !strings.Contains(outline(m), "---\n3 lejáró határidő…\nKeresés…\n") || m.title != "Kapu – 2 ügyfél, 3 lejáró határidő" {
		t.Errorf("with deadlines: %v, %q\n%s", m.icon, m.title, outline(m))
	}
	s.locked = true
	if m := build(s); m.icon != icons.Locked || strings.Contains(outline(m)+m.title, "határidő") {
		t.Errorf("locked: %v, %q\n%s", m.icon, m.title, outline(m))
	}
}
