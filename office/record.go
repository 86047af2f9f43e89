package office

import (
	"context"
	"maps"
	"slices"
	"time"

	"kapu/vault"
)

// Change data capture: what a person has changed in the vault becomes signed edits.

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

// recordLocal makes edits of the difference between the vault and what it held when it was last compared: what was
// recorded a moment ago and has been taken back since is a change, too. It is idempotent: a value that the edits have
// anyway is no change, for then an earlier projection was cut off after the vault was written.
func (p *pass) recordLocal(c *vault.Contents) {
	s := p.state
	p.keepOwn(c)
	if s.hasForked(c) {
		p.ownUnknown(c)
	}
	if s.hasForked(c) || c.Generation < s.Generation {
		return // what it lacks was not removed, and the projection brings it up to date
	}
	now := p.now()
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
		if id, known := byLocal[account]; known {
			p.recordChanged(id, s.Records[id], cards[account], now)
		} else {
			p.recordNew(account, cards[account], now)
		}
	}
	p.recordRemoved(cards, now)
}

// keepOwn makes what an older vault has brought back the person's own, but for what the office knows: only they decide
// what becomes the office's, and a client that comes back was not added to it. An account that was once their own stays
// so in the same way if it is removed: its id is kept, for the removal may be taken back.
func (p *pass) keepOwn(c *vault.Contents) {
	s := p.state
	if !s.Restored || c.Generation == s.RestoredFrom {
		return
	}
	s.Restored = false
	p.ownUnknown(c)
}

// ownUnknown makes the accounts of a vault that the office does not know the person's own.
func (p *pass) ownUnknown(c *vault.Contents) {
	s := p.state
	p.dirty = true
	known := make(map[string]bool, len(s.Records))
	for id, r := range s.Records {
		known[id], known[r.Local] = true, true
	}
	for account := range cardsOf(c) {
		if !known[account] {
			s.Own[account] = true
		}
	}
}

// KeepOwn makes accounts that are about to come into the vault, out of another version of it, the person's own, but for
// what the office knows.
func (o *Office) KeepOwn(ctx context.Context, accounts ...string) error {
	return o.locked(ctx, func() error {
		for _, a := range accounts {
			if id, _ := o.state.byLocal(a); id == "" {
				o.state.Own[a], o.dirty = true, true
			}
		}
		return nil
	})
}

// recordRemoved makes edits of what the person has removed from the vault, where they may.
func (p *pass) recordRemoved(cards map[string]*card, now time.Time) {
	s := p.state
	for _, id := range s.recordIDs() {
		r := s.Records[id]
		if r.Applied == nil || cards[r.Local] != nil || r.edits.fields()[fieldGone] != "" || !p.rightTo(id, r, now).Covers(Edit) {
			continue
		}
		if p.edit(id, r, partRecord, map[string]string{fieldGone: "yes"}, now) { // a tombstone
			r.Applied = maps.Clone(r.Applied) // the edit that made it may have the same
			r.Applied[fieldGone] = "yes"
		}
	}
}

// recordNew makes an account of the vault one of the office's, or leaves it to the person if they have no right to add
// to that folder.
func (p *pass) recordNew(account string, c *card, now time.Time) {
	fields := c.fields()
	if !p.right(facts{folders: foldersOf(fields)}, now).Covers(Edit) || len(c.clients) == 0 {
		p.state.Own[account] = true
		p.dirty = true
		return
	}
	r := newRecord()
	e, err := p.signEdit(r.edits, fields, editContext(p.state.Office, "", false, true), now)
	if err != nil { // more than an edit can hold
		p.state.Own[account] = true
		return
	}
	r.edits[e.id] = &e
	r.Local, r.Applied = account, fields
	p.state.Records[e.id] = r
	p.queueReseal(e.id)
	r.AppliedPrivate = c.private()
	if len(r.AppliedPrivate) > 0 {
		p.edit(e.id, r, partPrivate, r.AppliedPrivate, now)
	}
}

// recordChanged makes edits of what was changed in an account that is the office's.
func (p *pass) recordChanged(id string, r *record, c *card, now time.Time) {
	right := p.rightTo(id, r, now)
	said := r.edits.fields()
	set := changes(r.Applied, c.fields(), said)
	if r.Applied == nil && said[fieldGone] != "" {
		set[fieldGone] = "" // it was removed from this vault once; that has been taken back
	}
	if right.Covers(Edit) && (len(set) == 0 || p.edit(id, r, partRecord, set, now)) {
		r.Applied = c.fields()
	}
	if !right.Covers(Full) {
		return
	}
	set = changes(r.AppliedPrivate, c.private(), r.private.fields())
	if len(set) == 0 || p.edit(id, r, partPrivate, set, now) {
		r.AppliedPrivate = c.private()
	}
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

// edit makes an edit of this device's and adds it to a record. It returns false for one that is more than an edit can
// hold: that stays in the vault alone, and the client is listed as unfit.
func (o *Office) edit(id string, r *record, part string, set map[string]string, now time.Time) bool {
	es := r.part(part)
	e, err := o.signEdit(es, set, editContext(o.state.Office, id, part == partPrivate, false), now)
	if err != nil {
		o.unfit[id] = namesakesOf(r.edits.fields())
		return false
	}
	es[e.id] = &e
	o.queueReseal(id)
	return true
}

// signEdit makes an edit whose parents are the heads of those given: its causal past is what this device has seen.
func (o *Office) signEdit(es edits, set map[string]string, context string, now time.Time) (signedEdit, error) {
	at := min(max(now.UnixMilli(), 0), maxTime)
	e, err := signEdit(&edit{
		Parents: es.newestHeads(), Roster: o.state.Roster.Number, By: o.state.Device,
		Time: at, Clock: max(at, es.latestClock()+1), Set: set,
	}, context, o.id)
	if err == nil {
		err = (&signedEdit{Body: e.Body}).parse() // nobody would take it, and this device could not read its own state
	}
	o.dirty = true
	return e, err
}

// Restored tells the office of a rollback: the person has put an older vault in the place of the newer one. What the
// office has counts, not what is missing there.
func (o *Office) Restored(ctx context.Context) error {
	return o.locked(ctx, func() error {
		o.state.Generation, o.state.Restored = unheard, true
		o.state.RestoredFrom = o.home.Contents().Generation
		o.dirty = true
		return nil
	})
}
