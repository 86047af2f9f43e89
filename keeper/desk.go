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

// desk is where the keeper and the office meet, if the vault is in one. It agrees with the store while the vault is
// open; what a click needs it answers from what the last sync has left, so that no click waits for a store.
type desk struct {
	keeper *keeper
	wake   chan struct{}
	rest   *time.Timer // after a change of the vault

	working sync.Mutex // one sync at a time

	asked map[string]bool
	said  string // the failure that the faces were told of

	mu     sync.Mutex     // a store that hangs may hold it
	worker *office.Office // nil until the store has been reached

	watching sync.Mutex
	unwatch  func() // ends the watching of the store

	reader atomic.Pointer[office.Office] // knows the same, and never waits; nil: no office
	now    atomic.Pointer[standing]      // nil: no office
	redo   atomic.Int64                  // records still to be sealed anew
	eager  atomic.Int64                  // until when a person waits for another machine, in ns since 1970

	looking sync.Mutex // held where now is changed
	stamp   string     // of what now was made of
}

// standing is what is known of the office since the last sync.
type standing struct {
	office.View
	rights   *rights
	accounts map[string]string // records of the office → accounts of the vault
	synced   time.Time
	failing  *lang.Error
	since    time.Time
	stays    bool      // the failure will not pass by itself
	until    time.Time // when something begins or ends by itself
	broken   error     // why nothing is known
}

const (
	// restTime is how long the vault must have rested before its changes are carried out: an import is one change.
	restTime = time.Second
	// worryTime is for how long a store may be out of reach before the person is told.
	worryTime = 10 * time.Minute
	// newsTime is how often progress is told.
	newsTime = 500 * time.Millisecond
	// eagerTime is for how long an invitation is likely to be used at once, by a person who sits there and waits, and
	// eagerPause how often the store is asked meanwhile.
	eagerTime  = 10 * time.Minute
	eagerPause = 3 * time.Second
	// minPause is for a moment that is now, and for one that a slow clock keeps there.
	minPause = 50 * time.Millisecond
)

func newDesk(k *keeper) *desk {
	d := &desk{keeper: k, wake: make(chan struct{}, 1), asked: map[string]bool{}}
	d.rest = time.AfterFunc(time.Hour, d.soon)
	d.rest.Stop()
	d.enter()
	return d
}

// enter looks whether the vault is in an office, and reads what is known of it. It asks nothing of the store.
func (d *desk) enter() {
	d.looking.Lock()
	defer d.looking.Unlock()
	if d.reader.Load() != nil {
		return
	}
	reader, err := office.Open(d.home(), d.keeper.vault.Identity(), unreached)
	switch {
	case err == nil:
		d.look(reader)
		d.reader.Store(reader)
	case errors.Is(err, office.ErrNone):
		d.now.Store(nil)
	default:
		f, _ := agent.NewFailure(err)
		d.now.Store(&standing{broken: err, rights: &rights{broken: err}, failing: f.Sentence, since: time.Now(), stays: true})
	}
}

func (d *desk) home() office.VaultHome { return office.VaultHome{Vault: d.keeper.vault} }

// unreached is the store of a reader, which asks nothing of one.
func unreached(string) (store.Store, error) { return nil, nil }

// look makes the standing anew, if there is anything new. The caller holds looking.
func (d *desk) look(o *office.Office) {
	stamp := o.Stamp()
	before := d.now.Load()
	if before != nil && before.broken == nil && stamp == d.stamp && stamp != "" {
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
		next.synced, next.failing, next.since, next.stays = before.synced, before.failing, before.since, before.stays
	}
	d.stamp = stamp
	d.now.Store(next)
}

// rights are what the person may do with the accounts that are the office's.
func (d *desk) rights() *rights {
	if s := d.now.Load(); s != nil {
		return s.rights
	}
	return nil
}

// soon lets the next sync begin.
func (d *desk) soon() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// hurry looks often for a while: somebody is coming in, and people wait for each other's machines.
func (d *desk) hurry() {
	d.eager.Store(time.Now().Add(eagerTime).UnixNano())
	d.soon()
}

// touched says that the vault was changed.
func (d *desk) touched() { d.rest.Reset(restTime) }

