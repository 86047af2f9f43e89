package office

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// Scope is what a right is to: the account with a record, a folder with whatever is in it and will be, or, if it is
// neither, everything. Rights to different scopes do not touch each other: of all that hold, a member has the greatest.
type Scope struct{ Record, Folder string }

// Assignment asks that members have one right to some scopes.
type Assignment struct {
	Members []string // ids
	Scopes  []Scope
	// AnyScope is every scope that the members have a right to; only for taking rights away.
	AnyScope bool
	Right    Right // Codes, Use, Edit; None takes away
	// From and Until are the span, half-open as in a Grant; a zero From is now. Both are ignored for None.
	From, Until time.Time
}

// RightsChange is what an amendment did to the grants.
type RightsChange struct {
	Given int // grants that are new
	Ended int // grants that are gone, or end earlier
}

// errUnchanged is that a change leaves the roster as it is; then nothing is appended to the chain.
var errUnchanged = errors.New("nothing to change")

// SetRights gives rights or takes them away, as one amendment of the roster. It is idempotent: what is so already
// stays, and if all of it is, no amendment is made.
//
// From its first moment on, a right takes the place of what the member has at the same scope:
//
//   - A right of the same kind (with the key: use and edit; without: codes) that overlaps is replaced as a whole; it
//     does not come back when the new one ends. If the new one only begins later, the old one holds until then.
//   - A right of the other kind is replaced if it holds now and the new one begins now: who is set to codes has no key
//     any more. What is only planned, or planned over, is left: a substitution for next week takes nothing from
//     anybody.
//   - None takes away all there is at the scope, planned or begun.
//
// Rights to narrower and wider scopes stay: to take a folder away leaves a right to a client in it, and to everything.
func (o *Office) SetRights(ctx context.Context, a Assignment) (RightsChange, error) {
	return o.changeRights(ctx, func(r *Roster) (RightsChange, error) { return a.apply(r, o.now()) })
}

// changeRights makes a change of grants as one amendment, and none if nothing changes. If it takes something away, what
// was edited with that right until now is pulled first.
func (o *Office) changeRights(ctx context.Context, change func(*Roster) (RightsChange, error)) (RightsChange, error) {
	var done RightsChange
	err := o.locked(ctx, func() error {
		if o.state.Roster == nil {
			return sentenceNotAdmin()
		}
		if preview, err := change(o.state.Roster.clone()); err == nil && preview.Ended > 0 {
			if err := o.newPass().pull(ctx); err != nil {
				return err
			}
		}
		return o.amend(ctx, func(r *Roster) (err error) {
			if done, err = change(r); err == nil && done == (RightsChange{}) {
				err = errUnchanged
			}
			return err
		})
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return RightsChange{}, err
	}
	return done, nil
}

// apply makes the assignment in a roster.
func (a *Assignment) apply(r *Roster, now time.Time) (RightsChange, error) {
	var done RightsChange
	if err := a.check(r, now); err != nil {
		return done, err
	}
	from, until := a.From, a.Until
	if a.Right == None {
		from, until = time.Time{}, time.Time{}
	}
	for _, member := range a.Members {
		if a.AnyScope {
			before := len(r.Grants)
			r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool { return g.Member == member && !g.ended(now) })
			done.Ended += before - len(r.Grants)
			continue
		}
		for _, scope := range a.Scopes {
			change := r.assign(scope.grant(member, a.Right, from, until), now)
			done.Given, done.Ended = done.Given+change.Given, done.Ended+change.Ended
		}
	}
	return done, nil
}

// check says why an assignment cannot be made, in a sentence.
func (a *Assignment) check(r *Roster, now time.Time) error {
	for _, id := range a.Members {
		m := r.member(id)
		switch {
		case m == nil:
			return lang.E("office-member-unknown", "Name", id).Kind(ErrUnknown)
		case m.Role == Admin && a.Right != None:
			return lang.E("office-admin-has-all", "Name", m.Name).Kind(ErrInvalid)
		}
	}
	if a.Right == None {
		return nil
	}
	if a.AnyScope {
		return sentenceInvalid(errors.New("a right to any scope"))
	}
	return checkSpan(a.Right, a.From, a.Until, now)
}

// checkSpan says why a right cannot be given for a span, in a sentence.
func checkSpan(right Right, from, until, now time.Time) error {
	switch {
	case right == Codes && until.IsZero():
		return lang.E("office-codes-need-end").Kind(ErrInvalid)
	case !until.IsZero() && (!from.Before(until) || !now.Before(until)):
		return lang.E("office-days-wrong").Kind(ErrInvalid)
	}
	return nil
}

// grant is a right to a scope, as yet without an id.
func (s Scope) grant(member string, right Right, from, until time.Time) Grant {
	return Grant{
		Member: member, Right: right, Record: s.Record, Folder: vault.CleanText(s.Folder),
		From: wireTimeOrZero(from), Until: wireTimeOrZero(until),
	}
}

// scope is what a grant is a right to.
func (g *Grant) scope() Scope { return Scope{g.Record, g.Folder} }

// withKey says whether a right is of the kind whose holder has the key.
func (r Right) withKey() bool { return r.Covers(Use) }

// ended says whether a grant is over.
func (g *Grant) ended(now time.Time) bool { return !g.Until.IsZero() && !now.Before(g.Until) }

// assign lets a grant take the place of those of its member at its scope; one of None only takes their place.
func (r *Roster) assign(grant Grant, now time.Time) RightsChange {
	var done RightsChange
	has := false
	kept := make([]Grant, 0, len(r.Grants)+1)
	for _, g := range r.Grants {
		switch {
		case !grant.displaces(&g, now):
			kept = append(kept, g)
		case g.Right == grant.Right && g.Until.Equal(grant.Until) && !g.From.After(grant.begins(now)):
			has = true
			kept = append(kept, g)
		case grant.From.After(now) && g.From.Before(grant.From):
			g.Until = grant.From
			kept = append(kept, g)
			done.Ended++
		default:
			done.Ended++
		}
	}
	if grant.Right != None && !has {
		grant.ID = newID()
		kept = append(kept, grant)
		done.Given++
	}
	r.Grants = kept
	return done
}

// begins is the first moment from now on at which a grant holds.
func (g *Grant) begins(now time.Time) time.Time {
	if g.From.After(now) {
		return g.From
	}
	return now
}

// displaces says whether another grant cannot stay as it is once this one is given: the rules are those of SetRights.
func (g *Grant) displaces(old *Grant, now time.Time) bool {
	if old.Member != g.Member || old.scope() != g.scope() || old.ended(now) {
		return false
	}
	span := Grant{From: g.begins(now), Until: g.Until}
	switch {
	case g.Right == None:
		return true
	case !span.meets(old):
		return false
	case old.Right.withKey() == g.Right.withKey():
		return true
	}
	return !g.From.After(now) && old.holds(now)
}
