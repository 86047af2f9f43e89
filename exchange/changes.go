package exchange

import (
	"strings"
	"unicode/utf8"

	"kapu/vault"
)

// changes is a diff: what an entry changes of one account or client.
type changes struct {
	*plan
	about   string   // its id; "" is a new one
	stated  []string // of a new one
	fields  []string // what changed
	outdone []string // what did not, because an earlier row says otherwise
}

func (p *plan) changes(about string) *changes { return &changes{plan: p, about: about} }

// account changes an account; shared says that the entry is a further client of it.
func (c *changes) account(a *vault.Account, e Entry, shared bool) {
	c.text("service", &a.Service, e.Service)
	c.text("user-name", &a.UserName, e.UserName)
	c.note(a, e, shared)
	c.text("deletion-code", &a.DeletionCode, e.DeletionCode)
	c.text("password-until", &a.PasswordUntil, e.PasswordUntil)

	if e.Key.Counter > a.Key.Counter { // a lower one would give codes that were used already
		a.Key.Counter = e.Key.Counter
		c.fields = append(c.fields, "counter")
	}
}

func (c *changes) client(cl *vault.Client, e Entry) {
	c.text("tax-number", &cl.TaxNumber, e.TaxNumber)
	c.text("folder", &cl.Folder, e.Folder)
	c.text("mandate-until", &cl.MandateUntil, e.MandateUntil)
	if e.Favourite && !cl.Favourite { // a file that has none says nothing against one
		cl.Favourite = true
		c.fields = append(c.fields, "favourite")
	}
}

// note keeps what a file says beside the fields. Clients of one account share its note: what is said of a further one
// stands below, under its name, as long as there is room.
func (c *changes) note(a *vault.Account, e Entry, shared bool) {
	_, said := c.plan.stated[fact{c.about, "note"}]
	switch {
	case e.Note != "" && strings.Contains(a.Note, e.Note):
		c.may("note", true, false)
	case e.Note == "" || a.Note == "" || !shared && !said && len(c.clientsOf[a.ID]) < 2:
		c.text("note", &a.Note, e.Note)
	default:
		joined := a.Note + "\n\n" + e.Name + ":\n" + e.Note
		if utf8.RuneCountInString(joined) > vault.MaxNote {
			c.outdone = append(c.outdone, "note")
			return
		}
		c.may("note", true, false) // an earlier row has stated another part of it
		a.Note = joined
		c.fields = append(c.fields, "note")
	}
}

// text replaces a text by what the file states. That a spreadsheet has dropped the zeros in front is no change.
func (c *changes) text(field string, have *string, want string) {
	if want != "" && c.may(field, *have == want || lostZeros(*have, want), *have == "") {
		*have = want
	}
}

// may says whether a field is to be changed, and notes what the file has stated about it.
func (c *changes) may(field string, same, empty bool) bool {
	f := fact{c.about, field}
	by, said := c.plan.stated[f]
	before := said && by < c.at
	if c.about == "" {
		c.stated, before = append(c.stated, field), false
	} else if !before {
		c.plan.stated[f] = c.at
	}
	switch {
	case same:
		return false
	case before && !empty:
		c.outdone = append(c.outdone, field)
		return false
	}
	c.fields = append(c.fields, field)
	return true
}

// named tells what was stated of a new account or client, now that it has an id.
func (c *changes) named(id string) {
	for _, field := range c.stated {
		c.plan.stated[fact{id, field}] = c.at
	}
}

// keepUnstated takes the parameters that a file does not state from the key that is there.
func (p *plan) keepUnstated(want *vault.Key, have vault.Key, stated Stated) {
	if want.Kind != have.Kind {
		return
	}
	if !stated.Algorithm {
		want.Algorithm = have.Algorithm
	}
	if !stated.Digits {
		want.Digits = have.Digits
	}
	if !stated.Period {
		want.Period = have.Period
	}
}
