package office

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"kapu/office/store"
)

// The feed is the change log of the store: numbered entries, each a list of names that are new. It is not signed, and
// only a hint: what it does not tell, the next whole listing finds.

const (
	maxFeedNames = 1000
	maxFeedBytes = 200 << 10
	maxLeap      = 1_000_000 // between the numbers of two entries
	maxWanted    = 20_000    // names in the queue of what is not there yet
	// keepFeed is how many entries stay. Who has been away for longer lists all names.
	keepFeed = 2000
)

// readFeed returns the names that are new since the cursor, and moves the cursor.
func (p *pass) readFeed(ctx context.Context) ([]string, error) {
	s := p.state
	numbers, err := p.listNumbers(ctx, prefixFeed, feedName(max(s.Cursor, 0)))
	if err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	numbers = withoutLeaps(numbers, s.Cursor)
	if s.Cursor < 0 { // a device that begins sees everything in the whole listing
		s.Cursor, p.dirty = 0, true
		if len(numbers) > 0 {
			s.Cursor = numbers[len(numbers)-1]
		}
		p.relist = true
		return nil, nil
	}
	names, err := p.takeFeed(ctx, numbers)
	if !p.queue(names) { // also those before an error, for the cursor has passed them
		names = nil
	}
	return names, err
}

// takeFeed returns the names in the entries with these numbers, in their order, and moves the cursor over them. It ends
// before one that is on its way.
func (p *pass) takeFeed(ctx context.Context, numbers []int) (names []string, err error) {
	s := p.state
	var entries []string
	for _, n := range numbers {
		entries = append(entries, feedName(n))
	}
	for got := range store.GetAll(ctx, p.store, entries) {
		if errors.Is(got.Err, store.ErrNotExist) {
			p.dirty = true
			if s.Retries[got.Name]++; s.Retries[got.Name] <= maxTries {
				break // nothing after it is passed over
			}
			p.relist = true // it does not come: its writer died, or somebody made a file that is none
		} else if got.Err != nil {
			return names, got.Err
		}
		delete(s.Retries, got.Name)
		n := numbers[0]
		if numbers = numbers[1:]; n != s.Cursor+1 {
			p.relist = true // what was in between is no longer there
		}
		names = append(names, feedNames(got.Body)...)
		s.Cursor, p.dirty = n, true
	}
	return names, nil
}

// queue notes names that count as read from here on, but whose objects are not there yet: if this pass is cut off, they
// are asked for again. It returns false if there are too many; then the whole listing has what is there, and the rest
// is somebody's prank.
func (p *pass) queue(names []string) bool {
	s := p.state
	for _, name := range names {
		if !p.isMissing(name) && !s.Books[name] { // a book that is made once more is the newest: a change was taken back
			continue
		}
		if len(s.Retries) >= maxWanted {
			p.relist = true
			return false
		}
		s.Retries[name] = 0
	}
	return true
}

// withoutLeaps are the numbers up to the first that is too far from the one before it. Anybody who can write into the
// store can put an entry at the far end of the numbers, and after it nobody could announce anything any more.
func withoutLeaps(numbers []int, from int) []int {
	for i, n := range numbers {
		if from >= 0 && n-from > maxLeap {
			return numbers[:i]
		}
		from = n
	}
	return numbers
}

// feedNames are the names in an entry; of a malformed one none.
func feedNames(body []byte) []string {
	var names []string
	if len(body) > maxFeedBytes || json.Unmarshal(body, &names) != nil || len(names) > maxFeedNames {
		return nil
	}
	return names
}

// announce appends to the feed the names of what this device has put into the store.
func (p *pass) announce(ctx context.Context) error {
	s := p.state
	for len(s.Outbox) > 0 {
		if s.Cursor < 0 { // the first entry, if it says the same, would pass for ours
			if _, err := p.readFeed(ctx); err != nil {
				return err
			}
		}
		some := s.Outbox[:min(len(s.Outbox), maxFeedNames)]
		body, err := json.Marshal(some)
		if err != nil {
			return err
		}
		next := max(s.Cursor, 0) + 1
		switch err := p.store.Put(ctx, feedName(next), body); {
		case err == nil:
			s.Outbox = slices.Clone(s.Outbox[len(some):])
			s.Cursor, p.dirty = next, true
		case errors.Is(err, store.ErrExists):
			was := s.Cursor
			if _, err := p.readFeed(ctx); err != nil {
				return err
			}
			if s.Cursor == was {
				return nil // someone's entry is on its way; ours follows with the next sync
			}
			p.vaultStale = true
		default:
			return err
		}
	}
	return nil
}

// trimFeed deletes old entries, once every hundred.
func (p *pass) trimFeed(ctx context.Context) error {
	old := p.state.Cursor - keepFeed
	if old <= 0 || p.state.Cursor%100 != 0 {
		return nil
	}
	numbers, err := p.listNumbers(ctx, prefixFeed, "")
	if err != nil {
		return err
	}
	var names []string
	for _, n := range numbers {
		if n <= old {
			names = append(names, feedName(n))
		}
	}
	return store.DeleteAll(ctx, p.store, names)
}
