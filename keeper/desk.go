package keeper

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
)

// desk is the sync daemon of the keeper, if the vault is in an office: a loop that syncs with the store while the vault
// is open, and a snapshot (standing) of what the last sync has left. Whatever a click needs is read from the snapshot,
// so that no click waits for a store.
type desk struct {
	keeper *keeper
	wake   chan struct{}
	rest   *time.Timer // after a change of the vault

	syncing sync.Mutex // one sync at a time

	announced   map[string]bool
	lastFailure string // the failure that the faces were told of

	mu     sync.Mutex                  // a store that hangs may hold it
	worker *office.Office              // nil until the store has been reached
	store  atomic.Pointer[store.Store] // the worker's, for who cannot wait for it

	watching sync.Mutex
	unwatch  func() // ends the watching of the store

	reader     atomic.Pointer[office.Office]   // knows the same, and never waits; nil: no office
	current    atomic.Pointer[standing]        // nil: no office
	left       atomic.Pointer[office.Progress] // what is still to be done; never nil
	eagerUntil atomic.Int64                    // until when the store is asked often, in ns since 1970

	telling sync.Mutex
	told    belonging // what the faces know of it; see tellMembership

	refreshing sync.Mutex // held where current is changed
	revision   string     // the revision of the office that current was made of
}

// standing is the snapshot of the office as of the last sync. It is immutable: a newer one replaces it.
type standing struct {
	office.View
	rights    *rights
	accounts  map[string]string // records of the office → accounts of the vault
	synced    time.Time
	failing   *lang.Error
	since     time.Time
	permanent bool      // the failure will not pass by itself
	until     time.Time // when something begins or ends by itself
	broken    error     // why nothing is known
}

const (
	// restTime is the debounce of the vault's changes before a sync carries them out: an import is one change.
	restTime = time.Second
	// worryTime is for how long a store may be out of reach before the person is told.
	worryTime = 10 * time.Minute
	// newsTime is how often progress is told.
	newsTime = 500 * time.Millisecond
	// eagerTime is for how long an invitation is likely to be used at once, by a person who sits there and waits;
	// activeTime for how long somebody who has just worked, here or at another machine, is likely to go on. The store is
	// asked every eagerPause meanwhile.
	eagerTime  = 10 * time.Minute
	activeTime = 2 * time.Minute
	eagerPause = 2 * time.Second
	// minPause is for a moment that is now, and for one that a slow clock keeps there.
	minPause = 50 * time.Millisecond
)

func newDesk(k *keeper) *desk {
	d := &desk{keeper: k, wake: make(chan struct{}, 1), announced: map[string]bool{}}
	d.left.Store(&office.Progress{})
	d.rest = time.AfterFunc(time.Hour, d.requestSync)
	d.rest.Stop()
	d.openReader()
	d.told = d.belonging() // that of the last time is no news
	return d
}

// openReader opens what this machine knows of the office, if the vault is in one. It asks nothing of the store.
func (d *desk) openReader() {
	d.refreshing.Lock()
	defer d.refreshing.Unlock()
	if d.reader.Load() != nil {
		return
	}
	reader, err := office.Open(d.home(), d.keeper.vault.Identity(), unreached)
	switch {
	case err == nil:
		d.refreshStanding(reader)
		d.reader.Store(reader)
	case errors.Is(err, office.ErrNone):
		d.current.Store(nil)
	default:
		f, _ := agent.NewFailure(err)
		d.current.Store(&standing{broken: err, rights: &rights{broken: err}, failing: f.Sentence, since: time.Now(), permanent: true})
	}
}

func (d *desk) home() office.VaultHome { return office.VaultHome{Vault: d.keeper.vault} }

// unreached opens no store: a reader needs none.
func unreached(string) (store.Store, error) { return nil, nil }

