package office

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
)

// The rosters are a hash chain in the store. Each number is a name that the store gives once, so that of two admins who
// decide at the same time one is first: appending is an optimistic transaction, a compare-and-swap on the next number.

// followChain accepts the rosters after the newest one that is known, and refuses one that does not continue the chain.
func (o *Office) followChain(ctx context.Context) error {
	s := o.state
	for !s.Expelled {
		number := s.Roster.Number + 1
		sealed, err := o.store.Get(ctx, rosterName(number))
		if errors.Is(err, store.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		next, hash, err := readRoster(o.box, sealed, number, s.Office, o.id, s.Roster, s.Hash)
		if err != nil {
			newer := (*seal.VersionError)(nil)
			if s.Roster.isAdmin(s.Device) && !errors.Is(err, errRefused) && !errors.As(err, &newer) {
				// An admin can read every roster that is one. This one only keeps the place. What an admin has signed is
				// another matter: a newer program's, or the store shows two histories. To delete that would make it worse.
				return o.store.Delete(ctx, rosterName(number))
			}
			if err := o.detectFork(ctx); err != nil {
				return err // the sentence that says more
			}
			return lang.E("office-roster-refused", "Number", number).Kind(ErrFork)
		}
		o.advance(next, hash)
	}
	return nil
}

const (
	// amendTries is how often a change is made to what another admin has just left.
	amendTries = 20
	// firstPause and lastPause are how long a roster that is on its way is waited for between two tries: a quarter of a
	// minute in all.
	firstPause = 100 * time.Millisecond
	lastPause  = time.Second
)

// errOutrun is that another admin's roster, or something that cannot be read, has the next number.
var errOutrun = errors.New("the next number is taken")

// amend appends a changed roster to the chain, in one transaction. The change is applied anew to each newer roster that
// another admin is first with, so it must depend on nothing but the roster it gets.
func (o *Office) amend(ctx context.Context, change func(*Roster) error) error {
	taken := 0 // the number that was
	for try := range amendTries {
		if err := o.followChain(ctx); err != nil {
			return err
		}
		s := o.state
		if taken == s.Roster.Number+1 { // what has it cannot be read: it is still being written, or copied
			if err := o.sleep(ctx, min(firstPause<<try, lastPause)); err != nil {
				return err
			}
		}
		if s.Expelled || !s.Roster.isAdmin(s.Device) {
			return sentenceNotAdmin()
		}
		if err := o.detectFork(ctx); err != nil {
			return err
		}
		next, err := o.propose(change)
		if err != nil {
			return err
		}
		if err := o.publish(ctx, next); err != errOutrun {
			return err
		}
		taken = next.Number
	}
	// The place is taken, and by nothing that can be read: a roster that is still on its way, or what a machine that broke
	// down has left, which the store replaces after a time.
	name := rosterName(o.state.Roster.Number + 1)
	if _, err := o.store.Get(ctx, name); errors.Is(err, store.ErrNotExist) {
		return lang.E("office-roster-stuck", "Name", name)
	}
	return sentenceBusy()
}

// propose is the roster that would follow the newest one, with a change made to it.
func (o *Office) propose(change func(*Roster) error) (*Roster, error) {
	s := o.state
	next := s.Roster.clone()
	next.Office, next.Number, next.Before, next.At = s.Office, s.Roster.Number+1, s.Hash, wireTime(o.now())
	if err := change(next); err != nil {
		return nil, err
	}
	next.expire(o.now())
	for _, d := range s.Roster.missingFrom(next) {
		next.Former = append(next.Former, s.Roster.formerly(d, next.Number))
	}
	if err := next.check(); err != nil {
		return nil, sentenceInvalid(err)
	}
	return next, nil
}

// publish puts a roster into the store under its number and accepts it, or returns errOutrun.
func (o *Office) publish(ctx context.Context, next *Roster) error {
	s := o.state
	body, err := next.encode()
	if err != nil {
		return err
	}
	// Whoever is no longer in it reads it too: so a device knows for sure that it has been removed.
	to := next.readersOfRoster()
	for _, d := range s.Roster.missingFrom(next) {
		to = append(to, d.Public)
	}
	sealed, err := o.box.seal(rosterContext(s.Office, next.Number), body, o.id, to...)
	if err != nil {
		return err
	}
	switch put := o.store.Put(ctx, rosterName(next.Number), sealed); put {
	case nil:
		o.advance(next, hash(body))
	case store.ErrExists:
		return errOutrun
	default:
		// Its answer may be what got lost: then the chain has it, and it is ours.
		if err := o.followChain(ctx); err != nil || s.Hash != hash(body) {
			return put
		}
	}
	s.Outbox = append(s.Outbox, rosterName(next.Number))
	return o.save()
}

// advance moves the head of the chain to a roster that was verified.
func (o *Office) advance(next *Roster, hash string) {
	s := o.state
	back := s.away()
	if s.Roster.hasBack(next) {
		o.relist = true // what such a device has put there counts now
	}
	if len(s.Roster.missingFrom(next)) > 0 || len(next.missingFrom(s.Roster)) > 0 {
		// What a device that is gone has put there lately, it may not have announced; what one that is new has put there
		// was nobody's until now.
		s.Doubt = o.now()
	}
	s.advance(next, hash)
	if back && !s.away() {
		s.Asking, s.Back = nil, o.now()
	}
	o.vaultStale, o.dirty = true, true
}

// missingFrom are the devices that another roster no longer has.
func (r *Roster) missingFrom(next *Roster) []*Device {
	var list []*Device
	for i := range r.Devices {
		if d := &r.Devices[i]; next.device(d.ID) == nil {
			list = append(list, d)
		}
	}
	return list
}

// detectFork refuses to append to a roster that the store has another of: a program that copies the folder lets two
// admins both decide under one number, and keeps one of the two. Who went on from the other would stop everybody else.
func (o *Office) detectFork(ctx context.Context) error {
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

// expire takes out what has ended: invitations that ran out, and grants a day after their end, so that every device has
// seen the end.
func (r *Roster) expire(now time.Time) {
	r.Invites = slices.DeleteFunc(r.Invites, func(v Invite) bool { return !now.Before(v.Until) })
	r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool {
		return !g.Until.IsZero() && now.Sub(g.Until) > 24*time.Hour
	})
}
