package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
	"kapu/vault"
)

// The journal is the audit log of what was done with codes and keys: each device writes its own, and admins read it. It
// is a hash chain of numbered pages, so that a missing one shows.

// page is an entry of that chain: some lines of the journal, and the hash of the page before.
type page struct {
	Device  string    `json:"device"`
	Number  int       `json:"number"` // from 1
	Before  string    `json:"before,omitempty"`
	Roster  int       `json:"roster"`
	Entries []Journal `json:"entries"`
}

// Journal is a line of the journal, as its device wrote it.
type Journal struct {
	At     time.Time `json:"at"`
	Act    vault.Act `json:"act"`
	Record string    `json:"record,omitempty"` // of the account, "" if it was none or many
	Name   string    `json:"name,omitempty"`   // of the client, or of a format
	N      int       `json:"n,omitempty"`
}

// journalState is how far this device has written its own journal.
type journalState struct {
	Number int            `json:"number"`
	Hash   string         `json:"hash,omitempty"`
	Place  vault.LogPlace `json:"place"` // in the vault's log
	At     time.Time      `json:"at,omitzero"`
	// Pending is a page that may be in the store already (write-ahead): to put it there again, byte for byte the same
	// body, is idempotent.
	Pending json.RawMessage `json:"pending,omitempty"`
}

const (
	journalEvery = 5 * time.Minute // between two pages, unless a sync flushes
	pageEntries  = 500             // lines of a page at most
)

func journalContext(office, device string) string { return "office/" + office + "/journal/" + device }

// writeJournal appends what was done here to the journal, and once a day a heartbeat.
func (p *pass) writeJournal(ctx context.Context) error {
	s := p.state
	j := &s.Journal
	if j.Pending == nil && (p.flush || p.at.Sub(j.At) > journalEvery || p.at.Before(j.At)) {
		if err := p.nextPage(p.at); err != nil {
			return err
		}
	}
	for j.Pending != nil {
		if err := p.putPage(ctx); err != nil {
			return err
		}
		if err := p.nextPage(p.at); err != nil {
			return err
		}
	}
	return p.heartbeat(ctx)
}

// resume continues the chain after the last page in the store, which the machine that was lost has written.
func (j *journalState) resume(ctx context.Context, o *Office, s *state) error {
	prefix := prefixJournal + s.Device + "/"
	for name, err := range o.store.List(ctx, prefix, "") {
		if err != nil {
			return err
		}
		if n, err := numberOf(name, prefix); err == nil {
			j.Number = n
		}
	}
	if j.Number == 0 {
		return nil
	}
	sealed, err := o.store.Get(ctx, journalName(s.Device, j.Number))
	if err != nil {
		return err
	}
	body, _, err := o.box.open(journalContext(s.Office, s.Device), sealed, o.id, o.id.Public().SigningKey())
	if err == nil {
		j.Hash = hash(body)
	}
	return nil
}

// nextPage makes the next page out of what is new in the vault's log, if anything is, and saves it as pending.
func (p *pass) nextPage(now time.Time) error {
	s := p.state
	j := &s.Journal
	lines, place, err := p.home.LogAfter(j.Place)
	if err != nil {
		return err
	}
	j.At = now
	if len(lines) == 0 {
		return nil
	}
	if n := len(lines); n > pageEntries { // the rest comes with the next page
		place = vault.LogPlace{Month: lines[pageEntries-1].At.Format("2006-01"), Lines: place.Lines - (n - pageEntries)}
		lines = lines[:pageEntries]
	}
	next := page{Device: s.Device, Number: j.Number + 1, Before: j.Hash, Roster: s.Roster.Number}
	c := p.home.Contents()
	byAccount := map[string]string{}
	for id, r := range s.Records {
		byAccount[r.Local] = id
	}
	for _, l := range lines {
		e := Journal{At: l.At, Act: l.Act, Name: l.Name, N: l.N}
		if l.Client != "" {
			client, ok := c.Client(l.Client)
			if ok && s.Own[client.Account] {
				continue // what a person has of their own is theirs
			}
			e.Record = byAccount[client.Account]
		}
		next.Entries = append(next.Entries, e)
	}
	j.Place, p.dirty = place, true
	if len(next.Entries) == 0 {
		return nil
	}
	if j.Pending, err = json.Marshal(next); err != nil {
		return err
	}
	return p.save()
}

// putPage puts the pending page into the store. If a page with its number is there that has this device's signature and
// other content, this device was cloned: two machines write as one.
func (p *pass) putPage(ctx context.Context) error {
	s := p.state
	j := &s.Journal
	to := s.Roster.publicKeys(append(deviceIDs(s.Roster.admins()), s.Device))
	if s.Roster.isAdmin(s.Device) {
		to = s.Roster.publicKeys(deviceIDs(s.Roster.admins()))
	}
	sealed, err := p.box.seal(journalContext(s.Office, s.Device), j.Pending, p.id, to...)
	if err != nil {
		return err
	}
	name := journalName(s.Device, j.Number+1)
	switch err := p.store.Put(ctx, name, sealed); {
	case errors.Is(err, store.ErrExists):
		there, err := p.store.Get(ctx, name)
		if errors.Is(err, store.ErrNotExist) {
			return lang.E("office-store-slow")
		}
		if err != nil {
			return err
		}
		body, _, err := p.box.open(journalContext(s.Office, s.Device), there, p.id, p.id.Public().SigningKey())
		if err == nil && !bytes.Equal(body, j.Pending) {
			s.TwoFaced, p.dirty = true, true
			return lang.E("office-two-machines", "Device", s.me().Name).Kind(ErrTwoFaced)
		}
		if err != nil { // somebody else's object in our place
			if err := p.store.Delete(ctx, name); err != nil {
				return err
			}
			return p.store.Put(ctx, name, sealed)
		}
	case err != nil:
		return err
	}
	j.Number, j.Hash, j.Pending, p.dirty = j.Number+1, hash(j.Pending), nil, true
	return nil
}