// refreshStanding takes a new snapshot, unless the office's revision is still that of the last. The caller holds
// refreshing.
func (d *desk) refreshStanding(o *office.Office) {
	revision := o.Revision()
	before := d.current.Load()
	if before != nil && before.broken == nil && revision == d.revision && revision != "" {
		return
	}
	v, err := o.View()
	if err != nil {
		return
	}
	of, err := o.Rights()
	if err != nil {
		return
	}
	accounts, err := o.Accounts()
	if err != nil {
		return
	}
	next := &standing{View: v, rights: &rights{of: of}, accounts: accounts}
	if before != nil && before.broken == nil && maps.Equal(before.rights.of, of) {
		next.rights = before.rights // the index of the clients stays good
	}
	if before != nil {
		next.synced, next.failing, next.since, next.permanent = before.synced, before.failing, before.since, before.permanent
	}
	d.revision = revision
	d.current.Store(next)
}

// rights are what the person may do with the accounts that are the office's.
func (d *desk) rights() *rights {
	if s := d.current.Load(); s != nil {
		return s.rights
	}
	return nil
}

// requestSync lets the next sync begin at once. Requests coalesce.
func (d *desk) requestSync() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// pollOften lets a sync begin, and shortens the poll interval for a time: people wait for what others do at their
// machines. Where the interval is short already, it only stays so for longer.
func (d *desk) pollOften(duration time.Duration) {
	if d.stayEager(duration) && d.current.Load() != nil {
		d.requestSync()
	}
}

// stayEager keeps the poll interval short for a time, and says whether it was not.
func (d *desk) stayEager(duration time.Duration) (calm bool) {
	now := time.Now()
	until := now.Add(duration).UnixNano()
	before := d.eagerUntil.Load()
	for before < until && !d.eagerUntil.CompareAndSwap(before, until) {
		before = d.eagerUntil.Load()
	}
	return before < now.UnixNano()
}

// vaultChanged schedules a sync after restTime without another change (debounce).
func (d *desk) vaultChanged() {
	d.stayEager(activeTime)
	d.rest.Reset(restTime)
}

// run is the sync loop, until ctx ends: it syncs when asked to, when the poll interval is over, and when a right begins
// or ends by itself.
func (d *desk) run(ctx context.Context) {
	for {
		_, _ = d.sync(ctx, false) // recordSync has told what is to be told
		wait := time.NewTimer(d.pause())
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
			wait.Stop()
		case <-wait.C:
		}
	}
}

// pause is for how long nothing has to be done by itself.
func (d *desk) pause() time.Duration {
	s := d.current.Load()
	if s == nil || s.broken != nil || s.Expelled {
		return 24 * time.Hour // another session, or the person, will wake us
	}
	pause := d.keeper.settings.Load().Office.Poll.Duration
	if time.Now().UnixNano() < d.eagerUntil.Load() {
		pause = min(pause, eagerPause)
	}
	if !s.until.IsZero() {
		pause = min(pause, time.Until(s.until))
	}
	return max(pause, minPause)
}

// sync syncs with the store once; one at a time. Without an office it is ErrNone.
func (d *desk) sync(ctx context.Context, flush bool) (office.Report, error) {
	d.syncing.Lock()
	defer d.syncing.Unlock()
	d.openReader()
	d.keeper.contents() // what another session has changed goes out too
	o, err := d.connect()
	var report office.Report
	if err == nil {
		report, err = o.Sync(ctx, flush)
	}
	if ctx.Err() == nil {
		d.recordSync(o, report, err)
	}
	return report, err
}

// connect returns the office with its store, which is opened when it is first needed.
func (d *desk) connect() (*office.Office, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.worker != nil {
		return d.worker, nil
	}
	if err := d.requireOffice(); err != nil {
		return nil, err
	}
	o, err := office.Open(d.home(), d.keeper.vault.Identity(), d.openWatched)
	if err != nil {
		return nil, err
	}
	var telling sync.Mutex
	var told time.Time
	o.Progress = func(left office.Progress) {
		d.left.Store(&left)
		telling.Lock()
		defer telling.Unlock()
		if time.Since(told) > newsTime {
			told = time.Now()
			d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
		}
	}
	d.worker = o
	return o, nil
}

// disconnect lets the store be opened anew when it is needed next.
func (d *desk) disconnect() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.worker = nil
	d.store.Store(nil)
}

