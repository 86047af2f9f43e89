package keeper

import (
	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// What a person may do with accounts that are the office's. Use and edit are kept by this program alone: who has them
// has the key too. That nobody's edits count who may not edit, and that codes come without a key, the office sees to.

// rights are those of this person; nil is everything, as without an office.
type rights struct {
	of     map[string]office.Right // by account; one that is not in it is the person's own
	broken error                   // why they are not known
}

// right is what the person may do with an account; "" is everything.
func (r *rights) right(a *vault.Account) office.Right {
	if a.Key.Kind == vault.Book {
		return office.Codes // also should nothing else be known of it
	}
	if r == nil {
		return ""
	}
	right, ok := r.of[a.ID]
	if !ok {
		return ""
	}
	if right == office.None {
		return office.Codes // ended a moment ago; the next sync takes the account away
	}
	return right
}

// allows says whether the person may do with an account what takes a right. Nothing is allowed while the rights are not
// known.
func (r *rights) allows(a *vault.Account, least office.Right) bool {
	if r != nil && r.broken != nil {
		return false
	}
	right := r.right(a)
	return right == "" || right.Covers(least)
}

// may says why the person may not do with an account what takes a right, or nil. The sentence names a client of the
// contents.
func (r *rights) may(a *vault.Account, least office.Right, contents *vault.Contents, c *vault.Client) error {
	if r.allows(a, least) {
		return nil
	}
	if r != nil && r.broken != nil {
		return r.broken
	}
	label := labelIn(contents, c)
	if least == office.Full {
		return lang.E("office-right-full", "Client", label).Kind(agent.ErrRight)
	}
	return lang.E("office-right-edit", "Client", label).Kind(agent.ErrRight)
}

// maySee says whether the person may have the key and the deletion code of a client's account in their hands.
func (k *keeper) maySee(contents *vault.Contents, c *vault.Client) error {
	a, _ := contents.Account(c.Account)
	return k.desk.rights().may(&a, office.Full, contents, c)
}

// mayChange says whether the person may make of the vault what a transaction made of it. What is only theirs
// (favourites, the last use, the place of a counter) they always may.
func (r *rights) mayChange(before, after *vault.Contents) error {
	if r == nil || r.broken != nil {
		return nil
	}
	for i := range before.Accounts {
		was := &before.Accounts[i]
		now, _ := after.Account(was.ID)
		if err := r.mayChangeAccount(was, &now, before); err != nil {
			return err
		}
	}
	for i := range before.Clients {
		was := before.Clients[i]
		now, _ := after.Client(was.ID)
		if shared(was) == shared(now) {
			continue
		}
		a, _ := before.Account(was.Account)
		if err := r.may(&a, office.Edit, before, &was); err != nil {
			return err
		}
	}
	for i := range after.Clients {
		now := &after.Clients[i]
		if was, ok := before.Client(now.ID); ok && was.Account == now.Account {
			continue
		}
		if a, ok := before.Account(now.Account); ok { // one more of an account that was there
			if err := r.may(&a, office.Edit, after, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rights) mayChangeAccount(was, now *vault.Account, before *vault.Contents) error {
	a, b := *was, *now
	a.Key.Counter, b.Key.Counter, a.Changed = 0, 0, b.Changed
	if a == b {
		return nil
	}
	client := clientOf(before, was.ID)
	if err := r.may(was, office.Edit, before, client); err != nil || now.ID == "" {
		return err
	}
	if a.DeletionCode != b.DeletionCode || a.Note != b.Note {
		if right := r.right(was); right != "" && !right.Covers(office.Full) {
			return lang.E("office-right-private", "Client", labelIn(before, client)).Kind(agent.ErrRight)
		}
	}
	return nil
}

// shared is a client without what is only this person's: what the office has of it.
func shared(c vault.Client) vault.Client {
	return vault.Client{ID: c.ID, Account: c.Account, Name: c.Name, TaxNumber: c.TaxNumber, Folder: c.Folder, MandateUntil: c.MandateUntil}
}

// clientOf is a client that an account serves.
func clientOf(c *vault.Contents, account string) *vault.Client {
	for i := range c.Clients {
		if c.Clients[i].Account == account {
			return &c.Clients[i]
		}
	}
	return &vault.Client{}
}
