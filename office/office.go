// Package office is a replicated, end-to-end encrypted set of accounts: several people and machines work with it
// through a store of immutable objects that nobody trusts.
//
// Its promise: whoever keeps the store learns nothing and changes nothing unnoticed; each device can read exactly what
// the roster says; and nothing that was confirmed is lost, in whatever order machines come and go.
//
// The vault stays what a person works with. Sync makes signed edits of its changes and brings the edits of others in.
//
// What is replicated:
//
//	roster.go     membership: a hash chain of who is in the office, with which devices and rights
//	chain.go      following that chain and appending to it; detecting a fork
//	admin.go      what admins decide: each is an amendment of the roster
//	rights.go     roles, rights and grants; setrights.go and standin.go give and take them, one amendment each;
//	              preview.go what that would come to
//	days.go       the calendar that rights go by
//	edit.go       one person's change of one record, signed and immutable; a record is a CRDT, the set of its edits
//	card.go       an account with its clients, as the merge of those edits
//	accept.go     which edits count: the access check, and the merge
//	bundle.go     a record's edits in one envelope, sealed to those who may read them
//	book.go       codes made ahead for a substitute, without the key; bookmake.go makes them, bookcache.go keeps them
//	turn.go       who has used a code already, so that two do not take the same one
//	join.go       how a device comes in; words.go the six words, cleanname.go the names it may have
//	renew.go      another key for this device, when its vault gets one
//	away.go       devices that were silent for long, and how they come back; seen.go the signs of life
//	verify.go     the safety number, by which two devices see whether they know each other's true keys
//	journal.go    the audit log; worklist.go the keys to be rotated
//	names.go      what the objects are called in the store; list.go lists them
//	trouble.go    single objects that cannot be read or written; progress.go tells of long work
//	encode.go     hashes, ids and JSON in objects; box.go the cryptography
//
// One sync:
//
//	pass.go       the steps; state.go the persistent state between two of them, home.go where it is kept
//	record.go     local changes become edits
//	pull.go       what others have put into the store is taken in; feed.go the change log that tells of it
//	project.go    the vault is brought up to date, a projection of the records
//	push.go       bundles are sealed to exactly those who may read them now
//
// Around it: create.go is how an office begins and ends on a device, elsewhere.go a store that has moved, view.go what
// a face is shown.
//
// docs/formats.md specifies the objects, docs/decisions/office-edits.md says why they are as they are.
package office

import (
	"context"
	"errors"
	"sync"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
	"kapu/vault"
)

// The sentinel errors that callers tell apart. Every error a person can see is a lang sentence of one of these kinds.
var (
	ErrNone      = errors.New("this vault is in no office")
	ErrNotAdmin  = errors.New("only an admin may do this")
	ErrUnknown   = errors.New("no such member, device, grant or client")
	ErrInvalid   = errors.New("not possible in this office")
	ErrFork      = errors.New("the store shows another office than before")
	ErrExpelled  = errors.New("this device is no longer in the office")
	ErrNotYet    = errors.New("not approved yet")
	ErrAway      = errors.New("not approved again after it was away")
	ErrDamaged   = errors.New("what this device knew of its office cannot be read")
	ErrInvite    = errors.New("not a valid invitation")
	ErrTwoFaced  = errors.New("two machines write as this device")
	ErrInUse     = errors.New("another session is at it")
	errRefused   = errors.New("refused") // an object that breaks a rule
	errNotReady  = errors.New("cites a roster not seen yet")
	errNotForUs  = errors.New("not sealed to this device")
	errNoMandate = errors.New("its author has no right to it")
	errUnjudged  = errors.New("from before this device came; another has to judge it")
)

// Office is this device's replica of an office. Its methods may be called from any goroutine; a mutex, and a lock
// against the person's other sessions, let one at a time do something.
type Office struct {
	home      Home
	store     store.Store
	openStore OpenStore      // nil for an office that has just begun
	root      *seal.Identity // the vault's
	id        *seal.Identity // this device's
	box       box
	now       func() time.Time
	sleep     func(ctx context.Context, d time.Duration) error
	// Progress is called by Sync, from any goroutine, with what is left to do where that takes long.
	Progress func(Progress)

	mu       sync.Mutex
	state    *state
	revision string // of the state's file when it was read or written
	dirty    bool   // the state has changed since
	volatile
}

// volatile is the part of a replica's state that is not persistent: what one sync leaves to the next in memory. It may
// be lost, because a process that starts lists all names and checks all records.
type volatile struct {
	relist     bool                        // the next pull asks for all names, not for the feed alone
	vaultStale bool                        // something has come that the vault may not show
	toReseal   map[string]bool             // queue of records whose bundles may be sealed to others than the roster says
	suspects   map[string]bool             // records that may have been revoked: a bundle was not sealed to this device
	garbage    []string                    // bundles in the store that nobody accepts
	storeBooks []string                    // names of the books in the store, as of the last listing and since
	checkedAt  time.Time                   // when all records were last held against the roster
	unfit      map[string][]vault.Namesake // records that the vault cannot hold → their clients
	pages      map[string]openedPage       // of the journal, by their names
}

// newOffice is a replica that knows nothing yet.
func newOffice(home Home, root *seal.Identity) *Office {
	return &Office{
		home: home, root: root, id: root, box: realBox{}, now: time.Now, sleep: sleep,
		volatile: volatile{
			relist: true, toReseal: map[string]bool{}, suspects: map[string]bool{}, unfit: map[string][]vault.Namesake{},
		},
	}
}

// locked runs a critical section: while it runs, no other session of this person works on the same office. The state
// is read before it, if it is another's, and written after it.
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

// load reads the state if it has not been read, or another session has written it since.
func (o *Office) load() error {
	revision := o.home.Revision(stateFile)
	if o.state != nil && revision == o.revision {
		return nil
	}
	s, err := readState(o.box, o.home, o.root)
	if err != nil {
		return err
	}
	if o.openStore != nil && (o.state == nil || o.state.Store != s.Store) {
		if o.store, err = o.openStore(s.Store); err != nil {
			return err
		}
	}
	o.state, o.revision, o.relist, o.vaultStale = s, revision, true, true
	o.dirty = s.succeed(o.root)
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
	o.revision, o.dirty = o.home.Revision(stateFile), false
	return nil
}

// queueReseal puts a record into the queue of those whose bundles are checked by the next push.
func (o *Office) queueReseal(id string) { o.toReseal[id] = true }

// rightTo is what this device's member may do with a record that is known here.
func (o *Office) rightTo(id string, r *record, at time.Time) Right {
	if r.Revoked {
		return None
	}
	return o.right(r.facts(id), at)
}

// right is what this device's member may do with a record of some folders.
func (o *Office) right(f facts, at time.Time) Right {
	if o.state.Expelled {
		return None
	}
	return o.state.Roster.deviceRight(o.state.Device, f, at)
}
