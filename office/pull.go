package office

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"kapu/office/store"
)

// listEvery is how often all names are listed, to find what the feed did not tell (anti-entropy).
const listEvery = 24 * time.Hour

// pull takes in what others have put into the store. When nothing is new it costs two requests: the feed, and the next
// roster.
func (p *pass) pull(ctx context.Context) error {
	s := p.state
	p.relist = p.relist || p.listingDue()
	clear(p.unopened)
	names, err := p.readFeed(ctx)
	if err != nil {
		return err
	}
	doubtful := p.relist || p.flush || s.announcesRoster(names)
	if err := p.followChain(ctx); err != nil || s.Expelled || s.away() {
		return err
	}
	if doubtful {
		if err := p.detectFork(ctx); err != nil {
			return err
		}
	}
	if p.relist {
		all, err := p.listAll(ctx)
		if err != nil {
			return err
		}
		names = append(names, all...)
	}
	if err := p.fetchMissing(ctx, names); err != nil {
		return err
	}
	maps.DeleteFunc(p.unopened, func(id string, _ bool) bool { return s.Records[id] != nil }) // opened by another bundle
	if err := p.findRevoked(ctx); err != nil {
		return err
	}
	if p.relist {
		s.Listed, p.relist, p.dirty = p.now(), false, true
	}
	return nil
}

// doubtTime is how long after a doubt about what is in the store all names are listed once more.
const doubtTime = 10 * time.Minute

// listingDue says whether the last listing is too old, was made by a clock that was ahead, or from before a doubt.
func (p *pass) listingDue() bool {
	s := p.state
	doubtful := s.Listed.Before(s.Doubt.Add(doubtTime)) && !p.now().Before(s.Doubt.Add(doubtTime))
	return !s.Returning.IsZero() || s.Listed.IsZero() || p.now().Sub(s.Listed) > listEvery ||
		s.Listed.After(p.now().Add(time.Hour)) || doubtful
}

// doubt notes that a device has just worked by an older roster than this one. By that it may also have deleted bundles
// that count; and where a program copies the folder, what it deleted goes later than what it wrote came.
func (p *pass) doubt() {
	if !p.relist {
		p.state.Doubt, p.dirty = p.now(), true
	}
}

// listAll lists all names of bundles, books and joins, and forgets the bundles and books that are gone.
func (p *pass) listAll(ctx context.Context) ([]string, error) {
	s := p.state
	there := map[string]bool{}
	var names []string
	prefixes := []string{prefixAccounts, prefixBooks}
	if s.Roster.isAdmin(s.Device) {
		prefixes = append(prefixes, prefixJoins)
	}
	closed := map[string]bool{} // folders that may not be read
	for _, prefix := range prefixes {
		some, err := p.listBut(ctx, prefix, "", func(folder string, err error) error {
			closed[folder] = true
			p.trouble.goesOn(folder, err)
			return nil
		})
		if err != nil {
			return nil, err
		}
		for _, name := range some {
			there[name] = true
		}
		names = append(names, some...)
	}
	// A book that an admin has deleted: the client was moved out of what is granted, or its key is another.
	for name := range s.Books {
		if !there[name] && !isBelow(name, closed) {
			if err := p.dropBook(name); err != nil {
				return nil, err
			}
		}
	}
	for id, r := range s.Records {
		for name := range r.Live {
			if !there[name] && !isBelow(name, closed) {
				delete(r.Live, name)
				p.askOnce(name) // a listing may have a hole
				p.queueReseal(id)
			}
		}
	}
	p.storeBooks = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := splitBookName(name)
		return err != nil
	})
	return names, nil
}

// isBelow says whether a name lies in one of some folders, whose names end with a slash.
func isBelow(name string, folders map[string]bool) bool {
	for i, c := range name {
		if c == '/' && folders[name[:i+1]] {
			return true
		}
	}
	return false
}

// fetchMissing gets those objects, of the names given and of those queued by retryLater, that this device lacks.
func (p *pass) fetchMissing(ctx context.Context, names []string) error {
	s := p.state
	maps.DeleteFunc(s.Retries, func(name string, _ int) bool { // come in another way, or of no use any more
		feed := strings.HasPrefix(name, prefixFeed)
		return !feed && !p.isMissing(name)
	})
	names = slices.AppendSeq(names, maps.Keys(s.Retries))
	slices.Sort(names)
	names = slices.Compact(names)
	names = slices.DeleteFunc(names, func(name string) bool { return !p.isMissing(name) })
	// The parts for all come before those for admins, which are judged by them.
	slices.SortStableFunc(names, func(a, b string) int { return fetchOrder(a) - fetchOrder(b) })
	fetching := startProgress(len(names), func(left int) { p.tell(Progress{Fetch: left}) })
	for got := range store.GetAll(ctx, p.store, names) {
		fetching.step()
		err := got.Err
		if err == nil {
			err = p.receive(got.Name, got.Body)
		}
		absent := errors.Is(err, store.ErrNotExist) || errors.Is(err, errNotReady)
		if err != nil && !absent {
			s.Retries[got.Name] += 0 // it is asked for until it can be read, or is gone
			p.dirty = true
			if !p.trouble.goesOn(got.Name, err) {
				return err
			}
			continue
		}
		p.trouble.over()
		switch _, queued := s.Retries[got.Name]; {
		case absent:
			if err := p.retryLater(got.Name); err != nil {
				return err
			}
		case queued:
			delete(s.Retries, got.Name)
			p.dirty = true
		}
	}
	return nil
}

