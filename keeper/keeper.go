// Package keeper is the agent's process: it unlocks the vault, holds it decrypted, and answers what package agent lets
// faces ask. It is the only code that runs with keys in memory. Locking ends the process, so that the system takes back
// every byte; nothing here tries to wipe memory.
//
//	run.go         the life of the process: unlock, serve, end; signals.go what tells it to end
//	unlock.go      opening, making and recovering the vault; prompt.go asks for the PIN or password
//	keeper.go      the keeper: the unlocked vault and all that hangs on it
//	server.go      the HTTP server: who may ask, and which method answers which endpoint
//	guests.go      the limit on connections that have not shown the token
//	events.go      the stream of events to the faces
//	index.go       the clients sorted and folded, for lists and search; resolve.go finds the one that a query means
//	label.go       what tells clients of one name apart; duplicates.go finds who may be in the vault twice
//	change.go      adding, editing, undoing, importing; removal.go removing, and for whom what is removed is gone
//	merge.go       making one client of two
//	stage.go       files that were read and wait for the person's decision
//	copy.go        codes; copier.go the clipboard; signin.go a user name, and its code after it
//	sweeper.go     the process that keeps the clipboard empty when this one has ended
//	usage.go       when codes were taken, written behind; uses.go who took them; the lock after a time without any
//	log.go         the log, and a client's details
//	gate.go        when a request needs the PIN or password again; audience.go which changes let others read a key
//	deadlines.go   which mandates and passwords run out
//	export.go      clients with their keys in other programs' formats
//	protect.go     the method of unlocking, the recovery key, backups; renew.go another identity
//	unite.go       another version of the vault
//	settings.go    reading and writing the settings; policy.go what of it all an administrator has decided
//	audit.go       what the system's log is told, where an administrator wants that
//	groups.go      groups that lock themselves; grouplock.go is what is hidden and refused meanwhile
//	rights.go      what this person may do with the office's accounts; reach.go to which of them a right is
//	desk.go        the office's part in this process: syncing; deskdo.go decides, deskrights.go about rights, deskview.go
//	               shows, deskstore.go opens, desklog.go tells the log; turn.go who has used a code already
//	page.go        the page, which is served by this process
//	autolock.go    which events of the session lock; memory.go gives memory back to the system
package keeper

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"

	"kapu/agent"
	"kapu/config"
	"kapu/vault"
)

// keeper is the unlocked vault with everything that serves it.
type keeper struct {
	vault *vault.Vault
	door  vault.Door
	// settings are those that count now; those of the unlocking, but for what configure takes over.
	settings    atomic.Pointer[config.Config]
	paths       config.Paths // the settings' among them
	configuring sync.Mutex
	stop        func() // begins the end of the process
	// renewing is set once the vault has another identity than this process: its end is near.
	renewing atomic.Bool
	// ending is done when the end has begun.
	ending context.Context
	asking sync.Mutex // held while a question is open
	page   Page

	events      events
	index       cache
	groups      *groups
	copies      copier
	usage       usage
	stages      stages
	lastProblem lastProblem
	desk        *desk
	audit       *auditor
	signals     *signals
}

func newKeeper(ending context.Context, d vault.Door, v *vault.Vault, cfg config.Config, stop func()) *keeper {
	k := &keeper{
		vault: v, door: d, stop: stop, ending: ending, audit: &auditor{},
		events: events{listeners: map[chan telling]bool{}},
		usage:  usage{seen: map[string]time.Time{}, pending: map[string]time.Time{}},
	}
	k.settings.Store(&cfg)
	k.stages.work = make(chan struct{}, 1)
	k.copies.used = map[string]time.Time{}
	k.groups = newGroups(cfg.Groups, k.groupLapsed)
	k.index.groups, k.index.rights = k.groups.of, func() *rights { return k.desk.rights() }
	k.desk = newDesk(k)
	k.restartIdleTimer()
	k.index.of(v.Contents()) // sorted now, so that the first list is quick
	return k
}

// close is the end: the clipboard forgets our code, and what is known about uses is saved.
func (k *keeper) close() {
	cleared := make(chan struct{})
	go func() {
		defer close(cleared)
		cleared := k.copies.clear()
		if left := k.copies.bequeath != nil && k.copies.bequeath(); cleared && !left {
			time.Sleep(closeTime)
		}
	}()
	k.asking.Lock() // a question that is open is being closed; it must not outlive us
	k.saveUsage()   // an error has nobody left to tell; what is lost is when a client was last used
	<-cleared
}