// deviceIDs are the ids of devices.
func deviceIDs(devices []*Device) []string {
	var ids []string
	for _, d := range devices {
		ids = append(ids, d.ID)
	}
	return ids
}

// JournalLine is a line of the journal with who did it.
type JournalLine struct {
	Journal
	By     string // id of the device
	Member string // name
	Device string // name
}

// JournalGap is a break in the chain of a device's journal: pages that are missing, or do not continue it.
type JournalGap struct {
	Member, Device string
	From, To       int // page numbers
}

// maxPages is how many of the newest pages of each device are read.
const maxPages = 300

// ReadJournal returns the lines that all devices have written, newest first, and the gaps in between; only for admins.
func (o *Office) ReadJournal(ctx context.Context) ([]JournalLine, []JournalGap, error) {
	return o.readJournal(ctx, true)
}

// Uses are the lines of the journal that tell of codes of an account, newest first; only for admins. Unlike ReadJournal
// it takes what it has read before for what is in the store, so that asking again is quick.
func (o *Office) Uses(ctx context.Context, account string) ([]JournalLine, error) {
	record, err := o.Record(account)
	if err != nil {
		return nil, err
	}
	lines, _, err := o.readJournal(ctx, false)
	return slices.DeleteFunc(lines, func(l JournalLine) bool {
		return l.Record != record || l.Act != vault.Copied && l.Act != vault.Shown
	}), err
}

// readJournal reads it: the pages that were read before too if anew is set, because a store may change them.
func (o *Office) readJournal(ctx context.Context, anew bool) ([]JournalLine, []JournalGap, error) {
	var lines []JournalLine
	var gaps []JournalGap
	err := o.locked(ctx, func() error {
		if !o.state.Roster.isAdmin(o.state.Device) {
			return sentenceNotAdmin()
		}
		if anew {
			o.pages = nil
		}
		pages := map[string][]int{}
		names, err := o.list(ctx, prefixJournal, "")
		if err != nil {
			return err
		}
		for _, name := range names {
			parts := strings.Split(name, "/")
			if len(parts) != 3 {
				continue
			}
			if n, err := numberOf(name, prefixJournal+parts[1]+"/"); err == nil {
				pages[parts[1]] = append(pages[parts[1]], n)
			}
		}
		for device, numbers := range pages {
			l, g, err := o.readPages(ctx, device, numbers)
			if err != nil {
				return err
			}
			lines, gaps = append(lines, l...), append(gaps, g...)
		}
		return nil
	})
	slices.SortStableFunc(lines, func(a, b JournalLine) int { return b.At.Compare(a.At) })
	slices.SortFunc(gaps, func(a, b JournalGap) int { return strings.Compare(a.Device, b.Device) })
	return lines, gaps, err
}

// openedPage is a page of which the envelope was opened.
type openedPage struct {
	page
	hash    string // of its body
	foreign bool   // sealed to others: from before this device was an admin's
}

// openPages reads the pages that were not opened before. Those that are missing or not what they should be are not
// among the opened ones afterwards.
func (o *Office) openPages(ctx context.Context, device, key string, names []string) error {
	unread := slices.DeleteFunc(slices.Clone(names), func(name string) bool { _, ok := o.pages[name]; return ok })
	if o.pages == nil {
		o.pages = map[string]openedPage{}
	}
	i := 0
	for got := range store.GetAll(ctx, o.store, unread) {
		name := unread[i]
		i++
		if errors.Is(got.Err, store.ErrNotExist) {
			continue
		}
		if got.Err != nil {
			return got.Err
		}
		var p openedPage
		body, _, err := o.box.open(journalContext(o.state.Office, device), got.Body, o.id, key)
		switch {
		case errors.Is(err, seal.ErrNotAddressed):
			p.foreign = true
		case err != nil || strict(body, &p.page) != nil || p.Device != device || journalName(device, p.Number) != name:
			continue
		}
		p.hash = hash(body)
		o.pages[name] = p
	}
	return nil
}

// readPages verifies the chain of one device, from the oldest page that is read.
func (o *Office) readPages(ctx context.Context, device string, numbers []int) ([]JournalLine, []JournalGap, error) {
	s := o.state
	key, _ := s.Roster.signer(device)
	member, machine := s.Roster.names(device)
	if key == "" {
		return nil, nil, nil
	}
	numbers = numbers[max(0, len(numbers)-maxPages):]
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = journalName(device, n)
	}
	if err := o.openPages(ctx, device, key, names); err != nil {
		return nil, nil, err
	}
	var lines []JournalLine
	var gaps []JournalGap
	missing := func(from, to int) {
		if last := len(gaps) - 1; last >= 0 && gaps[last].To == from-1 {
			gaps[last].To = to
			return
		}
		gaps = append(gaps, JournalGap{member, machine, from, to})
	}
	before, last := "", 0
	if len(numbers) == maxPages {
		last = numbers[0] - 1
	}
	for i, n := range numbers {
		if n > last+1 {
			missing(last+1, n-1)
			before = ""
		}
		last = n
		p, ok := o.pages[names[i]]
		if ok && p.foreign && len(lines) == 0 {
			continue
		}
		if !ok || p.foreign || before != "" && p.Before != before {
			missing(n, n)
			before = ""
			continue
		}
		before = p.hash
		for _, e := range p.Entries {
			lines = append(lines, JournalLine{e, device, member, machine})
		}
	}
	return lines, gaps, nil
}