// run agrees with the store again and again, until ctx ends.
func (d *desk) run(ctx context.Context) {
	for {
		_, _ = d.sync(ctx, false) // learn has told what is to be told
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
	s := d.now.Load()
	if s == nil || s.broken != nil || s.Expelled {
		return 24 * time.Hour // another session, or the person, will wake us
	}
	pause := d.keeper.settings.Load().Office.Poll.Duration
	if time.Now().UnixNano() < d.eager.Load() {
		pause = min(pause, eagerPause)
	}
	if !s.until.IsZero() {
		pause = min(pause, time.Until(s.until))
	}
	return max(pause, minPause)
}

// sync agrees with the store once. Without an office it is ErrNone.
func (d *desk) sync(ctx context.Context, flush bool) (office.Report, error) {
	d.working.Lock()
	defer d.working.Unlock()
	d.enter()
	d.keeper.contents() // what another session has changed goes out too
	o, err := d.reach()
	var report office.Report
	if err == nil {
		o.Flush = flush
		report, err = o.Sync(ctx)
	}
	if ctx.Err() == nil {
		d.learn(o, report, err)
	}
	return report, err
}

// reach returns the office with its store.
func (d *desk) reach() (*office.Office, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.worker != nil {
		return d.worker, nil
	}
	if err := d.entered(); err != nil {
		return nil, err
	}
	o, err := office.Open(d.home(), d.keeper.vault.Identity(), d.openWatched)
	if err != nil {
		return nil, err
	}
	var told time.Time
	o.Progress = func(done, all int) {
		d.redo.Store(int64(all - done))
		if time.Since(told) > newsTime {
			told = time.Now()
			d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
		}
	}
	d.worker = o
	return o, nil
}

// reopen lets the store be opened anew when it is wanted next.
func (d *desk) reopen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.worker = nil
}

// entered says why the vault is in no office, if it is in none.
func (d *desk) entered() error {
	if d.reader.Load() != nil {
		return nil
	}
	if s := d.now.Load(); s != nil && s.broken != nil {
		return s.broken
	}
	return lang.E("office-none").Kind(office.ErrNone)
}

// leave forgets the office.
func (d *desk) leave() {
	d.reopen()
	d.watch(nil)
	d.looking.Lock()
	defer d.looking.Unlock()
	d.asked, d.said, d.stamp = map[string]bool{}, "", ""
	d.reader.Store(nil)
	d.now.Store(nil)
	d.redo.Store(0)
}

// learn takes in what a sync has found, and tells the faces.
func (d *desk) learn(o *office.Office, report office.Report, err error) {
	if errors.Is(err, office.ErrNone) {
		if d.now.Load() != nil { // another session has left the office
			d.leave()
			d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
		}
		return
	}
	left := int(d.redo.Swap(int64(report.Left)))
	before, now := d.note(o, report, err)
	if report.Changed || before == nil || before.rights != now.rights {
		d.keeper.index.of(d.keeper.vault.Contents()) // sorted now, so that the next click is quick
		time.AfterFunc(tidyTime, debug.FreeOSMemory)
		d.keeper.events.send(agent.Event{Type: agent.Changed})
	}
	if before == nil || news(before) != news(now) || left != report.Left {
		d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
	}
	d.announce(now)
	d.complain(now)
}

// note makes the standing after a sync.
func (d *desk) note(o *office.Office, report office.Report, err error) (before, now *standing) {
	d.looking.Lock()
	defer d.looking.Unlock()
	before = d.now.Load()
	if o != nil {
		d.look(o)
	}
	s := *d.now.Load()
	s.until = report.Until
	switch {
	case err == nil, errors.Is(err, office.ErrNotYet):
		s.synced, s.failing, s.since, s.stays = time.Now(), nil, time.Time{}, false
	case errors.Is(err, office.ErrInUse): // another session agrees with the store for us
	default:
		f, _ := agent.NewFailure(err)
		if s.failing == nil {
			s.since = time.Now()
		}
		s.failing, s.stays = f.Sentence, stays(err)
	}
	d.now.Store(&s)
	return before, &s
}

// news is what faces show of a standing, but for times.
func news(s *standing) string {
	number := 0
	if s.Roster != nil {
		number = s.Roster.Number
	}
	return fmt.Sprint(number, s.Joining, s.Words, s.Expelled, len(s.Requests), s.Unfit, s.failing != nil, s.stays)
}

// announce tells of each machine that wants to be let in, once.
func (d *desk) announce(s *standing) {
	if !s.Admin {
		return
	}
	for _, r := range requests(s) {
		if !d.asked[r.Device] {
			d.asked[r.Device] = true
			d.keeper.events.send(agent.Event{Type: agent.Asked, Request: &r})
		}
	}
}

// stays says whether a failure will not pass by itself.
func stays(err error) bool {
	for _, kind := range []error{office.ErrExpelled, office.ErrTwoFaced, office.ErrFork, office.ErrInvite} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// worrying says whether a failure is one that the person should know of.
func (s *standing) worrying() bool {
	return s.failing != nil && (s.broken != nil || s.stays || time.Since(s.since) > worryTime)
}

// complain tells of a failure that lasts, or will not pass by itself, once.
func (d *desk) complain(s *standing) {
	if s.failing == nil {
		d.said = ""
		return
	}
	staying := s.broken != nil || s.stays
	if words := s.failing.Error(); words != d.said && s.worrying() && (staying || d.said == "") {
		d.said = words
		d.keeper.events.send(agent.Event{Type: agent.Problem, Problem: s.failing})
	}
}
