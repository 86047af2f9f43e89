package office

import (
	"errors"
	"testing"
	"time"

	"kapu/vault"
)

func taxed(_ *vault.Account, c *vault.Client) { c.TaxNumber = "12345678" }

func TestStandIn(t *testing.T) {
	bs := func(right Right, from, until int) Grant { // of Cili, who stands in
		g := grant(right, from, until)
		g.Member = "cili"
		return g
	}
	week := func(s Substitution) Substitution {
		s.Member, s.Right, s.From, s.Until = "cili", Codes, inDays(7), inDays(12)
		return s
	}
	folder := week(Substitution{Scopes: []Scope{{Folder: "A"}}})
	forBéla := week(Substitution{For: "béla"})
	withKey := folder
	withKey.Right = Use
	for _, c := range []struct {
		name string
		had  []Grant
		do   Substitution
		want string // what Cili has then
		err  string
	}{
		{"a folder", nil, folder, "codes A from 7 until 12", ""},
		{"everything", nil, week(Substitution{Scopes: []Scope{{}}}), "codes  from 7 until 12", ""},
		{"one scope twice", nil, week(Substitution{Scopes: []Scope{{Folder: "A"}, {Folder: "A"}}}), "codes A from 7 until 12", ""},
		{
			"for a member, but for what is gone or ends",
			[]Grant{
				grant(Use, -99, 99), at(grant(Edit, -99, 99), Scope{Record: "r"}), at(grant(Edit, -99, 99), Scope{Record: "gone"}),
				at(grant(Use, -99, 5), Scope{Folder: "B"}), at(grant(Codes, -1, 20), Scope{Folder: "C"}), at(grant(Use, 12, 99), Scope{Folder: "D"}),
			},
			forBéla, "codes A from 7 until 12, codes r from 7 until 12", "",
		},
		{"for a member who has everything", []Grant{grant(Use, -99, 99), at(grant(Use, -99, 99), Scope{})}, forBéla, "codes  from 7 until 12", ""},
		{"for an admin", nil, week(Substitution{For: "anna"}), "codes  from 7 until 12", ""},
		{"for a member who has nothing", nil, forBéla, "", "office-no-rights"},
		{"for themselves", nil, week(Substitution{For: "cili"}), "", "office-stand-in-self"},
		{"for nobody", nil, week(Substitution{For: "senki"}), "", "office-member-unknown"},

		{"who may anyway", []Grant{bs(Use, -99, 99)}, folder, "use A", "office-may-anyway"},
		{"who may anyway, by everything", []Grant{at(bs(Use, -99, 99), Scope{})}, folder, "use ", "office-may-anyway"},
		{"who may anyway, long enough", []Grant{bs(Codes, 5, 12)}, folder, "codes A from 5 until 12", "office-may-anyway"},
		{
			"who may a part anyway",
			[]Grant{grant(Use, -99, 99), at(grant(Use, -99, 99), Scope{Folder: "B"}), bs(Use, -99, 99)},
			forBéla, "codes B from 7 until 12, use A", "",
		},
		{"with codes, for other days that overlap", []Grant{bs(Codes, 5, 9)}, folder, "codes A from 5 until 9", "office-other-days"},
		{"with codes, the week before", []Grant{bs(Codes, 0, 7)}, folder, "codes A from 0 until 7, codes A from 7 until 12", ""},
		{"with codes that are over", []Grant{bs(Codes, -5, -1)}, folder, "codes A from -5 until -1, codes A from 7 until 12", ""},
		{"with a key that ends too early", []Grant{bs(Use, -99, 9)}, folder, "codes A from 7 until 12, use A until 9", ""},
		{"with codes, and a key is given", []Grant{bs(Codes, 5, 20)}, withKey, "codes A from 5 until 20, use A from 7 until 12", ""},
		{"with a key for other days", []Grant{bs(Edit, 5, 9)}, withKey, "edit A from 5 until 9", "office-other-days"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rosterOf(c.had...)
			var has []Grant
			change, err := c.do.apply(r, tuesday, func(record string) bool { return record != "gone" })
			for _, g := range r.Grants {
				if g.Member == "cili" {
					has = append(has, g)
				}
			}
			if got := showGrants(has); got != c.want || c.err == "" && err != nil || c.err != "" && said(err) != c.err {
				t.Errorf("%q, %v; want %q, %s", got, err, c.want, c.err)
			}
			if n := len(r.Grants) - len(c.had); change.Given != n || change.Ended != 0 || (n > 0) != (err == nil) {
				t.Errorf("%+v for %d grants", change, n)
			}
		})
	}
}

func TestStandInRefuses(t *testing.T) {
	base := Substitution{Member: "cili", Scopes: []Scope{{Folder: "A"}}, Right: Codes, From: inDays(7), Until: inDays(12)}
	for _, c := range []struct {
		want   string
		change func(*Substitution)
	}{
		{"office-codes-need-end", func(s *Substitution) { s.Until = time.Time{} }},
		{"office-codes-need-end", func(s *Substitution) { s.Right, s.Until = Use, time.Time{} }},
		{"office-days-wrong", func(s *Substitution) { s.Until = s.From }},
		{"office-days-wrong", func(s *Substitution) { s.From, s.Until = inDays(-5), inDays(-1) }},
		{"office-admin-has-all", func(s *Substitution) { s.Member = "anna" }},
		{"office-member-unknown", func(s *Substitution) { s.Member = "senki" }},
		{"office-roster-invalid", func(s *Substitution) { s.Right = None }},
	} {
		r, s := rosterOf(), base
		c.change(&s)
		if _, err := s.apply(r, tuesday, func(string) bool { return true }); said(err) != c.want || !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnknown) {
			t.Errorf("%+v: %v, want %s", s, err, c.want)
		}
	}
}
