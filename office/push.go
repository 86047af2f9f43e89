package office

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"kapu/office/store"
)

// push reconciles the store with the roster: of each record there is to be one bundle with all its edits, sealed to
// exactly those who may read it now. Revoking a right is nothing else than this after a new roster: a state to reach
// (level-triggered), not a procedure, so whoever is cut off, any device of an admin finishes it.
func (p *pass) push(ctx context.Context) error {
	s := p.state
	admin := s.Roster.isAdmin(s.Device)
	if admin {
		if err := p.dropReplaced(ctx); err != nil { // first, so that the records are sealed anew once
			return err
		}
	}
	if p.mustCheckAll() {
		for id := range s.Records {
			p.queueReseal(id)
		}
	}
	if err := p.resealQueued(ctx, admin); err != nil {
		return err
	}
	if s.Checked != s.Roster.Number {
		s.Checked, p.dirty = s.Roster.Number, true
	}
	p.checkedAt = p.at
	if !admin {
		return nil
	}
	return p.maintain(ctx)
}

// mustCheckAll says whether the readers of any record may have changed since all were checked: by a new roster, or by a
// grant that has begun or ended.
func (p *pass) mustCheckAll() bool {
	s := p.state
	next := s.Roster.nextBoundary(p.checkedAt)
	return s.Checked != s.Roster.Number || p.checkedAt.IsZero() || !next.IsZero() && !next.After(p.at)
}

// resealBatch is how many records are sealed between two saves of the state.
const resealBatch = 256

// resealQueued works the queue off, batch by batch: what was done in one is not done again after a crash.
func (p *pass) resealQueued(ctx context.Context, admin bool) error {
	ids := slices.Sorted(maps.Keys(p.toReseal))
	p.sealing = startProgress(len(ids), func(left int) { p.tell(Progress{Seal: left}) })
	left := len(ids)
	for some := range slices.Chunk(ids, resealBatch) {
		if err := p.reseal(ctx, some, admin); err != nil {
			return err
		}
		left -= len(some)
		p.sealing.reach(left)
	}
	return nil
}

// reseal brings the bundles of some records into order. Who loses a key by it is written down first.
func (p *pass) reseal(ctx context.Context, ids []string, admin bool) error {
	if admin {
		p.noteExposedKeys(ids)
		if err := p.save(); err != nil {
			return err
		}
	}
	if !admin {
		for _, id := range ids {
			p.giveUp(id)
		}
	}
	failed := map[string]bool{}
	for _, part := range []string{partPrivate, partRecord} {
		if err := p.resealPart(ctx, ids, part, admin, failed); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !failed[id] && !p.suspects[id] { // what may have been revoked waits until that is known
			delete(p.toReseal, id)
		}
	}
	return p.save()
}

// giveUp drops the edits of this device to a record that nobody will take any more: this person may not edit it now,
// and no admin's device is left that has seen the roster under which they could. To hand them in again and again would
// end in nothing but a vault that shows what nobody else has.
func (p *pass) giveUp(id string) {
	s := p.state
	r := s.Records[id]
	if r == nil || p.right(r.facts(id), p.at).Covers(Edit) {
		return
	}
	published := r.published(partRecord)
	for e, signed := range r.edits {
		if signed.edit.By == s.Device && !published[e] && !s.Roster.isJudged(signed.edit.Roster) {
			delete(r.edits, e)
			p.vaultStale, p.dirty = true, true
		}
	}
}

// maintain is the housekeeping that an admin's device does whenever it is online: garbage collection, the books of
// substitutes, joins that need no decision, machines that are away, and the feeds of those that have left.
func (p *pass) maintain(ctx context.Context) error {
	return inTurn(ctx, p.deleteGarbage, p.reconcileBooks, p.settleRequests, p.markAway, p.dropFeeds)
}

