package office

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// judge says whether a bundle's edits may be taken: whether everybody who made one had the right to, under the roster
// it cites and with the record as they saw it, and whether the bundle is sealed to whom it should be.
func (s *state) judge(v *vouched) error {
	rec := s.Records[v.Record]
	if rec == nil {
		rec = newRecord()
	}
	known := rec.part(v.Part)
	all := edits{}
	maps.Copy(all, known)
	maps.Copy(all, v.edits)
	// The private part knows nothing of folders: the other part does, and comes first.
	base := all
	if v.Part == partPrivate {
		if base = rec.edits; len(base) == 0 {
			return fmt.Errorf("%w: its record is not there yet", errNotReady)
		}
	}
	sealer := s.Roster.deviceRight(v.by, facts{v.Record, foldersOf(v.edits.fields())}, v.At).Covers(Edit) ||
		s.Roster.isAdmin(v.by)
	for _, e := range v.edits.ordered() {
		if known[e.id] != nil {
			continue
		}
		if err := s.mayHaveMade(e, v, base, sealer); err != nil {
			return err
		}
	}
	if v.Part == partRecord {
		for _, e := range all {
			if e.isRoot() && e.id != v.Record {
				return fmt.Errorf("%w: a second beginning", errRefused)
			}
		}
	}
	cited := s.rosterAt(v.Roster)
	if cited == nil {
		return nil // older than we can tell; whoever may will seal it anew
	}
	if want := cited.readers(facts{v.Record, foldersOf(v.edits.fields())}, v.Part == partPrivate, v.At); !slices.Equal(v.To, want) {
		return fmt.Errorf("%w: sealed to others than the roster says", errRefused)
	}
	return nil
}

func (s *state) mayHaveMade(e *signedEdit, v *vouched, base edits, sealer bool) error {
	cited := s.rosterAt(e.edit.Roster)
	if e.edit.Roster > s.Roster.Number {
		return errNotReady
	}
	if cited == nil { // from before what we know: on the word of one who may edit it today
		if sealer {
			return nil
		}
		return errNoMandate
	}
	f := facts{record: v.Record}
	switch {
	case v.Part == partPrivate && e.isRoot():
		if root := base[v.Record]; root != nil && root.edit.By == e.edit.By {
			return nil // who adds an account says everything about it once
		}
		f.folders = foldersOf(base.fields())
	case e.isRoot():
		f.folders = foldersOf(e.edit.Set)
	case v.Part == partPrivate:
		f.folders = foldersOf(base.fields())
	default:
		f.folders = foldersOf(fieldsOf(base.before(e)))
	}
	least := Edit
	if v.Part == partPrivate {
		least = Full
	}
	if !cited.deviceRight(e.edit.By, f, time.UnixMilli(e.edit.Time)).Covers(least) {
		return errNoMandate
	}
	return nil
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
