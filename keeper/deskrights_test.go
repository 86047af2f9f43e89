package keeper

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

// Each decision of a face is one amendment or none, and its days are those of Budapest.
func TestRightsAreDaysAndOneAmendment(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	alfa, err := anna.Find(t.Context(), "alfa")
	if err != nil {
		t.Fatal(err)
	}
	anna.sync()
	anna.joins("Béla")
	béla := anna.member("Béla")
	amendments := func() int { return anna.k.desk.current.Load().Roster.Number }
	rights := func() string {
		var list []string
		for _, g := range anna.view().Grants {
			days := g.Days()
			list = append(list, strings.TrimSpace(fmt.Sprint(g.Right, " ", g.Folder, strings.Join(g.Names, "+"), " ", days.From, "..", days.Until)))
		}
		return strings.Join(list, ", ")
	}
	sets := func(right office.Right, days agent.OfficeDays) (agent.OfficeRightsChange, error) {
		return anna.OfficeSetRights(t.Context(), agent.OfficeAssignment{
			Members: []string{béla}, Right: right, OfficeDays: days,
			OfficeScopes: agent.OfficeScopes{Clients: []string{alfa.ID, alfa.ID}, Folders: []string{"Kft-k"}},
		})
	}
	for _, tt := range []struct {
		what  string
		right office.Right
		days  agent.OfficeDays
		done  agent.OfficeRightsChange
		has   string
	}{
		{
			"given", office.Use,
			agent.OfficeDays{},
			agent.OfficeRightsChange{Given: 2, Scopes: 2},
			"use Alfa Kft. .., use Kft-k ..",
		},
		{
			"given again", office.Use,
			agent.OfficeDays{},
			agent.OfficeRightsChange{Scopes: 2},
			"use Alfa Kft. .., use Kft-k ..",
		},
		{
			"less", office.Codes,
			agent.OfficeDays{Until: "2098-12-31"},
			agent.OfficeRightsChange{Given: 2, Ended: 2, Scopes: 2},
			"codes Alfa Kft. ..2098-12-31, codes Kft-k ..2098-12-31",
		},
		{"nothing", office.None, agent.OfficeDays{}, agent.OfficeRightsChange{Ended: 2, Scopes: 2}, ""},
	} {
		n := amendments()
		if tt.done.Given+tt.done.Ended > 0 {
			n++
		}
		done, err := sets(tt.right, tt.days)
		if err != nil || done != tt.done || rights() != tt.has || amendments() != n {
			t.Errorf("%s: %v, %+v, has %q, amendment %d, want %d", tt.what, err, done, rights(), amendments(), n)
		}
	}

	// Standing in is one amendment too; a day is Budapest's from its first moment to its last.
	n := amendments()
	done, err := anna.OfficeStandIn(t.Context(), agent.OfficeSubstitution{
		Member: béla, For: anna.view().Me, Right: office.Codes, OfficeDays: agent.OfficeDays{From: "2097-07-01", Until: "2097-12-31"},
	})
	if err != nil || done.Given != 1 || rights() != "codes  2097-07-01..2097-12-31" || amendments() != n+1 {
		t.Errorf("%v, %+v, has %q, %d amendments", err, done, rights(), amendments()-n)
	}
	for _, g := range anna.view().Grants {
		from, until := g.From.UTC().Format(time.DateTime), g.Until.UTC().Format(time.DateTime)
		if from != "2097-06-30 22:00:00" || until != "2097-12-31 23:00:00" {
			t.Errorf("from %s until %s", from, until)
		}
	}
}

// A request that means nothing that the office has changes nothing; a folder without a name is not everything.
func TestRightsRefused(t *testing.T) {
	anna := founder(t)
	anna.joins("Béla")
	béla := []string{anna.member("Béla")}
	for id, r := range map[string]agent.OfficeAssignment{
		"date-wrong":             {Members: béla, Right: office.Use, OfficeDays: agent.OfficeDays{Until: "2031-02-30"}},
		"client-gone":            {Members: béla, Right: office.Use, OfficeScopes: agent.OfficeScopes{Clients: []string{"?"}}},
		"office-folder-nameless": {Members: béla, Right: office.Use, OfficeScopes: agent.OfficeScopes{Folders: []string{" "}}},
		"office-codes-need-end":  {Members: béla, Right: office.Codes, OfficeScopes: agent.OfficeScopes{All: true}},
		"office-roster-invalid":  {Members: béla, Right: office.Full, OfficeScopes: agent.OfficeScopes{All: true}},
	} {
		_, err := anna.OfficeSetRights(t.Context(), r)
		if sentence, ok := err.(*lang.Error); !ok || sentence.ID != id {
			t.Errorf("%s: %v", id, err)
		}
		if g := anna.view().Grants; len(g) > 0 {
			t.Fatalf("%s: given %+v", id, g)
		}
	}
}

// What a right comes to is said before it is given: the clients, who comes along, and the keys that will be known.
func TestReachOfAnAssignment(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	mustAdd(t, anna.Conn, "Béta Bt.", key)
	mustAdd(t, anna.Conn, "Gamma Zrt.", "MFRGGZDFMZTWQ2LK")
	anna.sync()
	anna.joins("Béla")
	id := func(name string) []string {
		c, err := anna.Find(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return []string{c.ID}
	}
	asks := func(right office.Right, days agent.OfficeDays, scopes agent.OfficeScopes) string {
		r := agent.OfficeAssignment{Members: []string{anna.member("Béla")}, Right: right, OfficeScopes: scopes, OfficeDays: days}
		reach, err := anna.OfficeReach(t.Context(), agent.OfficeProspect{OfficeAssignment: r})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d clients, with %v, keys %d to %d", reach.Clients, reach.More, reach.Keys.Now, reach.Keys.Then)
	}
	alfa, all := agent.OfficeScopes{Clients: id("alfa")}, agent.OfficeScopes{All: true}
	later := agent.OfficeDays{From: "2999-01-01", Until: "2999-01-31"}
	for _, tt := range []struct {
		right  office.Right
		days   agent.OfficeDays
		scopes agent.OfficeScopes
		want   string
	}{
		{office.Use, agent.OfficeDays{}, alfa, "2 clients, with [Béta Bt.], keys 0 to 1"},
		{office.Edit, agent.OfficeDays{}, all, "3 clients, with [], keys 0 to 2"},
		{office.Use, later, all, "3 clients, with [], keys 0 to 2"},
		{office.Codes, later, all, "3 clients, with [], keys 0 to 0"},
	} {
		if got := asks(tt.right, tt.days, tt.scopes); got != tt.want {
			t.Errorf("%s %+v: %s, want %s", tt.right, tt.scopes, got, tt.want)
		}
	}
	if g := anna.view().Grants; len(g) > 0 {
		t.Fatalf("asking has given %+v", g)
	}
	give := agent.OfficeAssignment{Members: []string{anna.member("Béla")}, Right: office.Use, OfficeScopes: all}
	if _, err := anna.OfficeSetRights(t.Context(), give); err != nil {
		t.Fatal(err)
	}
	if got, want := asks(office.None, agent.OfficeDays{}, all), "3 clients, with [], keys 2 to 0"; got != want {
		t.Errorf("taken away: %s, want %s", got, want)
	}
}
