package office

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"kapu/office/store"
)

// The feed is the change log of the store: each device has one of its own there, which tells the others what it has put
// into the store. No two write under one name, so nothing gets lost where a program copies the folder and two machines
// work before their copies meet. It is not signed, and only a hint: what it does not tell, the next whole listing
// finds.
//
// An entry is named by its device and by how many names that device has announced in all, and holds the last of them.
// So the newest entry alone tells whoever was there a moment ago all that is new.

// feedState is what a device knows of the feeds, its own and those of others.
type feedState struct {
	// Read is the number of the newest entry that was read, by device; nil before the first reading.
	Read map[string]int `json:"read,omitempty"`
	// Announced is how many names this device has announced in all, and Last are the last of them.
	Announced int      `json:"announced,omitempty"`
	Last      []string `json:"last,omitempty"`
	// Entries are the numbers of this device's entries in the store, in order.
	Entries []int `json:"entries,omitempty"`
}

const (
	maxFeedNames = 1000
	maxFeedBytes = 200 << 10
	maxWanted    = 20_000 // names in the queue of what is not there yet
	// feedTail is how many names are announced again with those that are new.
	feedTail = 64
	// keepEntries is how many entries of a device stay in the store: who has seen the name of one in a listing finds it
	// there for the time of one more.
	keepEntries = 2
	// deletedMark stands before a name in an entry whose object was deleted.
	deletedMark = "-"
	// maxStrangers is how many entries of devices that are not in the roster are read at a time: somebody may just have
	// asked to join, and anybody who can write into the store can invent devices.
	maxStrangers = 100
)

// feedEntry is an entry's name, decoded.
type feedEntry struct {
	device string
	number int
}

// readFeed returns the names that were announced since the last reading.
func (p *pass) readFeed(ctx context.Context) ([]string, error) {
	s := p.state
	listed, err := p.list(ctx, prefixFeed, "")
	if err != nil {
		return nil, err
	}
	there := map[string][]int{} // device → numbers, in order
	for _, name := range listed {
		if e, err := splitFeedName(name); err == nil {
			there[e.device] = append(there[e.device], e.number)
		}
	}
	if err := p.keepOwnFeed(ctx, there[s.Device]); err != nil {
		return nil, err
	}
	delete(there, s.Device)
	maps.DeleteFunc(s.Feed.Read, func(device string, _ int) bool { return there[device] == nil })
	if s.Feed.Read == nil { // a device that begins; what was announced may come later than the whole listing
		s.Feed.Read, p.dirty, p.relist = map[string]int{}, true, true
	}
	told, err := p.takeFeed(ctx, p.unreadEntries(there))
	names, gone := outcome(told)
	if !p.queue(names) { // also those before an error, for what was read is not read again
		names = nil
	}
	for _, name := range gone {
		p.forget(name)
	}
	return names, err
}

// outcome are the names that were announced by any device, and those of what was deleted.
func outcome(told map[string][]string) (names, gone []string) {
	for _, device := range slices.Sorted(maps.Keys(told)) {
		for _, name := range told[device] {
			if name, deleted := strings.CutPrefix(name, deletedMark); deleted {
				gone = append(gone, name)
			} else {
				names = append(names, name)
			}
		}
	}
	return names, gone
}

// forget takes an object for gone until it was asked for: anybody may have said so, and it may have come back.
func (p *pass) forget(name string) {
	s := p.state
	if record, _, _, err := splitBundleName(name); err == nil {
		if r := s.Records[record]; r != nil && r.Live[name] != nil {
			delete(r.Live, name)
			p.queueReseal(record)
			p.askOnce(name)
			if len(r.liveOf(partRecord)) == 0 {
				p.suspects[record] = true // what took its place may be for others only
			}
		}
	}
	if _, queued := s.Retries[name]; queued || s.Books[name] {
		p.askOnce(name)
	}
}

// unreadEntries are the names of the entries after those that were read, by device and number. The newest number of
// a device may also be lower than the last one: its machine, or the store, is as it was before. Then its newest
// entry counts.
func (p *pass) unreadEntries(there map[string][]int) []string {
	s := p.state
	var unread []string
	strangers := 0
	for _, device := range slices.Sorted(maps.Keys(there)) {
		numbers := there[device]
		last, known := s.Feed.Read[device]
		newest := numbers[len(numbers)-1]
		if known && newest == last {
			continue
		}
		if signer, _ := s.Roster.signer(device); signer == "" {
			if strangers++; strangers > maxStrangers {
				continue
			}
		}
		for _, n := range numbers {
			if n == newest || known && n > last {
				unread = append(unread, feedName(device, n))
			}
		}
	}
	return unread
}