// inTurn takes some steps, each whatever became of those before it, and returns the first error.
func inTurn(ctx context.Context, steps ...func(context.Context) error) error {
	var first error
	for _, step := range steps {
		if err := step(ctx); first == nil {
			first = err
		}
	}
	return first
}

// deleteGarbage deletes the bundles that nobody accepts.
func (p *pass) deleteGarbage(ctx context.Context) error {
	if err := store.DeleteAll(ctx, p.store, p.garbage); err != nil {
		return err
	}
	p.announceDeleted(p.garbage...)
	p.garbage = nil
	return nil
}

// isGarbage says whether a bundle that was not accepted is one that an admin deletes: it was made by a device that is
// no longer in the office, or its bytes are not those of its name. What it says is in other bundles, or came too late.
func (p *pass) isGarbage(name string, sealed []byte, err error) bool {
	s := p.state
	if !s.Roster.isAdmin(s.Device) {
		return false
	}
	record, part, sum, nameErr := splitBundleName(name)
	if nameErr != nil || hash(sealed) != sum {
		return nameErr == nil
	}
	if !errors.Is(err, errNoMandate) {
		return false
	}
	var former []string
	for _, f := range s.Roster.Former {
		former = append(former, f.Signing)
	}
	_, _, err = p.box.open(bundleContext(s.Office, record, part), sealed, p.id, former...)
	return err == nil
}

// sealing is a bundle to be made, and what became of it.
type sealing struct {
	id, name string
	content  bundle
	err      error
}

// resealPart makes the bundles that one part of some records lacks, then deletes those that are superseded. It notes
// the records with which that failed.
func (p *pass) resealPart(ctx context.Context, ids []string, part string, admin bool, failed map[string]bool) error {
	s := p.state
	var todo []*sealing
	for _, id := range ids {
		if w := p.planBundle(id, part, admin); w != nil {
			todo = append(todo, w)
		}
	}
	store.Each(p.store, todo, func(w *sealing) {
		var sealed []byte
		w.name, sealed, w.err = sealBundle(p.box, s.Office, &w.content, p.id, s.Roster.publicKeys(w.content.To))
		if w.err == nil {
			w.err = p.store.Put(ctx, w.name, sealed)
		}
		if part == partRecord { // the second of the two
			p.sealing.step()
		}
	})
	var lost error // the store
	for _, w := range todo {
		if w.err != nil {
			failed[w.id] = true
			if w.name != "" {
				p.askOnce(w.name) // it may be there: an answer gets lost, too
			}
			if !p.trouble.goesOn(w.name, w.err) {
				lost = w.err
			}
			continue
		}
		p.trouble.over()
		s.Outbox = append(s.Outbox, w.name)
		p.dirty = true
		if part == partPrivate && !admin { // it is the admins' now, and nothing of it will be seen here again
			s.Records[w.id].private = edits{}
			continue
		}
		if s.Records[w.id].Revoked { // nor of a record that is out of reach
			delete(s.Records, w.id)
			continue
		}
		var ids []string
		for i := range w.content.Edits {
			ids = append(ids, w.content.Edits[i].id)
		}
		slices.Sort(ids)
		s.Records[w.id].Live[w.name] = &live{part, s.Device, w.content.Roster, w.content.At, w.content.To, ids, nil}
	}
	if lost != nil {
		return lost
	}
	return p.deleteSuperseded(ctx, ids, part, admin)
}