// follow tells the faces when another process changes the vault. Where the system cannot say (a network drive),
// each request still looks for itself.
func (k *keeper) follow() {
	w, err := fsnotify.NewWatcher()
	if err != nil || w.Add(k.vault.Dir()) != nil {
		return
	}
	for {
		select {
		case <-w.Errors:
		case e := <-w.Events:
			if e.Name == k.vault.Path() {
				k.contents()
			}
		}
	}
}

// contents returns what the vault holds now. If the file cannot be read at the moment (a drive is away, a
// damaged file) what was last read stays usable, and the person is told once.
func (k *keeper) contents() *vault.Contents {
	changed, err := k.vault.Refresh()
	if changed {
		k.events.send(agent.Event{Type: agent.Changed})
		k.desk.vaultChanged()
	}
	if err == nil {
		err = k.vault.Warning()
	}
	if !k.renewing.Load() {
		k.reportProblem(err)
	}
	return k.vault.Contents()
}

// lastProblem is the problem that was reported last, so that it is reported once.
type lastProblem struct {
	mu   sync.Mutex
	last string
}

// reportProblem sends a failure that no request waits for, once; nil means that all is well again.
func (k *keeper) reportProblem(err error) {
	k.lastProblem.mu.Lock()
	defer k.lastProblem.mu.Unlock()
	words := ""
	if err != nil {
		words = err.Error()
	}
	if words != k.lastProblem.last && err != nil {
		f, _ := agent.NewFailure(err)
		k.events.send(agent.Event{Type: agent.Problem, Problem: f.Sentence})
	}
	k.lastProblem.last = words
}

// update runs a transaction that the person may do, and tells the faces. One by which others come to a client
// who could not before needs the person's PIN or password, and says in the log who they are.
func (k *keeper) update(ctx context.Context, change func(*vault.Tx) error) error {
	changes, err := k.vault.Update(ctx, func(tx *vault.Tx) error {
		before := k.vault.Contents() // as the transaction found it
		if err := change(tx); err != nil {
			return err
		}
		if err := k.desk.rights().mayChange(before, tx.Contents); err != nil {
			return err
		}
		return k.mayWiden(ctx, before, tx)
	})
	if err == nil && len(changes.Clients)+len(changes.Accounts) > 0 {
		k.events.send(agent.Event{Type: agent.Changed})
		k.desk.vaultChanged()
	}
	return err
}

func (k *keeper) status(context.Context, agent.None) (agent.Status, error) {
	k.signals.heed()
	if k.ending.Err() != nil {
		return agent.Status{}, k.audit.stayedLocked()
	}
	x := k.visible()
	accounts := map[string]bool{}
	for i := range x.clients {
		accounts[x.clients[i].Account] = true
	}
	s := agent.Status{
		Clients: len(x.clients), Accounts: len(accounts), Method: k.method(), Vault: k.vault.Path(),
		RecoveryKept: k.door.RecoveryKept(), PINOffered: k.door.PINOffered(), Deadlines: len(deadlines(x.clients, agent.SoonDays, time.Now())),
		LockedFolders: k.groups.folders(k.groups.locked()), Office: k.desk.status(),
	}
	if err := k.vault.Warning(); err != nil {
		f, _ := agent.NewFailure(err)
		s.Warning = f.Sentence
	}
	return s, nil
}

func (k *keeper) list(_ context.Context, r agent.ListRequest) ([]agent.Client, error) {
	if locked := k.groups.locked(); r.Folder != "" && locked[k.groups.number(r.Folder)] {
		return nil, k.groups.lockedError(locked)
	}
	found := k.visible().filter(r.Folder, r.Query)
	clients := make([]agent.Client, len(found))
	for i, row := range found {
		row.LastUsed = k.usage.last(row.Client)
		clients[i] = row.Client
	}
	if r.Duplicates {
		clients = onlyDuplicates(clients)
	}
	return clients, nil
}

func (k *keeper) findClient(_ context.Context, r agent.FindRequest) (agent.Client, error) {
	found, err := k.resolve(r.Query)
	return found.Client, err
}

func (k *keeper) lock(context.Context, agent.None) (agent.None, error) {
	k.audit.ending("asked")
	time.AfterFunc(0, k.stop) // after this has been answered
	return agent.None{}, nil
}
