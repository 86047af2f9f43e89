package office

import (
	"context"
	"slices"
	"time"

	"kapu/vault"
)

// project brings the vault up to date: it is a projection of the records, with exactly the clients that this person may
// use now, beside their own.
func (p *pass) project(ctx context.Context) error {
	s := p.state
	now := p.now()
	_, err := p.home.Update(ctx, func(tx *vault.Tx) error {
		p.recordLocal(tx.Contents) // what was changed since the beginning of this pass
		// Before the vault says what the edits say, the edits must be on the disk: else the next sync would take for
		// the person's what was another's.
		if err := p.save(); err != nil {
			return err
		}
		before := tx.Generation
		changed := p.projectTo(tx, now)
		s.Generation = before
		if changed {
			s.Generation++
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Applied, s.Projected = now, p.home.Contents().Mark()
	p.dirty = true
	return nil
}

// projection is the projection of the records onto a vault, within one transaction of the vault.
type projection struct {
	*pass
	tx      *vault.Tx
	at      time.Time
	had     map[string]*card  // the accounts of the vault before
	shared  map[string]bool   // accounts of the vault that are the office's
	wanted  map[string]bool   // clients
	owner   map[string]string // of each client, the record or own account it belongs to
	changed bool              // something in the vault had to be changed
}

// projectTo makes a vault show the records, and says whether it had to change anything.
func (p *pass) projectTo(tx *vault.Tx, at time.Time) bool {
	t := &projection{
		pass: p, tx: tx, at: at, had: cardsOf(tx.Contents), shared: map[string]bool{}, wanted: map[string]bool{},
		owner: p.state.clientOwners(tx.Contents),
	}
	for i := range tx.Accounts {
		if tx.Accounts[i].Key.Kind == vault.Book {
			t.shared[tx.Accounts[i].ID] = true
		}
	}
	for _, id := range p.state.recordIDs() {
		t.record(id, p.state.Records[id])
	}
	t.books()
	t.removeOthers()
	return t.changed
}

// record projects a record, or notes that the vault does not hold it: because it was removed, because this person may
// not use it, or because this version of the program cannot show it.
func (t *projection) record(id string, r *record) {
	f := r.edits.fields()
	if r.Local == "" {
		r.Local = t.state.localOf(id, f, t.tx)
	}
	t.shared[r.Local] = true
	right := t.rightTo(id, r, t.at)
	c, err := cardOf(f)
	c.clients = slices.DeleteFunc(c.clients, func(client vault.Client) bool { return t.owner[client.ID] != id })
	r.Applied, r.AppliedPrivate = nil, nil
	if err != nil || f[fieldGone] != "" || !right.Covers(Use) || len(c.clients) == 0 {
		return
	}
	c.account.ID = r.Local
	private := right.Covers(Full)
	if private {
		fields := r.private.fields()
		c.account.DeletionCode, c.account.Note = fields[fieldDeletion], fields[fieldNote]
	}
	if !t.put(&c, private) {
		// It leaves the vault because this version cannot show it, not because the person removed it.
		t.unfit[id] = namesakesOf(f)
		return
	}
	delete(t.unfit, id)
	r.Applied = c.fields()
	if private {
		r.AppliedPrivate = c.private()
	}
}

// books projects the accounts that this person has only codes of.
func (t *projection) books() {
	for _, c := range t.bookCards(t.at) {
		if r := t.state.Records[c.account.ID]; r != nil && r.Applied != nil {
			continue
		}
		c.clients = slices.DeleteFunc(c.clients, func(client vault.Client) bool {
			return t.owner[client.ID] != "" && t.owner[client.ID] != c.account.ID
		})
		t.put(&c, false)
	}
}

// put writes a card where it differs from what the vault has, and returns false if the vault does not take it. What the
// card does not say, because it is the person's own or for admins, stays as it was.
func (t *projection) put(c *card, private bool) bool {
	had := t.had[c.account.ID]
	if had != nil && !private {
		c.account.DeletionCode, c.account.Note = had.account.DeletionCode, had.account.Note
	}
	if had != nil && c.account.Key.Kind == vault.HOTP && had.account.Key.Secret == c.account.Key.Secret {
		// Whoever may not edit cannot tell the others of a code that was used; it must not come again here.
		c.account.Key.Counter = max(c.account.Key.Counter, had.account.Key.Counter)
	}
	if c.check() != nil { // compared with what the vault has, it must be in the form that the vault keeps
		return false
	}
	old, exists := t.tx.Account(c.account.ID)
	c.account.Changed = old.Changed
	if !exists || old != c.account {
		if _, err := t.tx.PutAccount(c.account); err != nil {
			return false
		}
		t.changed = true
	}
	for _, client := range c.clients {
		t.wanted[client.ID] = true
		old, exists := t.tx.Client(client.ID)
		client.Account, client.Changed = c.account.ID, old.Changed
		client.Favourite, client.LastUsed = old.Favourite, old.LastUsed
		if !exists || old != client {
			if _, err := t.tx.PutClient(client); err != nil {
				return false
			}
			t.changed = true
		}
	}
	return true
}

// removeOthers removes the office's clients that are not to be shown.
func (t *projection) removeOthers() {
	var gone []string
	for i := range t.tx.Clients {
		if c := &t.tx.Clients[i]; t.shared[c.Account] && !t.wanted[c.ID] {
			gone = append(gone, c.ID)
		}
	}
	if len(gone) > 0 {
		t.tx.RemoveClients(gone...)
		t.changed = true
	}
}

// clientOwners resolves which record each client belongs to: a client is one record's. Whoever may edit a record could
// name another's client in it otherwise, and with that take it away from there, by the hand of all who see both. It
// belongs to the one that named it first, of those that still do; what is the person's own stays so.
func (s *state) clientOwners(c *vault.Contents) map[string]string {
	owner := map[string]string{}
	first := map[string]*signedEdit{}
	for i := range c.Clients {
		if client := &c.Clients[i]; s.Own[client.Account] {
			owner[client.ID] = client.Account
		}
	}
	for _, id := range s.recordIDs() {
		r := s.Records[id]
		f := r.edits.fields()
		if f[fieldGone] != "" {
			continue
		}
		named := r.edits.firstToSet()
		for _, client := range clientIDs(f) {
			e := named[clientPrefix+client+"."+fieldName]
			if was := first[client]; was != nil && compareEdits(was, e) <= 0 || was == nil && owner[client] != "" {
				continue
			}
			owner[client], first[client] = id, e
		}
	}
	return owner
}

// firstToSet is, for each field, the edit that was the first to give it a value.
func (es edits) firstToSet() map[string]*signedEdit {
	first := map[string]*signedEdit{}
	for _, e := range es.ordered() {
		for name, value := range e.edit.Set {
			if value != "" && first[name] == nil {
				first[name] = e
			}
		}
	}
	return first
}

// localOf is the account of the vault for a record that is new here. A vault that has come back out of a backup has the
// office's clients already: they are not to be there twice.
func (s *state) localOf(id string, f map[string]string, tx *vault.Tx) string {
	for _, client := range clientIDs(f) {
		c, ok := tx.Client(client)
		if !ok || s.Own[c.Account] {
			continue
		}
		if other, _ := s.byLocal(c.Account); other == "" {
			return c.Account
		}
	}
	return id
}
