package office

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
)

// Office is this device's place in an office. Its methods may be called from any goroutine; one at a time does
// something.
type Office struct {
	home  Home
	store store.Store
	open  OpenStore      // opens it; nil for an office that has just begun
	root  *seal.Identity // the vault's
	id    *seal.Identity // this device's
	box   box
	now   func() time.Time
	// Progress is told, from Sync, how many records have been sealed anew and how many there are to do.
	Progress func(done, all int)

	mu       sync.Mutex
	state    *state
	stamp    string            // of the state's file when it was read
	dirty    bool              // the state has changed since
	first    bool              // nothing has been asked of the store yet
	pulled   bool              // something came that the vault may not show
	closed   map[string]bool   // records that this device cannot open a bundle of, as of the last pull
	touched  map[string]bool   // records that may have to be sealed anew
	Flush    bool              // write the journal with the next sync, not only every few minutes
	mended   time.Time         // when every record was last held against the roster
	suspect  map[string]bool   // records that may have been taken from this person
	leftover []string          // bundles in the store that nobody takes
	books    []string          // names of books in the store, as of the last whole list and since
	unfit    map[string]string // records that the vault does not take → names of their clients
}

// Report says what a sync has found.
type Report struct {
	Changed  bool      // the vault was changed
	Requests int       // joins that wait for this person
	Left     int       // records that are still to be sealed anew
	Until    time.Time // when something begins or ends by itself
}

// Sync carries this person's changes out and those of others in. What it could not do, the next one does; so it may be
// cut off at any moment.
func (o *Office) Sync(ctx context.Context) (Report, error) {
	var report Report
	err := o.locked(ctx, func() error {
		var err error
		report, err = o.sync(ctx)
		return err
	})
	return report, err
}

func (o *Office) sync(ctx context.Context) (Report, error) {
	s := o.state
	if s.Joining != nil {
		if err := o.tryJoin(ctx); err != nil {
			return Report{}, err
		}
	}
	before := o.home.Contents().Generation
	if before != s.Generation && !s.Expelled {
		if err := o.record(o.home.Contents()); err != nil {
			return Report{}, err
		}
		if err := o.save(); err != nil {
			return Report{}, err
		}
	}
	pullErr := o.pull(ctx)
	now := o.now()
	if err := o.save(); err != nil {
		return Report{}, err
	}
	if err := o.dropBooks(now); err != nil {
		return Report{}, err
	}
	// What could be pulled is shown, also if the rest could not; but a vault out of a backup waits until all is known.
	if back := s.Generation == unheard && s.Listed.IsZero(); !back && (o.pulled || before != s.Generation || o.due(now)) {
		if err := o.apply(ctx); err != nil {
			return Report{}, err
		}
		o.pulled = false
		if !s.Returning.IsZero() {
			s.Generation, o.dirty = unheard, true // what is here says nothing yet
			if pullErr == nil && len(o.closed) == 0 || now.Sub(s.Returning) > listEvery {
				s.Returning, s.Generation = time.Time{}, 0
			}
		}
	}
	report := Report{Changed: o.home.Contents().Generation != before, Until: s.Roster.boundary(now)}
	if pullErr != nil || s.Expelled {
		if pullErr == nil {
			pullErr = lang.E("office-expelled", "Office", s.Roster.Name).Kind(ErrExpelled)
		}
		return report, errors.Join(pullErr, o.save())
	}
	err := o.push(ctx, now)
	if err == nil {
		err = o.report(ctx, now)
	}
	if e := o.announce(ctx); err == nil {
		err = e
	}
	report.Requests, report.Left = len(s.Requests), len(o.touched)
	if e := o.save(); err == nil {
		err = e
	}
	return report, err
}

// due says whether a grant or a book has begun or ended since the vault was last brought up to date.
func (o *Office) due(now time.Time) bool {
	b := o.state.Roster.boundary(o.state.Applied)
	return o.state.Applied.IsZero() || !b.IsZero() && !b.After(now) || o.bookBoundary(o.state.Applied, now)
}

// locked runs something while no other session of this person works on the same office.
func (o *Office) locked(ctx context.Context, do func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	unlock, err := o.home.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := o.load(); err != nil {
		return err
	}
	err = do()
	if e := o.save(); err == nil {
		err = e
	}
	return err
}

// load reads the state if another session has written it.
func (o *Office) load() error {
	stamp := o.home.Stamp(stateFile)
	if o.state != nil && stamp == o.stamp {
		return nil
	}
	s, err := readState(o.box, o.home, o.root)
	if err != nil {
		return err
	}
	if o.open != nil && (o.state == nil || o.state.Store != s.Store) {
		if o.store, err = o.open(s.Store); err != nil {
			return err
		}
	}
	o.state, o.stamp, o.dirty, o.first, o.pulled = s, stamp, false, true, true
	o.id = o.root
	if s.Identity != "" {
		if o.id, err = seal.ParseIdentity(s.Identity); err != nil {
			return lang.E("office-state-unreadable", "Reason", err)
		}
	}
	return nil
}

