package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

// tuesday is when the tests of rights happen; their days count from it.
var tuesday = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func inDays(n int) time.Time { return tuesday.AddDate(0, 0, n) }

// grant is a right of Béla to folder A; days count from now, 99 is no end, and -99 no beginning.
func grant(right Right, from, until int) Grant {
	g := Grant{ID: fmt.Sprint(right, from, until), Member: "béla", Right: right, Folder: "A"}
	if from != -99 {
		g.From = inDays(from)
	}
	if until != 99 {
		g.Until = inDays(until)
	}
	return g
}

func at(g Grant, scope Scope) Grant {
	g.Record, g.Folder = scope.Record, scope.Folder
	return g
}

// showGrants are grants as the tables below write them.
func showGrants(grants []Grant) string {
	var lines []string
	for _, g := range grants {
		line := fmt.Sprintf("%s %s%s", g.Right, g.Record, g.Folder)
		if !g.From.IsZero() {
			line += fmt.Sprintf(" from %d", int(g.From.Sub(tuesday).Hours()/24))
		}
		if !g.Until.IsZero() {
			line += fmt.Sprintf(" until %d", int(g.Until.Sub(tuesday).Hours()/24))
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

func rosterOf(grants ...Grant) *Roster {
	return &Roster{Members: []Member{
		{ID: "anna", Name: "Anna", Role: Admin}, {ID: "béla", Name: "Béla", Role: Staff}, {ID: "cili", Name: "Cili", Role: Staff},
	}, Grants: grants}
}

func TestSetRights(t *testing.T) {
	everything := Scope{}
	set := func(right Right, from, until int) Assignment {
		g := grant(right, from, until)
		return Assignment{Members: []string{"béla"}, Scopes: []Scope{{Folder: "A"}}, Right: right, From: g.From, Until: g.Until}
	}
	for _, c := range []struct {
		name   string
		had    []Grant
		set    Assignment
		want   string
		change RightsChange
	}{
		{"the first right", nil, set(Use, -99, 99), "use A", RightsChange{1, 0}},
		{"what is so already", []Grant{grant(Use, -99, 99)}, set(Use, -99, 99), "use A", RightsChange{}},
		{"what is so since long", []Grant{grant(Use, -9, 99)}, set(Use, -99, 99), "use A from -9", RightsChange{}},
		{"what will be so anyway", []Grant{grant(Use, -99, 99)}, set(Use, 3, 99), "use A", RightsChange{}},
		{"codes once more, as long", []Grant{grant(Codes, -1, 5)}, set(Codes, -99, 5), "codes A from -1 until 5", RightsChange{}},

		{"more", []Grant{grant(Use, -99, 99)}, set(Edit, -99, 99), "edit A", RightsChange{1, 1}},
		{"less", []Grant{grant(Edit, -99, 99)}, set(Use, -99, 99), "use A", RightsChange{1, 1}},
		{"an end: it does not come back", []Grant{grant(Use, -99, 99)}, set(Use, -99, 5), "use A until 5", RightsChange{1, 1}},
		{"an earlier end", []Grant{grant(Codes, -1, 9)}, set(Codes, -99, 5), "codes A until 5", RightsChange{1, 1}},
		{"a later end", []Grant{grant(Codes, -1, 5)}, set(Codes, -99, 9), "codes A until 9", RightsChange{1, 1}},
		{"no key any more", []Grant{grant(Use, -99, 99)}, set(Codes, -99, 5), "codes A until 5", RightsChange{1, 1}},
		{"no key, from this morning on", []Grant{grant(Use, -99, 99)}, set(Codes, 0, 5), "codes A from 0 until 5", RightsChange{1, 1}},
		{"a key instead of codes", []Grant{grant(Codes, -1, 5)}, set(Use, -99, 99), "use A", RightsChange{1, 1}},
		{"a key, and codes are planned", []Grant{grant(Codes, 3, 5)}, set(Use, -99, 99), "codes A from 3 until 5, use A", RightsChange{1, 0}},

		{"codes next week over a key", []Grant{grant(Use, -99, 99)}, set(Codes, 7, 12), "codes A from 7 until 12, use A", RightsChange{1, 0}},
		{"more, from next week on", []Grant{grant(Use, -99, 99)}, set(Edit, 7, 99), "edit A from 7, use A until 7", RightsChange{1, 1}},
		{"less, from next week on", []Grant{grant(Edit, -2, 99)}, set(Use, 7, 99), "edit A from -2 until 7, use A from 7", RightsChange{1, 1}},
		{"another plan for the same days", []Grant{grant(Codes, 7, 12)}, set(Codes, 7, 14), "codes A from 7 until 14", RightsChange{1, 1}},
		{"a plan that begins within another", []Grant{grant(Codes, 5, 12)}, set(Codes, 7, 14), "codes A from 5 until 7, codes A from 7 until 14", RightsChange{1, 1}},
		{"a plan that ends within another", []Grant{grant(Codes, 9, 20)}, set(Codes, 7, 14), "codes A from 7 until 14", RightsChange{1, 1}},
		{"two weeks apart", []Grant{grant(Codes, 7, 12)}, set(Codes, 14, 19), "codes A from 14 until 19, codes A from 7 until 12", RightsChange{1, 0}},
		{"the day after", []Grant{grant(Codes, 7, 12)}, set(Codes, 12, 19), "codes A from 12 until 19, codes A from 7 until 12", RightsChange{1, 0}},
		{"from now on, over a plan", []Grant{grant(Edit, 7, 12)}, set(Use, -99, 99), "use A", RightsChange{1, 1}},
		{"until before a plan", []Grant{grant(Codes, 7, 12)}, set(Codes, -99, 5), "codes A from 7 until 12, codes A until 5", RightsChange{1, 0}},
		{"what is over does not count", []Grant{grant(Codes, -9, -1)}, set(Codes, -99, 5), "codes A from -9 until -1, codes A until 5", RightsChange{1, 0}},

		{"nothing", []Grant{grant(Use, -99, 99), grant(Codes, -1, 5), grant(Edit, 7, 9)}, set(None, -99, 99), "", RightsChange{0, 3}},
		{"nothing, days do not count", []Grant{grant(Use, -99, 99)}, set(None, 5, 3), "", RightsChange{0, 1}},
		{"nothing where there is nothing", []Grant{grant(Codes, -9, -1)}, set(None, -99, 99), "codes A from -9 until -1", RightsChange{}},
		{
			"wider and narrower stay",
			[]Grant{at(grant(Use, -99, 99), everything), at(grant(Edit, -99, 99), Scope{Record: "r"}), at(grant(Use, -99, 99), Scope{Folder: "B"}), grant(Use, -99, 99)},
			set(None, -99, 99), "edit r, use , use B",
			RightsChange{0, 1},
		},
		{
			"somebody else's stays",
			[]Grant{{Member: "cili", Right: Use, Folder: "A"}},
			set(None, -99, 99), "use A",
			RightsChange{},
		},
		{
			"everything, beside a folder",
			[]Grant{grant(Use, -99, 99)},
			Assignment{Members: []string{"béla"}, Scopes: []Scope{{}}, Right: Edit},
			"edit , use A",
			RightsChange{1, 0},
		},
		{
			"whatever the scope",
			[]Grant{at(grant(Use, -99, 99), everything), at(grant(Edit, 3, 99), Scope{Record: "r"}), grant(Codes, -1, 5), grant(Codes, -9, -1)},
			Assignment{Members: []string{"béla"}, AnyScope: true},
			"codes A from -9 until -1",
			RightsChange{0, 3},
		},
		{
			"two members, two scopes",
			[]Grant{grant(Use, -99, 99)},
			Assignment{Members: []string{"béla", "cili"}, Scopes: []Scope{{Folder: "A"}, {Record: "r"}}, Right: Use},
			"use A, use A, use r, use r",
			RightsChange{3, 0},
		},
		{
			"one scope twice",
			nil,
			Assignment{Members: []string{"béla"}, Scopes: []Scope{{Folder: "A"}, {Folder: " A "}}, Right: Use},
			"use A",
			RightsChange{1, 0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rosterOf(c.had...)
			change, err := c.set.apply(r, tuesday.Add(time.Minute))
			if got := showGrants(r.Grants); err != nil || got != c.want || change != c.change {
				t.Errorf("%q, %+v, %v; want %q, %+v", got, change, err, c.want, c.change)
			}
			for _, g := range r.Grants {
				if g.ID == "" && g.Member == "béla" || !g.valid() {
					t.Errorf("a grant that no roster may have: %+v", g)
				}
			}
			was := showGrants(r.Grants)
			if again, err := c.set.apply(r, tuesday.Add(2*time.Minute)); err != nil || again != (RightsChange{}) || showGrants(r.Grants) != was {
				t.Errorf("once more: %+v, %v: %s", again, err, showGrants(r.Grants))
			}
		})
	}
}

// said is the id of a sentence.
func said(err error) string {
	if s := (*lang.Error)(nil); errors.As(err, &s) {
		return s.ID
	}
	return fmt.Sprint(err)
}

func TestSetRightsRefuses(t *testing.T) {
	scopes := []Scope{{Folder: "A"}}
	for _, c := range []struct {
		want string
		kind error
		set  Assignment
	}{
		{"office-member-unknown", ErrUnknown, Assignment{Members: []string{"senki"}, Scopes: scopes, Right: Use}},
		{"office-member-unknown", ErrUnknown, Assignment{Members: []string{"senki"}, Scopes: scopes}},
		{"office-admin-has-all", ErrInvalid, Assignment{Members: []string{"béla", "anna"}, Scopes: scopes, Right: Use}},
		{"office-codes-need-end", ErrInvalid, Assignment{Members: []string{"béla"}, Scopes: scopes, Right: Codes}},
		{"office-days-wrong", ErrInvalid, Assignment{Members: []string{"béla"}, Scopes: scopes, Right: Use, Until: tuesday}},
		{"office-days-wrong", ErrInvalid, Assignment{Members: []string{"béla"}, Scopes: scopes, Right: Use, From: inDays(3), Until: inDays(3)}},
		{"office-roster-invalid", ErrInvalid, Assignment{Members: []string{"béla"}, AnyScope: true, Right: Use}},
	} {
		r := rosterOf(grant(Use, -99, 99))
		if _, err := c.set.apply(r, tuesday); said(err) != c.want || !errors.Is(err, c.kind) {
			t.Errorf("%+v: %v, want %s", c.set, err, c.want)
		}
	}
}

// However much is asked for, it is one amendment of the roster, and none if it is so already.
func TestRightsAreOneAmendment(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	for _, name := range []string{"Alma Kft.", "Banán Bt.", "Citrom Zrt."} {
		a.add(name, "A")
	}
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	c := w.joins(a, NewMember{Name: "Cili", Role: Staff})
	var scopes []Scope
	for _, id := range a.state.recordIDs() {
		scopes = append(scopes, Scope{Record: id})
	}
	amendments := func(want int, do func() (RightsChange, error)) RightsChange {
		t.Helper()
		before := a.state.Roster.Number
		change, err := do()
		if n := a.state.Roster.Number - before; err != nil || n != want {
			t.Errorf("%d amendments, %v; want %d", n, err, want)
		}
		return change
	}
	set := func(right Right, until time.Time) func() (RightsChange, error) {
		return func() (RightsChange, error) {
			return a.SetRights(ctx, Assignment{Members: []string{b.member(), c.member()}, Scopes: scopes, Right: right, Until: until})
		}
	}
	if change := amendments(1, set(Use, time.Time{})); change != (RightsChange{6, 0}) {
		t.Errorf("%+v", change)
	}
	amendments(0, set(Use, time.Time{}))
	a.sync()
	b.sync()
	b.want("A/Alma Kft. A/Banán Bt. A/Citrom Zrt.")
	// To codes and back: in between nobody has less than both say.
	until := w.clock.now.Add(50 * time.Hour)
	if change := amendments(1, set(Codes, until)); change != (RightsChange{6, 6}) {
		t.Errorf("%+v", change)
	}
	a.sync()
	b.sync()
	b.want("A/Alma Kft.* A/Banán Bt.* A/Citrom Zrt.*")
	amendments(1, set(None, time.Time{}))
	a.sync()
	b.sync()
	b.want("")
	amendments(0, set(None, time.Time{}))

	amendments(1, set(Use, time.Time{}))
	d := w.joins(a, NewMember{Name: "Dóra", Role: Staff})
	amendments(1, func() (RightsChange, error) {
		return a.StandIn(ctx, Substitution{Member: d.member(), For: b.member(), Right: Codes, Until: until})
	})
	a.sync()
	d.sync()
	d.want("A/Alma Kft.* A/Banán Bt.* A/Citrom Zrt.*")
	if _, err := b.SetRights(ctx, Assignment{Members: []string{b.member()}, Scopes: scopes, Right: Edit}); !errors.Is(err, ErrNotAdmin) {
		t.Errorf("one of the staff gives rights: %v", err)
	}
}

// Who loses the right to edit is heard once more.
func TestEditsUntilARightIsTakenCount(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	set := func(right Right) {
		t.Helper()
		if _, err := a.SetRights(ctx, Assignment{Members: []string{b.member()}, Scopes: []Scope{{Folder: "A"}}, Right: right}); err != nil {
			t.Fatal(err)
		}
	}
	set(Edit)
	a.sync()
	b.sync()
	b.change("Alma Kft.", taxed)
	b.sync()
	set(Use)
	a.sync()
	if a.home.tx.Clients[0].TaxNumber != "12345678" {
		t.Error("what was changed with the right is lost with it")
	}
}
