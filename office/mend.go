package office

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"kapu/office/store"
)

// push sees to it that the store has of each record one bundle with all its edits, sealed to exactly those who may
// read it now. Revoking a right is nothing else than this after a new roster: a state to reach, not a procedure, so
// whoever is cut off, any device of an admin finishes it.
func (o *Office) push(ctx context.Context, now time.Time) error {
	s := o.state
	admin := s.Roster.isAdmin(s.Device)
	if boundary := s.Roster.boundary(o.mended); s.Mended != s.Roster.Number || o.mended.IsZero() || !boundary.IsZero() && !boundary.After(now) {
		for id := range s.Records {
			o.touch(id)
		}
	}
	ids := slices.Sorted(maps.Keys(o.touched))
	for done := 0; len(ids) > 0; {
		some := ids[:min(len(ids), atOnce)]
		ids = ids[len(some):]
		if admin {
			o.noteWhoLosesKeys(some, now)
			if err := o.save(); err != nil {
				return err
			}
		}
		for _, part := range []string{partPrivate, partRecord} {
			if err := o.tend(ctx, some, part, admin, now); err != nil {
				return err
			}
		}
		for _, id := range some {
			delete(o.touched, id)
		}
		if err := o.save(); err != nil {
			return err
		}
		if done += len(some); o.Progress != nil && len(ids)+done > atOnce {
			o.Progress(done, done+len(ids))
		}
	}
	if s.Mended != s.Roster.Number {
		s.Mended, o.dirty = s.Roster.Number, true
	}
	o.mended = now
	if !admin {
		return nil
	}
	for ; len(o.leftover) > 0; o.leftover = o.leftover[1:] {
		if err := o.store.Delete(ctx, o.leftover[0]); err != nil {
			return err
		}
	}
	return o.see(ctx, now)
}

// isLeftover says whether a bundle that was not taken is one that an admin clears away: it was made by a device that is
// no longer in the office, or its bytes are not those of its name. What it says is in other bundles, or came too late.
func (o *Office) isLeftover(name string, sealed []byte, err error) bool {
	s := o.state
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
	_, _, err = o.box.open(bundleContext(s.Office, record, part), sealed, o.id, former...)
	return err == nil
}

// atOnce is how many records are sealed between two saves of the state.
const atOnce = 256

// sealing is a bundle to be made.
type sealing struct {
	id, name string
	content  bundle
	err      error
}

// tend brings one part of some records into order.
func (o *Office) tend(ctx context.Context, ids []string, part string, admin bool, now time.Time) error {
	s := o.state
	var todo []*sealing
	for _, id := range ids {
		if w := o.plan(id, part, admin, now); w != nil {
			todo = append(todo, w)
		}
	}
	store.Each(o.store, todo, func(w *sealing) {
		var sealed []byte
		w.name, sealed, w.err = sealBundle(o.box, s.Office, &w.content, o.id, s.Roster.to(w.content.To))
		if w.err == nil {
			w.err = o.store.Put(ctx, w.name, sealed)
		}
	})
	var failed error
	for _, w := range todo {
		if w.err != nil {
			failed = w.err
			continue
		}
		s.Announce = append(s.Announce, w.name)
		o.dirty = true
		if part == partPrivate && !admin { // it is the admins' now, and nothing of it will be seen here again
			s.Records[w.id].private = edits{}
			continue
		}
		if s.Records[w.id].Taken { // nor of a record that is out of reach
			delete(s.Records, w.id)
			continue
		}
		var ids []string
		for i := range w.content.Edits {
			ids = append(ids, w.content.Edits[i].id)
		}
		slices.Sort(ids)
		s.Records[w.id].Live[w.name] = &live{part, s.Device, w.content.Roster, w.content.At, w.content.To, ids}
	}
	if failed != nil {
		return failed
	}
	return o.sweep(ctx, ids, part, admin, now)
}

// plan says what bundle has to be made of a record, if any.
func (o *Office) plan(id, part string, admin bool, now time.Time) *sealing {
	s := o.state
	r := s.Records[id]
	es := r.part(part)
	if len(es) == 0 || part == partPrivate && len(r.edits) == 0 {
		return nil
	}
	f := r.facts(id)
	want := s.Roster.readers(f, part == partPrivate, now)
	told := map[string]bool{}
	for _, name := range r.liveOf(part) {
		l := r.Live[name]
		for _, e := range l.Edits {
			told[e] = true
		}
		// A bundle of somebody else's may be sealed so that not all who should can open it, and what it says of earlier
		// times a new device cannot judge. So an admin's device makes one even if there is one.
		if slices.Equal(l.To, want) && hasAll(l.Edits, es) && (!admin || s.fromAdmin(l.By, l.Roster)) {
			return nil
		}
	}
	untold, ours := false, false
	for id, e := range es {
		if !told[id] {
			untold, ours = true, ours || e.edit.By == s.Device
		}
	}
	if !untold {
		if !admin {
			return nil
		}
		for _, name := range r.liveOf(part) {
			// Made by a clock that is ahead, after a grant began or ended there: here it is still to come.
			if l := r.Live[name]; hasAll(l.Edits, es) && l.Roster == s.Roster.Number && l.At.After(now) && s.fromAdmin(l.By, l.Roster) {
				return nil
			}
		}
	} else if !ours && (r.Taken || !admin && !o.right(f, now).Covers(Edit)) {
		return nil // what this person has said is handed in, also if they have moved the record out of their reach by it
	}
	es.prune()
	list := es.ordered()
	content := bundle{Record: id, Part: part, Roster: s.Roster.Number, At: stamp(now), To: want}
	for _, e := range list {
		content.Edits = append(content.Edits, *e)
	}
	return &sealing{id: id, content: content}
}

// sweep deletes the bundles that another has made needless. Whoever has to write down who has lost a key does it
// before; that is why only an admin deletes what somebody else could read, or what an admin has made.
func (o *Office) sweep(ctx context.Context, ids []string, part string, admin bool, now time.Time) error {
	s := o.state
	type deletion struct {
		id, name string
		err      error
	}
	var todo []*deletion
	for _, id := range ids {
		r := s.Records[id]
		if r == nil {
			continue
		}
		names := r.liveOf(part)
		want := s.Roster.readers(r.facts(id), part == partPrivate, now)
		best := ""
		for _, name := range names {
			if l := r.Live[name]; slices.Equal(l.To, want) && (!admin || s.fromAdmin(l.By, l.Roster)) && (best == "" || better(l, r.Live[best])) {
				best = name
			}
		}
		if best == "" {
			continue
		}
		for _, name := range names {
			l := r.Live[name]
			if name == best || l.Roster > s.Roster.Number || !subset(l.Edits, r.Live[best].Edits) ||
				!admin && (!subset(l.To, want) || s.fromAdmin(l.By, l.Roster)) {
				continue
			}
			todo = append(todo, &deletion{id: id, name: name})
		}
	}
	store.Each(o.store, todo, func(d *deletion) { d.err = o.store.Delete(ctx, d.name) })
	for _, d := range todo {
		if d.err != nil {
			return d.err
		}
		delete(s.Records[d.id].Live, d.name)
		o.dirty = true
	}
	return nil
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
