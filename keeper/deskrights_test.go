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