// requireOffice is the error of a vault that is in no office, or in one that cannot be read.
func (d *desk) requireOffice() error {
	if d.reader.Load() != nil {
		return nil
	}
	if s := d.current.Load(); s != nil && s.broken != nil {
		return s.broken
	}
	return lang.E("office-none").Kind(office.ErrNone)
}

// forget drops all that is known of an office that was left.
func (d *desk) forget() {
	d.disconnect()
	d.watch(nil)
	d.refreshing.Lock()
	defer d.refreshing.Unlock()
	d.announced, d.lastFailure, d.revision = map[string]bool{}, "", ""
	d.reader.Store(nil)
	d.current.Store(nil)
	d.left.Store(&office.Progress{})
}

// recordSync records the outcome of a sync, and sends the events that follow from it.
func (d *desk) recordSync(o *office.Office, report office.Report, err error) {
	if errors.Is(err, office.ErrNone) {
		if d.current.Load() != nil { // another session has left the office
			d.forget()
			d.tellMembership("")
			d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
		}
		return
	}
	left := *d.left.Swap(&report.Left)
	before, now := d.updateStanding(o, report, err)
	d.tellMembership("")
	if report.Changed { // others work
		d.stayEager(activeTime)
	}
	if report.Changed || before == nil || before.rights != now.rights {
		d.keeper.index.of(d.keeper.vault.Contents()) // sorted now, so that the next click is quick
		time.AfterFunc(tidyTime, debug.FreeOSMemory)
		d.keeper.events.send(agent.Event{Type: agent.Changed})
	}
	if before == nil || fingerprint(before) != fingerprint(now) || left != report.Left {
		d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
	}
	d.announce(now)
	d.reportFailure(now)
}

// updateStanding takes the snapshot after a sync, with its success or failure.
func (d *desk) updateStanding(o *office.Office, report office.Report, err error) (before, now *standing) {
	d.refreshing.Lock()
	defer d.refreshing.Unlock()
	before = d.current.Load()
	if o != nil {
		d.refreshStanding(o)
	}
	s := *d.current.Load()
	s.until = report.Until
	switch {
	case err == nil, errors.Is(err, office.ErrNotYet), errors.Is(err, office.ErrAway):
		s.synced, s.failing, s.since, s.permanent = time.Now(), nil, time.Time{}, false
	case errors.Is(err, office.ErrInUse): // another session agrees with the store for us
	default:
		f, _ := agent.NewFailure(err)
		if s.failing == nil {
			s.since = time.Now()
		}
		s.failing, s.permanent = f.Sentence, isPermanent(err)
	}
	d.current.Store(&s)
	return before, &s
}

// fingerprint is what faces show of a standing, but for times: where it is the same, no event is sent.
func fingerprint(s *standing) string {
	number := 0
	if s.Roster != nil {
		number = s.Roster.Number
	}
	return fmt.Sprint(number, s.Joining, s.Words, s.Away, s.Expelled, len(s.Requests), s.Unfit, s.failing != nil, s.permanent)
}

// announce sends an event for each join request, once.
func (d *desk) announce(s *standing) {
	if !s.Admin {
		return
	}
	for _, r := range requests(s) {
		if !d.announced[r.Device] {
			d.announced[r.Device] = true
			d.keeper.events.send(agent.Event{Type: agent.Asked, Request: &r})
		}
	}
}

// isPermanent says whether a failure will not pass by a retry.
func isPermanent(err error) bool {
	for _, kind := range []error{office.ErrExpelled, office.ErrTwoFaced, office.ErrFork, office.ErrInvite} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// worrying says whether the person should know of the failure: it is permanent, or has lasted for worryTime.
func (s *standing) worrying() bool {
	return s.failing != nil && (s.broken != nil || s.permanent || time.Since(s.since) > worryTime)
}

// reportFailure sends a worrying failure to the faces, once.
func (d *desk) reportFailure(s *standing) {
	if s.failing == nil {
		d.lastFailure = ""
		return
	}
	staying := s.broken != nil || s.permanent
	if words := s.failing.Error(); words != d.lastFailure && s.worrying() && (staying || d.lastFailure == "") {
		d.lastFailure = words
		d.keeper.events.send(agent.Event{Type: agent.Problem, Problem: s.failing})
	}
}