func fetchOrder(name string) int {
	if _, part, _, err := splitBundleName(name); err == nil && part == partPrivate {
		return 1
	}
	return 0
}

// isMissing says whether a name is of an object that this device does not have and may be able to read.
func (p *pass) isMissing(name string) bool {
	s := p.state
	if record, _, _, err := splitBundleName(name); err == nil {
		r := s.Records[record]
		return r == nil || r.Live[name] == nil
	}
	if label, err := splitBookName(name); err == nil {
		_, again := s.Retries[name]
		return label.device == s.Device && (again || !s.Books[name])
	}
	if device, ok := splitJoinName(name); ok {
		return s.Roster.isAdmin(s.Device) && !p.hasOpenRequest(device) &&
			(s.Roster.device(device) == nil || s.Roster.isAway(device))
	}
	return false
}

// maxTries is after how many pulls a name that was announced and is not there is dropped from the queue; then only a
// whole listing finds it.
const maxTries = 10

// askOnce queues a name whose object may be there or not, before anything relies on either.
func (p *pass) askOnce(name string) { p.state.Retries[name], p.dirty = maxTries, true }

// retryLater queues a name whose object is not visible yet (eventual consistency: a slow folder may show the name
// before the thing) or cites a roster that is not. It is dropped after maxTries. A book that this device has is gone.
func (p *pass) retryLater(name string) error {
	s := p.state
	p.dirty = true
	if s.Retries[name]++; s.Retries[name] > maxTries {
		delete(s.Retries, name)
	}
	if s.Books[name] {
		return p.dropBook(name)
	}
	return nil
}

// receive takes in one object. It returns errNotReady for one that is to be tried again, and else nil: an invalid
// object is no reason to stop, for whoever may will put a right one there.
func (p *pass) receive(name string, sealed []byte) error {
	var err error
	if record, part, _, e := splitBundleName(name); e == nil {
		err = p.receiveBundle(name, record, part, sealed)
	} else if label, e := splitBookName(name); e == nil {
		err = p.receiveBook(name, label, sealed)
	} else if device, ok := splitJoinName(name); ok {
		err = p.receiveRequest(device, sealed)
	}
	if errors.Is(err, errNotReady) {
		return errNotReady
	}
	return nil
}

// receiveBundle merges the edits of a bundle into its record. Of one that is not accepted it notes what may follow: the
// record was revoked from this device, or the bundle is garbage.
func (p *pass) receiveBundle(name, record, part string, sealed []byte) error {
	s := p.state
	v, err := openBundle(p.box, s.Office, name, sealed, p.id, s.Roster)
	if err == nil {
		err = s.authorize(v)
	}
	if err != nil {
		switch r := s.Records[record]; {
		case !errors.Is(err, errNotForUs), part == partPrivate && !s.Roster.isAdmin(s.Device):
		case r != nil && len(r.edits) > 0:
			p.suspects[record] = true
		default:
			p.unopened[record] = true
		}
		if p.isGarbage(name, sealed, err) {
			p.garbage = append(p.garbage, name)
			p.doubt()
		}
		return err
	}
	if v.by != s.Device && v.Roster < s.Roster.Number {
		p.doubt()
	}
	p.dirty = true
	p.queueReseal(record)
	if s.merge(name, v) {
		p.vaultStale = true
	}
	if l := s.Records[record].Live[name]; l != nil && l.By == s.Device { // put there, and cut off before it was announced
		s.Outbox = append(s.Outbox, name)
	}
	return nil
}

// isOnItsWay says whether a bundle of a record was announced and is not there yet.
func (p *pass) isOnItsWay(record string) bool {
	for name := range p.state.Retries {
		if id, part, _, err := splitBundleName(name); err == nil && id == record && part == partRecord {
			return true
		}
	}
	return false
}

// isReadable says whether a bundle of a record that this device could open is still in the store.
func (p *pass) isReadable(ctx context.Context, r *record) (bool, error) {
	for _, name := range r.liveOf(partRecord) {
		_, err := p.store.Get(ctx, name)
		if !errors.Is(err, store.ErrNotExist) {
			return err == nil, err
		}
	}
	return false, nil
}

// findRevoked marks records that still exist but are no longer sealed to this device, and unmarks those that are again.
func (p *pass) findRevoked(ctx context.Context) error {
	s := p.state
	ids := slices.Sorted(maps.Keys(p.suspects))
	clear(p.suspects)
	for _, id := range ids {
		r := s.Records[id]
		if s.Roster.isAdmin(s.Device) {
			continue // another admin has sealed it before this device was one
		}
		if p.isOnItsWay(id) {
			p.suspects[id] = true
			continue
		}
		readable, err := p.isReadable(ctx, r)
		if err != nil {
			p.suspects[id] = true
			if !p.trouble.goesOn(prefixAccounts+id, err) {
				return err
			}
			continue
		}
		if !readable && p.justBack() && slices.Contains(s.Roster.readers(r.facts(id), false, p.at), s.Device) {
			p.suspects[id] = true // it is being sealed to this device again
			continue
		}
		if r.Revoked == readable {
			r.Revoked, p.dirty, p.vaultStale = !readable, true, true
			p.queueReseal(id) // what this person has said of it is handed in yet
		}
	}
	return nil
}
