package office

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// authorize is the access check of a bundle that was verified. It removes from the bundle the edits that are not
// authorized: whose author had no right to them under the roster they cite, with the record as they saw it. One such
// edit does not make the others void: else whoever sneaks one in could make the replicas diverge.
//
// What an admin's device has sealed is accepted whole. It has checked the edits before, it may make any of them itself,
// and so all replicas converge on one set, also those that came later and know too little to check.
//
// An edit that cites a roster from before this device came is left out too, but not refused: it is for the devices
// that have seen that roster to judge (mayJudge).
//
// It returns errNotReady for what cites a roster that is not known yet; and if no edit is left, errUnjudged or
// errNoMandate.
func (s *state) authorize(v *verified) error {
	rec := s.Records[v.Record]
	if rec == nil {
		rec = newRecord()
	}
	if v.Part == partPrivate && len(rec.edits) == 0 {
		// The private part says nothing of folders, on which rights depend: the other part does, and comes first.
		return fmt.Errorf("%w: its record is not there yet", errNotReady)
	}
	list := v.edits.ordered()
	for _, e := range list {
		if e.edit.Roster > s.Roster.Number {
			return errNotReady
		}
	}
	// What somebody has put there before they became an admin is checked as anybody's.
	admin := s.fromAdmin(v.by, v.Roster)
	if cited := s.rosterAt(v.Roster); cited != nil {
		want := cited.readers(facts{v.Record, foldersOf(v.edits.fields())}, v.Part == partPrivate, v.At)
		if !slices.Equal(v.To, want) {
			return fmt.Errorf("%w: sealed to others than the roster says", errRefused)
		}
	}
	if admin {
		return nil
	}
	// Whoever may not edit the record carries their own edits only, made while they could. Else somebody who has left
	// would need no more than any one accomplice here.
	f := facts{v.Record, foldersOf(v.edits.fields())}
	carrier := s.rosterNear(v.Roster).deviceRight(v.by, f, v.At).Covers(Edit)
	all := maps.Clone(rec.part(v.Part))
	for _, e := range list {
		if all[e.id] != nil {
			continue
		}
		if (carrier || e.edit.By == v.by) && s.allows(e, v, rec, all) {
			all[e.id] = e
			continue
		}
		delete(v.edits, e.id)
		if cited := min(e.edit.Roster, v.Roster); !s.Roster.mayJudge(s.Device, cited) && s.Roster.isJudged(cited) {
			v.unjudged = new(min(cited, *cmp.Or(v.unjudged, &cited)))
		}
	}
	switch {
	case len(v.edits) > 0:
		return nil
	case v.unjudged != nil:
		return errUnjudged
	}
	return errNoMandate
}

// mayJudge says whether a device can check what cites the roster of a number: it was in the office by then, so it has
// seen the rights of that time.
func (r *Roster) mayJudge(device string, number int) bool {
	d := r.device(device)
	return d != nil && d.Since <= number
}

// isJudged says whether an admin's device is left that can check what cites the roster of a number.
func (r *Roster) isJudged(number int) bool {
	return slices.ContainsFunc(r.admins(), func(d *Device) bool { return r.mayJudge(d.ID, number) })
}

// fromAdmin says whether a device that made a bundle is an admin's now, and was under the roster that the bundle cites.
func (s *state) fromAdmin(device string, roster int) bool {
	return s.Roster.isAdmin(device) && s.rosterNear(roster).isAdmin(device)
}

// allows is the access check of one edit, under the roster it cites and with the record as of its causal past: all are
// the edits of its part that have been accepted so far.
func (s *state) allows(e *signedEdit, v *verified, rec *record, all edits) bool {
	cited := s.rosterNear(e.edit.Roster)
	if e.edit.Clock != all.hybridClock(e.edit) {
		return false
	}
	f, least := facts{record: v.Record}, Full
	switch {
	case v.Part == partPrivate:
		if e.isRoot() && rec.edits[v.Record].beganWith(e) {
			return true
		}
		f.folders = foldersOf(rec.edits.fields())
	case e.isRoot():
		f.folders, least = foldersOf(e.edit.Set), Edit
	default:
		f.folders, least = foldersOf(fieldsOf(all.causalPast(e))), Edit
	}
	return cited.deviceRight(e.edit.By, f, time.UnixMilli(e.edit.Time)).Covers(least)
}

// hybridClock is the hybrid logical clock that an edit must have: its time, or one more than the highest of its
// parents. Anyone could set a clock so high otherwise that nobody's later change would win.
func (es edits) hybridClock(e *edit) int64 {
	newest := e.Time - 1
	for _, p := range e.Parents {
		if es[p] == nil { // pruned here; of those that are left, some are newer
			return min(max(e.Clock, e.Time), max(e.Time, es.latestClock()+1))
		}
		newest = max(newest, es[p].edit.Clock)
	}
	return newest + 1
}

// beganWith says that an edit of the part for admins was made together with the root of its record: who adds an account
// says everything about it once, also if they cannot read it afterwards.
func (root *signedEdit) beganWith(e *signedEdit) bool {
	if root == nil || root.edit.By != e.edit.By || root.edit.Time != e.edit.Time {
		return false
	}
	for name := range e.edit.Set {
		if name != fieldDeletion && name != fieldNote {
			return false
		}
	}
	return true
}

// merge adds the edits of an authorized bundle to its record: a CRDT merge, the union of two sets. It says whether they
// brought anything new.
func (s *state) merge(name string, v *verified) bool {
	rec := s.Records[v.Record]
	if rec == nil {
		rec = newRecord()
		s.Records[v.Record] = rec
	}
	mine := rec.part(v.Part)
	brought := rec.Revoked
	rec.Revoked = false
	for id, e := range v.edits {
		if mine[id] == nil {
			mine[id] = e
			brought = true
		}
	}
	rec.Live[name] = &live{v.Part, v.by, v.Roster, v.At, v.To, slices.Sorted(maps.Keys(v.edits)), v.unjudged}
	// A device that has left may have given us edits, before we knew, that no admin has accepted. Where this member cannot
	// seal a bundle, they would never reach the others either; then the set of an admin's bundle counts.
	me := s.me()
	if me != nil && s.Roster.isAdmin(v.by) && !s.Roster.right(me.Member, rec.facts(v.Record), v.At).Covers(Edit) {
		for id, e := range mine {
			if v.edits[id] == nil && s.Roster.device(e.edit.By) == nil {
				delete(mine, id)
				brought = true
			}
		}
	}
	return brought
}