// save writes the state if it has changed.
func (o *Office) save() error {
	if !o.dirty {
		return nil
	}
	if err := o.state.write(o.box, o.home, o.root); err != nil {
		return err
	}
	o.stamp, o.dirty = o.home.Stamp(stateFile), false
	return nil
}

// listEvery is how often all names are asked for, to find what the feed did not tell.
const listEvery = 24 * time.Hour

// pull takes in what others have put into the store. When nothing is new it asks twice.
func (o *Office) pull(ctx context.Context) error {
	s := o.state
	o.first = o.first || !s.Returning.IsZero() || s.Listed.IsZero() || o.now().Sub(s.Listed) > listEvery || s.Listed.After(o.now().Add(time.Hour))
	o.closed = map[string]bool{}
	names, err := o.readFeed(ctx)
	if err != nil {
		return err
	}
	if err := o.pullRosters(ctx); err != nil || s.Expelled {
		return err
	}
	if o.first {
		all, err := o.listAll(ctx)
		if err != nil {
			return err
		}
		names = append(names, all...)
	}
	for name := range s.Wanted {
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	names = slices.DeleteFunc(names, func(name string) bool { return !o.wants(name) })
	// The parts for all come before those for admins, which are judged by them.
	slices.SortStableFunc(names, func(a, b string) int { return order(a) - order(b) })
	for got := range store.GetAll(ctx, o.store, names) {
		switch {
		case errors.Is(got.Err, store.ErrNotExist):
			o.wait(got.Name)
			continue
		case got.Err != nil:
			return got.Err
		}
		if o.take(got.Name, got.Body) == errNotReady {
			o.wait(got.Name)
		} else if _, waited := s.Wanted[got.Name]; waited {
			delete(s.Wanted, got.Name)
			o.dirty = true
		}
	}
	maps.DeleteFunc(o.closed, func(id string, _ bool) bool { return s.Records[id] != nil }) // opened by another bundle
	if err := o.lookForTaken(ctx); err != nil {
		return err
	}
	if o.first {
		s.Listed, o.first, o.dirty = o.now(), false, true
	}
	return nil
}

// lookForTaken finds the records of which there are bundles, and none for this device any more.
func (o *Office) lookForTaken(ctx context.Context) error {
	s := o.state
	for _, id := range slices.Sorted(maps.Keys(o.suspect)) {
		delete(o.suspect, id)
		r := s.Records[id]
		if s.Roster.isAdmin(s.Device) {
			continue // another admin has sealed it before this device was one
		}
		there := false
		for name, err := range o.store.List(ctx, prefixAccounts+id+"/", "") {
			if err != nil {
				return err
			}
			there = there || r.Live[name] != nil
		}
		if r.Taken == there {
			r.Taken, o.dirty, o.pulled = !there, true, true
		}
	}
	return nil
}

// tries is how often a name that is announced and not there is asked for again; then a whole list must show it.
const tries = 10

// wait notes a name that is to be tried again: a slow folder may show the name before the thing.
func (o *Office) wait(name string) {
	s := o.state
	o.dirty = true
	if s.Wanted[name]++; s.Wanted[name] > tries {
		delete(s.Wanted, name)
	}
}

func order(name string) int {
	if _, part, _, err := splitBundleName(name); err == nil && part == partPrivate {
		return 1
	}
	return 0
}

// wants says whether a name is one that this device has not read and may be able to.
func (o *Office) wants(name string) bool {
	s := o.state
	if record, _, _, err := splitBundleName(name); err == nil {
		r := s.Records[record]
		return r == nil || r.Live[name] == nil
	}
	if label, err := splitBookName(name); err == nil {
		_, again := s.Wanted[name]
		return label.device == s.Device && (again || !s.Books[name])
	}
	if device, ok := cutJoin(name); ok {
		return s.Roster.isAdmin(s.Device) && !o.waits(device) && s.Roster.device(device) == nil
	}
	return false
}

// take takes in one object. What is wrong with it is no reason to stop: whoever may will put a right one there.
func (o *Office) take(name string, sealed []byte) error {
	s := o.state
	if record, _, _, err := splitBundleName(name); err == nil {
		v, err := openBundle(o.box, s.Office, name, sealed, o.id, s.Roster)
		if err == nil {
			err = s.judge(v)
		}
		if err != nil {
			switch rec := s.Records[record]; {
			case !errors.Is(err, errNotForUs):
			case rec != nil && len(rec.edits) > 0:
				o.suspect[record] = true
			default:
				o.closed[record] = true
			}
			if o.isLeftover(name, sealed, err) {
				o.leftover = append(o.leftover, name)
			}
			return notReady(err)
		}
		o.dirty = true
		o.touch(record)
		if s.accept(name, v) {
			o.pulled = true
		}
		if l := s.Records[record].Live[name]; l != nil && l.By == s.Device { // put there, and cut off before it was told
			s.Announce = append(s.Announce, name)
		}
		return nil
	}
	if label, err := splitBookName(name); err == nil {
		return notReady(o.takeBook(name, label, sealed))
	}
	if device, ok := cutJoin(name); ok {
		return notReady(o.takeRequest(device, sealed))
	}
	return nil
}

func notReady(err error) error {
	if errors.Is(err, errNotReady) {
		return errNotReady
	}
	return nil
}

// readFeed reads which names are new.
func (o *Office) readFeed(ctx context.Context) ([]string, error) {
	s := o.state
	numbers, err := o.listNumbers(ctx, prefixFeed, feedName(max(s.Cursor, 0)))
	if err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	numbers = withoutLeaps(numbers, s.Cursor)
	if s.Cursor < 0 { // a device that begins sees everything in the whole list
		s.Cursor, o.dirty = 0, true
		if len(numbers) > 0 {
			s.Cursor = numbers[len(numbers)-1]
		}
		o.first = true
		return nil, nil
	}
	var names []string
	for _, n := range numbers {
		name := feedName(n)
		body, err := o.store.Get(ctx, name)
		if errors.Is(err, store.ErrNotExist) {
			o.dirty = true
			if s.Wanted[name]++; s.Wanted[name] <= tries {
				break // on its way; nothing after it is passed over
			}
			o.first = true // it does not come: its writer died, or somebody made a file that is none
		} else if err != nil {
			return nil, err
		}
		delete(s.Wanted, name)
		if n != s.Cursor+1 {
			o.first = true // what was in between is no longer there
		}
		names = append(names, feedNames(body)...)
		s.Cursor, o.dirty = n, true
	}
	// They count as read, but what they name is not there yet: if this is cut off, it is asked for again.
	for _, name := range names {
		if !o.wants(name) && !s.Books[name] { // a book that is made once more is the newest: a change was taken back
			continue
		}
		if len(s.Wanted) >= maxWanted {
			o.first = true // the whole list has what is there; the rest is somebody's prank
			return nil, nil
		}
		s.Wanted[name] = 0
	}
	return names, nil
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

const (
	maxFeedNames = 1000
	maxFeedBytes = 200 << 10
	maxLeap      = 1_000_000
	maxWanted    = 20_000
)

// feedNames are the names in an entry of the feed. It is not signed: it only says where to look.
func feedNames(body []byte) []string {
	var names []string
	if len(body) > maxFeedBytes || json.Unmarshal(body, &names) != nil || len(names) > maxFeedNames {
		return nil
	}
	return names
}

// announce puts the names of what this device has put into the store into the feed.
func (o *Office) announce(ctx context.Context) error {
	s := o.state
	for len(s.Announce) > 0 {
		if s.Cursor < 0 { // the first entry, if it says the same, would pass for ours
			if _, err := o.readFeed(ctx); err != nil {
				return err
			}
		}
		some := s.Announce[:min(len(s.Announce), maxFeedNames)]
		body, err := json.Marshal(some)
		if err != nil {
			return err
		}
		next := max(s.Cursor, 0) + 1
		switch err := o.store.Put(ctx, feedName(next), body); {
		case err == nil:
			s.Announce = slices.Clone(s.Announce[len(some):])
			s.Cursor, o.dirty = next, true
		case errors.Is(err, store.ErrExists):
			was := s.Cursor
			if _, err := o.readFeed(ctx); err != nil {
				return err
			}
			if s.Cursor == was {
				return nil // someone's entry is on its way; ours follows with the next sync
			}
			o.pulled = true
		default:
			return err
		}
	}
	return nil
}

// listAll asks for all names of bundles, books and joins, and forgets bundles that are gone.
func (o *Office) listAll(ctx context.Context) ([]string, error) {
	s := o.state
	there := map[string]bool{}
	var names []string
	prefixes := []string{prefixAccounts, prefixBooks}
	if s.Roster.isAdmin(s.Device) {
		prefixes = append(prefixes, prefixJoins)
	}
	for _, prefix := range prefixes {
		some, err := o.list(ctx, prefix, "")
		if err != nil {
			return nil, err
		}
		for _, name := range some {
			there[name] = true
		}
		names = append(names, some...)
	}
	// A book that an admin has taken away: the client was moved out of what is granted, or its key is another.
	for name := range s.Books {
		if !there[name] {
			if err := o.dropBook(name); err != nil {
				return nil, err
			}
		}
	}
	for id, r := range s.Records {
		for name := range r.Live {
			if !there[name] {
				delete(r.Live, name)
				o.dirty = true
				o.touch(id)
			}
		}
	}
	o.books = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := splitBookName(name)
		return err != nil
	})
	return names, nil
}

// pullRosters takes the next links of the chain.
func (o *Office) pullRosters(ctx context.Context) error {
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
			if newer := (*seal.VersionError)(nil); s.Roster.isAdmin(s.Device) && !errors.Is(err, errRefused) && !errors.As(err, &newer) {
				// An admin can read every roster that is one. This one only keeps the place. What an admin has signed is
				// another matter: a newer program's, or the store shows two histories. To delete that would make it worse.
				return o.store.Delete(ctx, rosterName(number))
			}
			return lang.E("office-roster-refused", "Number", number).Kind(ErrFork)
		}
		s.advance(next, hash)
		o.pulled, o.dirty = true, true
	}
	return nil
}
