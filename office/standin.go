package office

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// Substitution asks that a member stands in for some days: for all that another member has, or for some scopes.
type Substitution struct {
	Member string // id of who stands in
	For    string // id of the other member, or "" for Scopes
	Scopes []Scope
	Right  Right // usually Codes, so that no key is given away; Use or Edit
	// From and Until are the span, half-open as in a Grant; a zero From is now. There is an end.
	From, Until time.Time
}

// StandIn gives a member a right for a span of time, as one amendment of the roster. It only adds: no right is replaced
// or ends earlier by it.
//
//   - To stand in for a member is to have what that member has without an end at some time of the span, or everything
//     if they are an admin. What they have for some days only is not passed on, nor are records that have been removed.
//   - Where the substitute has the right, or a greater one, during the whole span anyway, at the scope or at
//     everything, nothing is given. If that is so at every scope, it is refused, for then somebody meant something
//     else.
//   - Where they have a right of the same kind with an end, for other days that overlap, it is refused: to end one of
//     the two would not end the substitution. Days that do not overlap are another substitution.
func (o *Office) StandIn(ctx context.Context, s Substitution) (RightsChange, error) {
	return o.changeRights(ctx, func(r *Roster) (RightsChange, error) {
		return s.apply(r, o.now(), func(record string) bool {
			known := o.state.Records[record]
			return known != nil && known.edits.fields()[fieldGone] == ""
		})
	})
}

// apply gives the right in a roster. exists says of a record that it has not been removed.
func (s *Substitution) apply(r *Roster, now time.Time, exists func(record string) bool) (RightsChange, error) {
	var done RightsChange
	if err := s.check(r, now); err != nil {
		return done, err
	}
	scopes := s.Scopes
	if s.For != "" {
		if scopes = s.scopesOf(r, exists); len(scopes) == 0 {
			return done, lang.E("office-no-rights").Kind(ErrInvalid)
		}
	}
	var missing []Grant
	for _, scope := range scopes {
		g := scope.grant(s.Member, s.Right, s.From, s.Until)
		if r.hasThroughout(&g, now) {
			continue
		}
		if other := r.overlapping(&g, now); other != nil {
			name := r.member(s.Member).Name
			return done, lang.E("office-other-days", "Name", name, "Until", LastDay(other.Until)).Kind(ErrInvalid)
		}
		if !slices.ContainsFunc(missing, func(m Grant) bool { return m.scope() == g.scope() }) {
			g.ID = newID()
			missing = append(missing, g)
		}
	}
	if len(missing) == 0 {
		return done, lang.E("office-may-anyway").Kind(ErrInvalid)
	}
	r.Grants = append(r.Grants, missing...)
	done.Given = len(missing)
	return done, nil
}

// check says why a substitution cannot be made, in a sentence.
func (s *Substitution) check(r *Roster, now time.Time) error {
	if s.Until.IsZero() {
		return lang.E("office-codes-need-end").Kind(ErrInvalid)
	}
	if s.Right == None {
		return sentenceInvalid(errors.New("a substitution without a right"))
	}
	switch {
	case s.For == "":
	case s.For == s.Member:
		return lang.E("office-stand-in-self").Kind(ErrInvalid)
	case r.member(s.For) == nil:
		return lang.E("office-member-unknown", "Name", s.For).Kind(ErrUnknown)
	}
	a := Assignment{Members: []string{s.Member}, Right: s.Right, From: s.From, Until: s.Until}
	return a.check(r, now)
}

// ScopesOf are the scopes that standing in for a member would give, as a roster has them.
func (s *Substitution) ScopesOf(r *Roster) []Scope {
	if r.member(s.For) == nil {
		return nil
	}
	return s.scopesOf(r, func(string) bool { return true })
}

// scopesOf are the scopes of the member who is stood in for, the widest alone if that is everything.
func (s *Substitution) scopesOf(r *Roster, exists func(record string) bool) []Scope {
	if r.member(s.For).Role == Admin {
		return []Scope{{}}
	}
	span := Grant{From: s.From, Until: s.Until}
	var scopes []Scope
	for i := range r.Grants {
		g := &r.Grants[i]
		if g.Member != s.For || !g.Until.IsZero() || !span.meets(g) || g.Record != "" && !exists(g.Record) {
			continue
		}
		if g.scope() == (Scope{}) {
			return []Scope{{}}
		}
		scopes = append(scopes, g.scope())
	}
	slices.SortFunc(scopes, func(a, b Scope) int {
		return cmp.Or(strings.Compare(a.Folder, b.Folder), strings.Compare(a.Record, b.Record))
	})
	return slices.Compact(scopes)
}

// hasThroughout says whether one grant that the member has makes another needless: it is as great, to the same scope or
// to everything, and holds as long.
func (r *Roster) hasThroughout(g *Grant, now time.Time) bool {
	return slices.ContainsFunc(r.Grants, func(old Grant) bool {
		return old.Member == g.Member && (old.scope() == g.scope() || old.scope() == Scope{}) && old.Right.Covers(g.Right) &&
			!old.From.After(g.begins(now)) && (old.Until.IsZero() || !old.Until.Before(g.Until))
	})
}

// overlapping is a grant of the same kind and with an end that the member has at the same scope for some of the days,
// or nil. One without an end is no substitution, and what is given on top of it ends by itself.
func (r *Roster) overlapping(g *Grant, now time.Time) *Grant {
	i := slices.IndexFunc(r.Grants, func(old Grant) bool {
		return !old.Until.IsZero() && old.Right.withKey() == g.Right.withKey() && g.displaces(&old, now)
	})
	if i < 0 {
		return nil
	}
	return &r.Grants[i]
}
