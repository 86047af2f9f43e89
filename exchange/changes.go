package exchange

import "kapu/vault"

// changes is a diff: what an entry changes of one account or client.
type changes struct {
	*plan
	about   named
	fields  []string // what changed
	outdone []string // what did not, because an earlier row says otherwise
}

func (p *plan) changes(about named) *changes { return &changes{plan: p, about: about} }

func (c *changes) account(a *vault.Account, e Entry) {
	c.text("service", &a.Service, e.Service)
	c.text("user-name", &a.UserName, e.UserName)
	c.text("note", &a.Note, e.Note)
	c.text("deletion-code", &a.DeletionCode, e.DeletionCode)
	c.text("password-until", &a.PasswordUntil, e.PasswordUntil)

	want := e.Key
	want.Counter = a.Key.Counter
	if c.may("code", a.Key == want, false) {
		a.Key = want
	}
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

// text replaces a text by what the file states.
func (c *changes) text(field string, have *string, want string) {
	if want != "" && c.may(field, *have == want, *have == "") {
		*have = want
	}
}

// may says whether a field is to be changed, and notes what the file has stated about it.
func (c *changes) may(field string, same, empty bool) bool {
	f := fact{c.about, field}
	before := c.stated[f]
	c.stated[f] = true
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