// takeFeed returns what each device has announced in some entries, which come by device and number, and notes that they
// were read. One that is on its way, or cannot be read, is asked for again by the next pass, with those after it.
func (p *pass) takeFeed(ctx context.Context, entries []string) (told map[string][]string, err error) {
	s := p.state
	told = map[string][]string{}
	late := "" // the device of which an entry is not there yet
	for got := range store.GetAll(ctx, p.store, entries) {
		e, err := splitFeedName(got.Name)
		if err != nil || e.device == late {
			continue
		}
		if got.Err != nil && !errors.Is(got.Err, store.ErrNotExist) {
			if late = e.device; !p.trouble.goesOn(got.Name, got.Err) {
				return told, got.Err
			}
			continue
		}
		if p.trouble.over(); got.Err != nil {
			p.dirty = true
			if s.Retries[got.Name]++; s.Retries[got.Name] <= maxTries {
				late = e.device
				continue
			}
			p.relist = true // it does not come: its writer died, or somebody made a file that is none
		}
		delete(s.Retries, got.Name)
		some := feedNames(got.Body)
		last, first := s.Feed.Read[e.device], e.number-len(some)
		if last < first || last > e.number {
			p.relist = true // what was in between is no longer there
		} else {
			some = some[last-first:] // the others were read before
		}
		told[e.device] = append(told[e.device], some...)
		s.Feed.Read[e.device], p.dirty = e.number, true
	}
	return told, nil
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

// feedNames are the names in an entry; of a malformed one none.
func feedNames(body []byte) []string {
	var names []string
	if len(body) > maxFeedBytes || json.Unmarshal(body, &names) != nil || len(names) > maxFeedNames {
		return nil
	}
	return names
}

// announceDeleted queues the names of objects that this device has deleted, for the feed.
func (o *Office) announceDeleted(names ...string) {
	for _, name := range names {
		o.state.Outbox, o.dirty = append(o.state.Outbox, deletedMark+name), true
	}
}

// announce appends to this device's feed the names of what it has put into the store, or deleted.
func (p *pass) announce(ctx context.Context) error {
	s := p.state
	f := &s.Feed
	for len(s.Outbox) > 0 {
		some := s.Outbox[:min(len(s.Outbox), maxFeedNames-feedTail)]
		told := slices.Concat(f.Last, some)
		body, err := json.Marshal(told)
		if err != nil {
			return err
		}
		next := f.Announced + len(some)
		f.Announced, p.dirty = next, true // whatever becomes of it: no number says two things
		err = p.store.Put(ctx, feedName(s.Device, next), body)
		if errors.Is(err, store.ErrExists) {
			continue // this device's state is as it was before, or somebody has taken the place
		}
		if err != nil {
			return err
		}
		s.Outbox = slices.Clone(s.Outbox[len(some):])
		f.Last, f.Entries = slices.Clone(told[max(0, len(told)-feedTail):]), append(f.Entries, next)
	}
	return p.trimFeed(ctx)
}

// trimFeed deletes this device's entries but the newest.
func (p *pass) trimFeed(ctx context.Context) error {
	f := &p.state.Feed
	old := max(0, len(f.Entries)-keepEntries)
	if old == 0 {
		return nil
	}
	names := make([]string, old)
	for i, n := range f.Entries[:old] {
		names[i] = feedName(p.state.Device, n)
	}
	if err := store.DeleteAll(ctx, p.store, names); err != nil {
		return err
	}
	f.Entries, p.dirty = slices.Clone(f.Entries[old:]), true
	return nil
}

// keepOwnFeed deletes from this device's feed what it has not put there, or not as far as it knows: an entry that
// claims to be the newest would hide those that are.
func (p *pass) keepOwnFeed(ctx context.Context, there []int) error {
	var names []string
	for _, n := range there {
		if !slices.Contains(p.state.Feed.Entries, n) {
			names = append(names, feedName(p.state.Device, n))
		}
	}
	return store.DeleteAll(ctx, p.store, names)
}

// dropFeeds deletes the feeds of devices that have left, a day later: by then everybody has listed what they announced.
func (p *pass) dropFeeds(ctx context.Context) error {
	s := p.state
	if p.at.Sub(s.Doubt) < listEvery {
		return nil
	}
	var names []string
	for _, f := range s.Roster.Former {
		if _, ok := s.Feed.Read[f.ID]; !ok {
			continue
		}
		some, err := p.list(ctx, prefixFeed+f.ID+"-", "")
		if err != nil {
			return err
		}
		names = append(names, some...)
	}
	return store.DeleteAll(ctx, p.store, names)
}

// announcesRoster says whether some names announce a roster that this device has one of already: made at the same time
// as that, where a program copies the folder.
func (s *state) announcesRoster(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		n, err := numberOf(name, prefixRoster)
		return err == nil && n <= s.Roster.Number
	})
}
