package office

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"kapu/lang"
	"kapu/office/store"
)

// see is what an admin's device does besides, whenever it is online.
func (o *Office) see(ctx context.Context, now time.Time) error {
	if err := o.seeToBooks(ctx, now); err != nil {
		return err
	}
	for _, device := range slices.Sorted(maps.Keys(o.state.Requests)) {
		r := o.state.Requests[device]
		invite := o.state.Roster.invite(r.Invite)
		if invite == nil { // another admin has decided
			if err := o.dropRequest(ctx, device); err != nil {
				return err
			}
			continue
		}
		if invite.Auto && now.Before(invite.Until) {
			if err := o.approve(ctx, device); err != nil && !errors.Is(err, ErrInvite) && !errors.Is(err, ErrInvalid) {
				return err
			}
		}
	}
	return o.tidyFeed(ctx)
}

// keepFeed is how many entries of the feed stay. Who has been away for longer asks for all names.
const keepFeed = 2000

// tidyFeed deletes what is old, now and then.
func (o *Office) tidyFeed(ctx context.Context) error {
	old := o.state.Cursor - keepFeed
	if old <= 0 || o.state.Cursor%100 != 0 {
		return nil
	}
	numbers, err := o.listNumbers(ctx, prefixFeed, "")
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if n > old {
			return nil
		}
		if err := o.store.Delete(ctx, feedName(n)); err != nil {
			return err
		}
	}
	return nil
}

// amend changes the roster. Of two admins who do so at once one is first; the other's change is made to what the first
// has left.
func (o *Office) amend(ctx context.Context, change func(*Roster) error) error {
	for range amendTries {
		if err := o.pullRosters(ctx); err != nil {
			return err
		}
		s := o.state
		if s.Expelled || !s.Roster.isAdmin(s.Device) {
			return sentenceNotAdmin()
		}
		if err := o.mustContinue(ctx); err != nil {
			return err
		}
		next := s.Roster.clone()
		next.Office, next.Number, next.Before, next.At = s.Office, s.Roster.Number+1, s.Hash, stamp(o.now())
		if err := change(next); err != nil {
			return err
		}
		next.tidy(o.now())
		for i := range s.Roster.Devices {
			if d := &s.Roster.Devices[i]; next.device(d.ID) == nil {
				next.Former = append(next.Former, s.Roster.formerly(d, next.Number))
			}
		}
		if err := next.check(); err != nil {
			return sentenceInvalid(err)
		}
		body, err := next.encode()
		if err != nil {
			return err
		}
		// Whoever is no longer in it reads it too: so a device knows for sure that it has been removed.
		to := next.readersOfRoster()
		for i := range s.Roster.Devices {
			if d := &s.Roster.Devices[i]; next.device(d.ID) == nil {
				to = append(to, d.Public)
			}
		}
		sealed, err := o.box.seal(rosterContext(s.Office, next.Number), body, o.id, to...)
		if err != nil {
			return err
		}
		put := o.store.Put(ctx, rosterName(next.Number), sealed)
		if put == nil {
			s.advance(next, hash(body))
			o.dirty, o.pulled = true, true
			return o.save()
		}
		if put == store.ErrExists {
			continue
		}
		// Its answer may be what got lost: then the next look finds it, and it is ours.
		if err := o.pullRosters(ctx); err != nil || o.state.Hash != hash(body) {
			return put
		}
		return o.save()
	}
	// The place is taken, and by nothing that can be read: somebody's rubbish, or a roster that is still on its way. To
	// delete it could be the end of a true one, so a person has to look.
	name := rosterName(o.state.Roster.Number + 1)
	if _, err := o.store.Get(ctx, name); errors.Is(err, store.ErrNotExist) {
		return lang.E("office-roster-stuck", "Name", name)
	}
	return sentenceBusy()
}

// mustContinue refuses to go on from a roster that the store has another of: a program that copies the folder lets two
// admins both decide under one number, and keeps one of the two. Who went on from the other would stop everybody else.
func (o *Office) mustContinue(ctx context.Context) error {
	s := o.state
	number := s.Roster.Number
	before := s.rosterAt(number - 1)
	if before == nil {
		return nil
	}
	sealed, err := o.store.Get(ctx, rosterName(number))
	if errors.Is(err, store.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var authors []string
	for _, d := range before.admins() {
		if key, _ := s.Roster.signer(d.ID); key != "" {
			authors = append(authors, key)
		}
	}
	body, _, err := o.box.open(rosterContext(s.Office, number), sealed, o.id, authors...)
	if err == nil && hash(body) != s.Hash {
		return lang.E("office-roster-two", "Number", number).Kind(ErrFork)
	}
	return nil // ours, or rubbish in its place, which nobody takes for one
}

const amendTries = 20

// tidy takes out what has ended: invitations that ran out, and grants a day after their end, so that every device has
// seen the end.
func (r *Roster) tidy(now time.Time) {
	r.Invites = slices.DeleteFunc(r.Invites, func(v Invite) bool { return !now.Before(v.Until) })
	r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool {
		return !g.Until.IsZero() && now.Sub(g.Until) > 24*time.Hour
	})
}
