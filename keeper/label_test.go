package keeper

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// someone is a client with an account of its own.
type someone struct{ name, tax, user, folder, id string }

func contentsOf(t *testing.T, all ...someone) *vault.Contents {
	t.Helper()
	tx := vault.Draft()
	for i, s := range all {
		k, err := vault.ParseKey(fmt.Sprintf("KR2WG4TFORSWC3%cP", 'A'+rune(i)))
		if err != nil {
			t.Fatal(err)
		}
		a, err := tx.PutAccount(vault.Account{UserName: s.user, Key: k})
		if err == nil {
			_, err = tx.PutClient(vault.Client{ID: s.id, Account: a.ID, Name: s.name, TaxNumber: s.tax, Folder: s.folder})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return tx.Contents
}

func TestLabels(t *testing.T) {
	for _, tt := range []struct {
		what    string
		clients []someone
		want    []string
	}{
		{
			"by tax number",
			[]someone{{name: "Alfa", tax: "1"}, {name: "Béta", tax: "1"}, {name: "Alfa", tax: "2"}},
			[]string{"Alfa (1)", "Béta", "Alfa (2)"},
		},
		{
			"by user name, where tax numbers are equal",
			[]someone{
				{name: "Alfa", tax: "12345678-1-42", user: "egy", folder: "A"},
				{name: "Alfa", tax: "12345678 1 42", user: "ket", folder: "A"},
			},
			[]string{"Alfa (egy)", "Alfa (ket)"},
		},
		{
			"by folder, where user names are equal too",
			[]someone{{name: "Alfa", tax: "1", user: "Egy", folder: "Pécs"}, {name: "Alfa", tax: "1", user: "egy", folder: "Vác"}},
			[]string{"Alfa (Pécs)", "Alfa (Vác)"},
		},
		{
			"by id, where nothing else tells",
			[]someone{{name: "Alfa", id: "abcdef1111"}, {name: "Alfa", id: "abcdef2222"}},
			[]string{"Alfa (abcdef)", "Alfa (abcdef2)"},
		},
		{
			"each by its own",
			[]someone{{name: "Alfa", tax: "1"}, {name: "Alfa", tax: "1", user: "u"}, {name: "Alfa", tax: "2"}, {name: "Alfa", id: "zyxwvu11"}},
			[]string{"Alfa (zyxw", "Alfa (u)", "Alfa (2)", "Alfa (zyxwvu)"},
		},
		{
			"names that differ in case and accents only",
			[]someone{{name: "Kovács Kft.", tax: "1"}, {name: "KOVACS  KFT.", tax: "2"}},
			[]string{"Kovács Kft. (1)", "KOVACS KFT. (2)"},
		},
		{
			"what stands beside one is a third's name",
			[]someone{{name: "Alfa", tax: "1", user: "u"}, {name: "Alfa", tax: "2"}, {name: "Alfa (1)"}},
			[]string{"Alfa (u)", "Alfa (2)", "Alfa (1)"},
		},
		{
			"the user name of one is the folder of the other",
			[]someone{{name: "Alfa", user: "x"}, {name: "Alfa", folder: "X", id: "idofthe2nd"}},
			[]string{"Alfa (x)", "Alfa (idofth)"},
		},
	} {
		t.Run(tt.what, func(t *testing.T) {
			contents := contentsOf(t, tt.clients...)
			seen := map[string]bool{}
			for i := range contents.Clients {
				label := labelIn(contents, &contents.Clients[i])
				if seen[lang.Fold(label)] {
					t.Errorf("%q twice", label)
				}
				seen[lang.Fold(label)] = true
				if tt.what == "each by its own" && i == 0 { // an id that chance has made
					continue
				}
				if label != tt.want[i] {
					t.Errorf("%d is %q, want %q", i, label, tt.want[i])
				}
			}
		})
	}
}

// Of two of one name each can be asked for: by the label, and by the name with what tells them apart.
func TestChoosingBetweenNamesakes(t *testing.T) {
	c, _, _ := running(t)
	ids := map[string]string{}
	for i, s := range []someone{
		{name: "Kovács Kft.", tax: "12345678-1-42", user: "kovacs.pal", folder: "Pécs"},
		{name: "kovács kft.", tax: "12345678-1-42", user: "kovacs.eva", folder: "Vác"},
		{name: "Kovács Kft.", tax: "87654321-2-13", folder: "Vác"},
		{name: "Kovács Kft. Vác", user: "vac"},
		{name: "Szabó Bt.", tax: "11223344-1-41", user: "szabo"},
		{name: "Szabó Éva", user: "eva.2"},
	} {
		added, err := c.Add(t.Context(), agent.New{
			Client: agent.Client{Name: s.name, TaxNumber: s.tax, UserName: s.user, Folder: s.folder}, Key: fmt.Sprintf("KR2WG4TFORSWC3%cP", 'A'+rune(i)),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[fmt.Sprint(i)] = added.ID
	}
	for query, want := range map[string]string{
		"Kovács Kft. (kovacs.pal)":    "0",
		"kovacs kft. kovacs.pal":      "0",
		"kovacs.pal":                  "0",
		"Kovács Kft. (kovacs.eva)":    "1",
		"kovacs.eva":                  "1",
		"Kovács Kft. (87654321-2-13)": "2",
		"Kovács Kft. 87654321":        "2",
		"87654321":                    "2",
		"KOVÁCS KFT. 876":             "2",
		"Kovács Kft. Vác":             "3", // a whole name
		"szabo":                       "ambiguous",
		"szabó bt.":                   "4",
		"Kovács Kft.":                 "ambiguous",
		"12345678":                    "ambiguous",
		"Kovács Kft. 12345678":        "ambiguous",
		"Kovács Kft. (Vác)":           "3", // the whole name in another dress
		"kft. vác":                    "ambiguous",
		"Kovács Kft. 999":             "none",
	} {
		got, err := c.Find(t.Context(), query)
		switch {
		case want == "ambiguous" && errors.Is(err, agent.ErrAmbiguous), want == "none" && errors.Is(err, agent.ErrNotFound):
		case err != nil || got.ID != ids[want]:
			t.Errorf("%q: %q, %v; want %s", query, got.Label(), err, want)
		}
	}
	_, err := c.Find(t.Context(), "Kovács Kft.")
	for _, label := range []string{"Kovács Kft. (kovacs.pal)", "kovács kft. (kovacs.eva)", "Kovács Kft. (87654321-2-13)"} {
		if err == nil || !strings.Contains(err.Error(), label) {
			t.Errorf("%v names no %s", err, label)
		}
	}
	list, err := c.List(t.Context(), "szabo bt", "")
	if err != nil || len(list) != 1 || list[0].Label() != "Szabó Bt." {
		t.Errorf("nobody else bears it: %v, %v", list, err)
	}
}

// What is the whole name of one client means that one, whatever else another has of it; a part of a name does not.
func TestNameBeforeOthers(t *testing.T) {
	c, _, _ := running(t)
	ids := map[string]string{}
	for i, s := range []someone{
		{name: "Kovács", user: "pal"},
		{name: "Béta Bt.", user: "kovacs", folder: "Alfa"},
		{name: "Alfa", user: "x"},
		{name: "Gamma Kft.", user: "y"},
		{name: "Delta Kft.", user: "gamma", folder: "Kovács"},
	} {
		added, err := c.Add(t.Context(), agent.New{
			Client: agent.Client{Name: s.name, UserName: s.user, Folder: s.folder}, Key: fmt.Sprintf("KR2WG4TFORSWC3%cP", 'A'+rune(i)),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[added.Name] = added.ID
	}
	for query, want := range map[string]string{
		"kovacs": "Kovács", "KOVÁCS": "Kovács", "alfa": "Alfa", "béta": "Béta Bt.", "kovacs beta": "Béta Bt.",
		"gamma": "", "gamma kft": "Gamma Kft.", "kovacs delta": "Delta Kft.",
	} {
		got, err := c.Find(t.Context(), query)
		if want == "" && !errors.Is(err, agent.ErrAmbiguous) || want != "" && (err != nil || got.ID != ids[want]) {
			t.Errorf("%q: %q, %v; want %q", query, got.Name, err, want)
		}
	}
}

// Who is not in the vault has a label beside those who are.
func TestLabelsAmong(t *testing.T) {
	contents := contentsOf(t, someone{name: "Alfa", tax: "11111111-1-11", id: "a"}, someone{name: "Béta", id: "b"})
	got := labelsAmong(contents, []vault.Namesake{
		{ID: "x", Name: "ALFA", TaxNumber: "22222222-2-22"},
		{ID: "y", Name: "Gamma"},
		{ID: "z", Name: "Gamma", UserName: "g"},
		{ID: "b", Name: "Béta"},
	})
	if want := []string{"ALFA (22222222-2-22)", "Gamma (y)", "Gamma (g)", "Béta"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Labels stand in the log, of whatever was done, and in what can be taken back.
func TestLogHasLabels(t *testing.T) {
	c, k, _ := running(t)
	k.copies.board = &memory{}
	k.copies.opening.Do(func() {})
	one, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: "Nagy Bt.", TaxNumber: "12345678-1-42"}, Key: "KR2WG4TFORSWC3AP"})
	if err != nil {
		t.Fatal(err)
	}
	other, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: "Nagy Bt.", TaxNumber: "87654321-1-42"}, Key: "KR2WG4TFORSWC3BP"})
	if err != nil {
		t.Fatal(err)
	}
	if other.Label() != "Nagy Bt. (87654321-1-42)" {
		t.Errorf("added: %q", other.Label())
	}
	if _, err := c.Code(t.Context(), one.ID, false); err != nil {
		t.Fatal(err)
	}
	copied, err := c.Copy(t.Context(), agent.Copy{Query: other.ID})
	if err != nil || copied.Label() != other.Label() {
		t.Errorf("copied %q, %v", copied.Label(), err)
	}
	if _, err := c.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	lines, err := c.Log(t.Context(), agent.LogRequest{})
	var got []string
	for _, l := range lines.Lines {
		got = append(got, string(l.Act)+" "+l.Name)
	}
	slices.Sort(got)
	want := []string{
		"added Nagy Bt.", "added Nagy Bt. (87654321-1-42)", "copied Nagy Bt. (87654321-1-42)", "removed Nagy Bt. (12345678-1-42)",
		"shown Nagy Bt. (12345678-1-42)",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	undos, err := c.Undos(t.Context())
	if err != nil || len(undos) == 0 || undos[0].Name != "Nagy Bt. (12345678-1-42)" {
		t.Errorf("%v, %v", undos, err)
	}
}

func TestDuplicates(t *testing.T) {
	for _, tt := range []struct {
		what    string
		clients []someone
		want    string // the class of each, by its first; "." has none
	}{
		{"nobody", []someone{{name: "Alfa", tax: "12345678-1-42"}, {name: "Béta"}}, ".."},
		{"one business under two names", []someone{{name: "Alfa", tax: "12345678-1-42"}, {name: "Béta", tax: "123456782 41"}}, "00"},
		{"one name, one folder", []someone{{name: "Alfa", folder: "Kft-k"}, {name: "ÁLFA", folder: "kft-k"}}, "00"},
		{"one name, two folders", []someone{{name: "Alfa", folder: "Kft-k"}, {name: "Alfa"}}, ".."},
		{"one name, two tax numbers", []someone{{name: "Alfa", tax: "12345678-1-42"}, {name: "Alfa", tax: "87654321-1-42"}}, ".."},
		{"one name, one tax number known", []someone{{name: "Alfa", tax: "12345678-1-42"}, {name: "Alfa"}}, "00"},
		{"a short number is none", []someone{{name: "Alfa", tax: "1234"}, {name: "Alfa", tax: "5678"}, {name: "Béta", tax: "1234"}}, "00."},
		{"one without may be either", []someone{{name: "A", tax: "12345678-1-42"}, {name: "A", tax: "87654321-1-42"}, {name: "A"}}, "000"},
		{"by another", []someone{{name: "A"}, {name: "B", tax: "12345678"}, {name: "A", tax: "12345678-1-42"}, {name: "C"}}, "000."},
	} {
		contents := contentsOf(t, tt.clients...)
		class := duplicates(contents, foldedNames(contents))
		got := ""
		for i := range contents.Clients {
			at := "."
			for j := range contents.Clients {
				if class[contents.Clients[i].ID] == contents.Clients[j].ID {
					at = fmt.Sprint(j)
				}
			}
			got += at
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
		}
	}
}

func TestListOfDuplicates(t *testing.T) {
	c, _, _ := running(t)
	var entries []exchange.Entry
	for i, s := range []someone{
		{name: "Alfa Kft."}, {name: "Béta Kft.", tax: "12345678-1-42"}, {name: "Delta Bt."}, {name: "Gamma Kft.", tax: "12345678-2-42"}, {name: "alfa kft."},
	} {
		k, _ := vault.ParseKey(fmt.Sprintf("KR2WG4TFORSWC3%cP", 'A'+rune(i)))
		entries = append(entries, exchange.Entry{Name: s.name, TaxNumber: s.tax, Key: k})
	}
	done, err := c.Import(t.Context(), agent.Import{Entries: entries, Decisions: exchange.Decisions{Doubtful: true, NewKeys: exchange.KeepBoth}})
	if err != nil || done.Taken() != 5 {
		t.Fatal(done, err)
	}
	list, err := c.Duplicates(t.Context(), "", "")
	var got []string
	for _, client := range list {
		got = append(got, client.Name)
	}
	if diff := cmp.Diff([]string{"alfa kft.", "Alfa Kft.", "Béta Kft.", "Gamma Kft."}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if list, err = c.Duplicates(t.Context(), "gamma", ""); err != nil || len(list) != 0 {
		t.Errorf("alone in the list: %v, %v", list, err)
	}
}

// A right reaches all clients of the accounts that it is to; of clients of a locked group only the number is told.
func TestReach(t *testing.T) {
	row := func(id, account, folder string, right office.Right, groups ...int) indexedClient {
		return indexedClient{Client: agent.Client{ID: id, Name: "Ügyfél " + id, Account: account, Folder: folder, Right: right}, groups: groups}
	}
	x := &index{clients: []indexedClient{
		row("a", "1", "Kft-k", office.Full), row("b", "1", "Bt-k", office.Full), row("c", "2", "Kft-k", office.Full),
		row("d", "2", "", office.Full, 3), row("e", "3", "Kft-k", ""), row("f", "4", "Bt-k", office.Full),
	}}
	for _, tt := range []struct {
		what   string
		scopes agent.OfficeScopes
		n      int
		more   string
	}{
		{"nothing", agent.OfficeScopes{}, 0, ""},
		{"one alone", agent.OfficeScopes{Clients: []string{"f"}}, 1, ""},
		{"one with another", agent.OfficeScopes{Clients: []string{"a"}}, 2, "Ügyfél b"},
		{"both", agent.OfficeScopes{Clients: []string{"a", "b"}}, 2, ""},
		{"a folder", agent.OfficeScopes{Folders: []string{"Kft-k"}}, 4, "Ügyfél b"},
		{"what is not the office's", agent.OfficeScopes{Clients: []string{"e"}}, 0, ""},
		{"everything", agent.OfficeScopes{All: true}, 5, ""},
	} {
		got := reach(x, tt.scopes, map[int]bool{3: true})
		if got.Clients != tt.n || strings.Join(got.More, ", ") != tt.more {
			t.Errorf("%s: %+v", tt.what, got)
		}
	}
}
