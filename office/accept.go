package office

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// judge says whether a bundle may be taken, and leaves out of it the edits that may not: whose author had no right to
// them under the roster they cite, with the record as they saw it. One bad edit does not make the others bad: else who
// sneaks one in could keep apart those who took it from those who did not.
//
// What an admin's device has sealed is taken whole. It has judged the edits before, it may make any of them itself, and
// so all devices come to the same set, also those that came later and know too little to judge.
func (s *state) judge(v *vouched) error {
	rec := s.Records[v.Record]
	if rec == nil {
		rec = newRecord()
	}
	if v.Part == partPrivate && len(rec.edits) == 0 {
		// The private part knows nothing of folders: the other part does, and comes first.
		return fmt.Errorf("%w: its record is not there yet", errNotReady)
	}
	list := v.edits.ordered()
	for _, e := range list {
		if e.edit.Roster > s.Roster.Number {
			return errNotReady
		}
	}
	// What somebody has put there before they became an admin is judged as anybody's.
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
	// Whoever may not edit the record hands in their own edits only, made while they could. Else somebody who has left
	// would need no more than any one friend here.
	f := facts{v.Record, foldersOf(v.edits.fields())}
	carrier := s.rosterNear(v.Roster).deviceRight(v.by, f, v.At).Covers(Edit)
	all := maps.Clone(rec.part(v.Part))
	for _, e := range list {
		if all[e.id] != nil {
			continue
		}
		if (carrier || e.edit.By == v.by) && s.mayHaveMade(e, v, rec, all) {
			all[e.id] = e
		} else {
			delete(v.edits, e.id)
		}
	}
	if len(v.edits) == 0 {
		return errNoMandate
	}
	return nil
}

// fromAdmin says whether a device that made a bundle is an admin's, and was under the roster that the bundle cites.
func (s *state) fromAdmin(device string, roster int) bool {
	return s.Roster.isAdmin(device) && s.rosterNear(roster).isAdmin(device)
}

// mayHaveMade judges an edit by what was known before it: all are the edits of its part that have been taken so far.
func (s *state) mayHaveMade(e *signedEdit, v *vouched, rec *record, all edits) bool {
	cited := s.rosterNear(e.edit.Roster)
	if e.edit.Clock != all.clockAfter(e.edit) {
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
		f.folders, least = foldersOf(fieldsOf(all.before(e))), Edit
	}
	return cited.deviceRight(e.edit.By, f, time.UnixMilli(e.edit.Time)).Covers(least)
}

// clockAfter is the clock that an edit must have: its time, or the next after those it was made in sight of. Anyone
// could set a clock so high otherwise that nobody's later change would count.
func (es edits) clockAfter(e *edit) int64 {
	newest := e.Time - 1
	for _, p := range e.Parents {
		if es[p] == nil { // pruned here; of those that are left, some are newer
			return min(max(e.Clock, e.Time), max(e.Time, es.newest()+1))
		}
		newest = max(newest, es[p].edit.Clock)
	}
	return newest + 1
}

// beganWith says that an edit of the part for admins was made in one go with the first of its record: who adds an
// account says everything about it once, also if they cannot read it afterwards.
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

// accept takes a bundle that has been judged, and says whether it brought anything new.
func (s *state) accept(name string, v *vouched) bool {
	rec := s.Records[v.Record]
	if rec == nil {
		rec = newRecord()
		s.Records[v.Record] = rec
	}
	mine := rec.part(v.Part)
	brought := rec.Taken
	rec.Taken = false
	for id, e := range v.edits {
		if mine[id] == nil {
			mine[id] = e
			brought = true
		}
	}
	rec.Live[name] = &live{v.Part, v.by, v.Roster, v.At, v.To, slices.Sorted(maps.Keys(v.edits))}
	// Someone who has left may have told us, before we knew, what no admin has taken. Who cannot seal a bundle cannot
	// tell the others of it either; then what an admin says counts.
	if me := s.me(); me != nil && s.Roster.isAdmin(v.by) && !s.Roster.right(me.Member, rec.facts(v.Record), v.At).Covers(Edit) {
		for id, e := range mine {
			if v.edits[id] == nil && s.Roster.device(e.edit.By) == nil {
				delete(mine, id)
				brought = true
			}
		}
	}
	return brought
}