// planBundle is the bundle that has to be made of a part of a record, or nil: there is one already, or it is not for
// this device to make.
func (p *pass) planBundle(id, part string, admin bool) *sealing {
	s := p.state
	r := s.Records[id]
	es := r.part(part)
	if len(es) == 0 || part == partPrivate && len(r.edits) == 0 {
		return nil
	}
	if p.suspects[id] {
		return nil // it is being sealed to this device again, or else revoked: until that is known, others know better
	}
	f := r.facts(id)
	want := s.Roster.readers(f, part == partPrivate, p.at)
	for _, name := range r.liveOf(part) {
		l := r.Live[name]
		// A bundle of somebody else's may be sealed so that not all who should can open it, and what it says of earlier
		// times a new device cannot judge. So an admin's device makes one even if there is one.
		if slices.Equal(l.To, want) && hasAll(l.Edits, es) && (!admin || s.fromAdmin(l.By, l.Roster)) {
			return nil
		}
	}
	switch unpublished, ours := es.without(r.published(part), s.Device); {
	case !unpublished && (!admin || p.hasFutureBundle(r, part)):
		return nil
	case unpublished && !ours && (r.Revoked || !admin && !p.right(f, p.at).Covers(Edit)):
		return nil // what this person has said is handed in, also if they have moved the record out of their reach by it
	}
	es.prune()
	content := bundle{Record: id, Part: part, Roster: s.Roster.Number, At: wireTime(p.at), To: want}
	for _, e := range es.ordered() {
		content.Edits = append(content.Edits, *e)
	}
	return &sealing{id: id, content: content}
}

// without says whether there are edits beside those given, and whether one of them was made on a device.
func (es edits) without(published map[string]bool, device string) (some, ours bool) {
	for id, e := range es {
		if !published[id] {
			some, ours = true, ours || e.edit.By == device
		}
	}
	return some, ours
}

// hasFutureBundle says whether a complete bundle was made by an admin's clock that is ahead, after a grant began or
// ended there: here that is still to come.
func (p *pass) hasFutureBundle(r *record, part string) bool {
	s := p.state
	return slices.ContainsFunc(r.liveOf(part), func(name string) bool {
		l := r.Live[name]
		return hasAll(l.Edits, r.part(part)) && l.Roster == s.Roster.Number && l.At.After(p.at) && s.fromAdmin(l.By, l.Roster)
	})
}

// deleteSuperseded deletes the bundles that another contains (garbage collection). Whoever has to write down who has
// lost a key does it before; that is why only an admin deletes what somebody else could read, or what an admin has
// made.
func (p *pass) deleteSuperseded(ctx context.Context, ids []string, part string, admin bool) error {
	s := p.state
	owners := map[string]string{} // of what is deleted
	for _, id := range ids {
		r := s.Records[id]
		if r == nil {
			continue
		}
		names := r.liveOf(part)
		want := s.Roster.readers(r.facts(id), part == partPrivate, p.at)
		best := ""
		for _, name := range names {
			l := r.Live[name]
			right := slices.Equal(l.To, want) && (!admin || s.fromAdmin(l.By, l.Roster))
			if right && (best == "" || better(l, r.Live[best])) {
				best = name
			}
		}
		if best == "" {
			continue
		}
		for _, name := range names {
			l := r.Live[name]
			if name == best || l.Roster > s.Roster.Number || !subset(l.Edits, r.Live[best].Edits) ||
				!admin && (!subset(l.To, want) || s.fromAdmin(l.By, l.Roster)) ||
				l.Unjudged != nil && s.Roster.isJudged(*l.Unjudged) {
				continue
			}
			owners[name] = id
		}
	}
	err := store.DeleteAll(ctx, p.store, slices.Sorted(maps.Keys(owners)))
	for name, id := range owners {
		delete(s.Records[id].Live, name)
		if err != nil {
			p.askOnce(name) // it may be gone, or not: that is for the others to ask, too
		}
		p.announceDeleted(name)
		p.dirty = true
	}
	return err
}

// better says whether a bundle is to be kept rather than another of the same readers. Names decide between equals
// because the list that is asked is in their order.
func better(a, b *live) bool {
	if c := cmp.Compare(len(a.Edits), len(b.Edits)); c != 0 {
		return c > 0
	}
	return a.Roster > b.Roster
}

func subset(a, b []string) bool {
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); !ok {
			return false
		}
	}
	return true
}

func hasAll(list []string, es edits) bool {
	for id := range es {
		if _, ok := slices.BinarySearch(list, id); !ok {
			return false
		}
	}
	return true
}
