package office

import (
	"context"
	"maps"
	"slices"
	"time"

	"kapu/vault"
)

// cardsOf are the vault's accounts with their clients, without those that only stand for a book.
func cardsOf(c *vault.Contents) map[string]*card {
	cards := make(map[string]*card, len(c.Accounts))
	for i := range c.Accounts {
		if a := &c.Accounts[i]; a.Key.Kind != vault.Book {
			cards[a.ID] = &card{account: *a}
		}
	}
	for i := range c.Clients {
		if at := cards[c.Clients[i].Account]; at != nil {
			at.clients = append(at.clients, c.Clients[i])
		}
	}
	return cards
}

// record makes edits of what the person has changed in the vault since it was last brought up to date. A value that is
// what the edits say anyway is no change: then an earlier apply was cut off after the vault was written.
func (o *Office) record(c *vault.Contents) error {
	s := o.state
	if c.Generation < s.Generation {
		return nil // an old copy of the vault: it says nothing new, and apply brings it up to date
	}
	now := o.now()
	cards := cardsOf(c)
	byLocal := make(map[string]string, len(s.Records))
	for id, r := range s.Records {
		byLocal[id] = id
		if r.Local != "" {
			byLocal[r.Local] = id
		}
	}
	for _, account := range slices.Sorted(maps.Keys(cards)) {
		if s.Own[account] {
			continue
		}
		id, known := byLocal[account]
		var err error
		if known {
			err = o.recordChanges(id, s.Records[id], cards[account], now)
		} else {
			err = o.recordNew(account, cards[account], now)
		}
		if err != nil {
			return err
		}
	}
	for id := range s.Own {
		if cards[id] == nil {
			delete(s.Own, id)
			o.dirty = true
		}
	}
	for _, id := range s.recordIDs() {
		r := s.Records[id]
		if r.Applied == nil || cards[r.Local] != nil {
			continue
		}
		f := r.edits.fields()
		if f[fieldGone] == "" && o.rightTo(id, r, now).Covers(Edit) {
			if err := o.edit(id, r, partRecord, map[string]string{fieldGone: "yes"}, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordNew makes an account of the vault one of the office's, or leaves it to the person if they have no right to add
// to that folder.
func (o *Office) recordNew(account string, c *card, now time.Time) error {
	fields := c.fields()
	if !o.right(facts{folders: foldersOf(fields)}, now).Covers(Edit) || len(c.clients) == 0 {
		o.state.Own[account] = true
		o.dirty = true
		return nil
	}
	r := newRecord()
	e, err := o.signEdit(r.edits, fields, editContext(o.state.Office, "", false, true), now)
	if err != nil { // more than an edit can hold
		o.state.Own[account] = true
		return nil
	}
	r.edits[e.id] = &e
	r.Local, r.Applied = account, fields
	o.state.Records[e.id] = r
	o.touch(e.id)
	r.AppliedPrivate = c.private()
	if len(r.AppliedPrivate) > 0 {
		return o.edit(e.id, r, partPrivate, r.AppliedPrivate, now)
	}
	return nil
}

func (o *Office) recordChanges(id string, r *record, c *card, now time.Time) error {
	right := o.rightTo(id, r, now)
	said := r.edits.fields()
	set := changes(r.Applied, c.fields(), said)
	if r.Applied == nil && said[fieldGone] != "" {
		set[fieldGone] = "" // it was removed from this vault once; that has been taken back
	}
	if len(set) > 0 && right.Covers(Edit) {
		if err := o.edit(id, r, partRecord, set, now); err != nil {
			return err
		}
	}
	if !right.Covers(Full) {
		return nil
	}
	ours := maps.Clone(r.AppliedPrivate)
	if ours == nil && r.Applied != nil {
		ours = map[string]string{}
	}
	if set := changes(ours, c.private(), r.private.fields()); len(set) > 0 {
		return o.edit(id, r, partPrivate, set, now)
	}
	return nil
}

// changes are the fields that a person has changed: they differ from what was applied and from what the edits say.
func changes(applied, now, said map[string]string) map[string]string {
	set := map[string]string{}
	for name, value := range now {
		if value != applied[name] && value != said[name] {
			set[name] = value
		}
	}
	for name := range applied {
		if _, ok := now[name]; !ok && said[name] != "" {
			set[name] = ""
		}
	}
	return set
}

// edit adds an edit of our own to a record.
func (o *Office) edit(id string, r *record, part string, set map[string]string, now time.Time) error {
	es := r.part(part)
	e, err := o.signEdit(es, set, editContext(o.state.Office, id, part == partPrivate, false), now)
	if err != nil { // more than an edit can hold; it stays here
		o.unfit[id] = nameOf(r.edits.fields())
		return nil
	}
	es[e.id] = &e
	o.touch(id)
	return nil
}

func (o *Office) signEdit(es edits, set map[string]string, context string, now time.Time) (signedEdit, error) {
	at := min(max(now.UnixMilli(), 0), maxTime)
	e, err := signEdit(&edit{
		Parents: es.newestHeads(), Roster: o.state.Roster.Number, By: o.state.Device, Time: at, Clock: max(at, es.newest()+1), Set: set,
	}, context, o.id)
	if err == nil {
		err = (&signedEdit{Body: e.Body}).parse() // nobody would take it, and this device could not read its own state
	}
	o.dirty = true
	return e, err
}

func (o *Office) touch(id string) { o.touched[id] = true }

// rightTo is what this device's person may do with a record that is known here.
func (o *Office) rightTo(id string, r *record, now time.Time) Right {
	if r.Taken {
		return None
	}
	return o.right(r.facts(id), now)
}

// right is what this device's person may do with a record of some folders.
func (o *Office) right(f facts, now time.Time) Right {
	if o.state.Expelled {
		return None
	}
	return o.state.Roster.deviceRight(o.state.Device, f, now)
}

// apply brings the vault up to date: it has exactly the clients that this person may use now, and their own.
func (o *Office) apply(ctx context.Context) error {
	s := o.state
	now := o.now()
	_, err := o.home.Update(ctx, func(tx *vault.Tx) error {
		if err := o.record(tx.Contents); err != nil { // what was changed since the beginning of this sync
			return err
		}
		// Before the vault says what the edits say, the edits must be on the disk: else the next sync would take for
		// the person's what was another's.
		if err := o.save(); err != nil {
			return err
		}
		before := tx.Generation
		changed := o.applyTo(tx, now)
		s.Generation = before
		if changed {
			s.Generation++
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Applied = now
	o.dirty = true
	return nil
}

// applyTo makes a vault out of the records, and says whether it had to change anything.
func (o *Office) applyTo(tx *vault.Tx, now time.Time) bool {
	changed := false
	have := cardsOf(tx.Contents)
	wanted := map[string]bool{} // clients
	ours := map[string]bool{}   // accounts of the vault that are the office's
	for i := range tx.Accounts {
		if tx.Accounts[i].Key.Kind == vault.Book {
			ours[tx.Accounts[i].ID] = true
		}
	}
	put := func(c *card, private bool) bool {
		was := have[c.account.ID]
		if was != nil && !private {
			c.account.DeletionCode, c.account.Note = was.account.DeletionCode, was.account.Note
		}
		if was != nil && c.account.Key.Kind == vault.HOTP && was.account.Key.Secret == c.account.Key.Secret {
			// Whoever may not edit cannot tell the others of a code that was used; it must not come again here.
			c.account.Key.Counter = max(c.account.Key.Counter, was.account.Key.Counter)
		}
		if c.check() != nil { // compared with what the vault has, it must be in the form that the vault keeps
			return false
		}
		old, exists := tx.Account(c.account.ID)
		c.account.Changed = old.Changed
		if !exists || old != c.account {
			if _, err := tx.PutAccount(c.account); err != nil {
				return false
			}
			changed = true
		}
		for _, client := range c.clients {
			wanted[client.ID] = true
			old, exists := tx.Client(client.ID)
			client.Account, client.Favourite, client.LastUsed, client.Changed = c.account.ID, old.Favourite, old.LastUsed, old.Changed
			if !exists || old != client {
				if _, err := tx.PutClient(client); err != nil {
					return false
				}
				changed = true
			}
		}
		return true
	}
	owner := o.clientOwners(tx.Contents)
	for _, id := range o.state.recordIDs() {
		r := o.state.Records[id]
		f := r.edits.fields()
		if r.Local == "" {
			r.Local = o.localOf(id, f, tx)
		}
		ours[r.Local] = true
		right := o.rightTo(id, r, now)
		c, err := cardOf(f)
		c.clients = slices.DeleteFunc(c.clients, func(client vault.Client) bool { return owner[client.ID] != id })
		if err != nil || f[fieldGone] != "" || !right.Covers(Use) || len(c.clients) == 0 {
			r.Applied, r.AppliedPrivate = nil, nil
			continue
		}
		c.account.ID = r.Local
		private := right.Covers(Full)
		if private {
			p := r.private.fields()
			c.account.DeletionCode, c.account.Note = p[fieldDeletion], p[fieldNote]
		}
		if !put(&c, private) {
			// It leaves the vault because this version cannot show it, not because the person removed it.
			r.Applied, r.AppliedPrivate = nil, nil
			o.unfit[id] = nameOf(f)
			continue
		}
		delete(o.unfit, id)
		r.Applied = c.fields()
		r.AppliedPrivate = nil
		if private {
			r.AppliedPrivate = c.private()
		}
	}
	for _, c := range o.bookCards(now) {
		if r := o.state.Records[c.account.ID]; r == nil || r.Applied == nil {
			c.clients = slices.DeleteFunc(c.clients, func(client vault.Client) bool {
				return owner[client.ID] != "" && owner[client.ID] != c.account.ID
			})
			put(&c, false)
		}
	}
	var gone []string
	for i := range tx.Clients {
		if c := &tx.Clients[i]; ours[c.Account] && !wanted[c.ID] {
			gone = append(gone, c.ID)
		}
	}
	if len(gone) > 0 {
		tx.RemoveClients(gone...)
		changed = true
	}
	return changed
}

// clientOwners says which record each client belongs to. A client is one record's: whoever may edit a record could name
// another's client in it otherwise, and with that take it away from there, by the hand of all who see both. It belongs
// to the one that named it first, of those that still do; what is the person's own stays so.
func (o *Office) clientOwners(c *vault.Contents) map[string]string {
	owner := map[string]string{}
	first := map[string]*signedEdit{}
	for i := range c.Clients {
		if client := &c.Clients[i]; o.state.Own[client.Account] {
			owner[client.ID] = client.Account
		}
	}
	for _, id := range o.state.recordIDs() {
		r := o.state.Records[id]
		f := r.edits.fields()
		if f[fieldGone] != "" {
			continue
		}
		named := map[string]*signedEdit{}
		for _, e := range r.edits.ordered() {
			for name, value := range e.edit.Set {
				if value != "" && named[name] == nil {
					named[name] = e
				}
			}
		}
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

// localOf is the account of the vault for a record that is new here. A vault that has come back out of a backup has the
// office's clients already: they are not to be there twice.
func (o *Office) localOf(id string, f map[string]string, tx *vault.Tx) string {
	for _, client := range clientIDs(f) {
		c, ok := tx.Client(client)
		if !ok || o.state.Own[c.Account] {
			continue
		}
		if other, _ := o.state.byLocal(c.Account); other == "" {
			return c.Account
		}
	}
	return id
}

// Restored says that the person has put an older vault in the place of the newer one: what the office has counts, not
// what is missing there.
func (o *Office) Restored(ctx context.Context) error {
	return o.locked(ctx, func() error {
		o.state.Generation = unheard
		o.dirty = true
		return nil
	})
}
