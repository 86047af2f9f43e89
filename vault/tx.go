package vault

import (
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// Tx is a transaction: a private copy of the contents that becomes the next snapshot when it commits.
type Tx struct {
	*Contents
	time    time.Time
	changes Changes
	notes   []LogEntry
	undo    *Undo // of this change; nil if it cannot be taken back
}

// Changes is the write set of a transaction.
type Changes struct {
	Accounts, Clients []string // ids that were put or removed
	// OnlyUse means that nothing changed but when clients were last used; such a save keeps no backup.
	OnlyUse bool
}

func (c Changes) empty() bool { return c.OnlyUse && len(c.Clients) == 0 }

func newTx(now *Contents) *Tx {
	c := newContents(slices.Clone(now.Accounts), slices.Clone(now.Clients))
	c.Generation, c.Undos, c.Formers = now.Generation, slices.Clone(now.Undos), slices.Clone(now.Formers)
	c.follow(now)
	at := time.Now().UTC().Truncate(time.Millisecond)
	if ahead := now.Saved.Sub(at); ahead >= 0 && ahead < time.Second {
		at = now.Saved.Add(time.Millisecond) // no two changes bear the same time: by it is known what was changed again
	}
	c.Saved = at
	return &Tx{Contents: c, time: at, changes: Changes{OnlyUse: true}}
}

// Draft is a dry run: a transaction on an empty vault that is never committed.
func Draft() *Tx { return newTx(newContents(nil, nil)) }

// newID is 130 random bits as 26 letters and digits: no two machines ever make the same.
func newID() string { return strings.ToLower(rand.Text()) }

// PutAccount is an upsert: it adds an account with an empty ID or replaces the one with its ID, and returns it as kept.
func (t *Tx) PutAccount(a Account) (Account, error) {
	if err := a.Check(); err != nil {
		return Account{}, invalid(err)
	}
	if a.ID == "" {
		a.ID = newID()
	}
	a.Changed = t.time
	t.changes.OnlyUse = false
	t.supersedeKey(a)
	t.putAccount(a)
	return a, nil
}

func (t *Tx) putAccount(a Account) {
	if i, ok := t.accounts[a.ID]; ok {
		t.Accounts[i] = a
	} else {
		t.accounts[a.ID] = len(t.Accounts)
		t.Accounts = append(t.Accounts, a)
	}
	t.changes.Accounts = append(t.changes.Accounts, a.ID)
}

// PutClient is an upsert: it adds a client with an empty ID or replaces the one with its ID, and returns it as kept.
// Its account must be there.
func (t *Tx) PutClient(c Client) (Client, error) {
	if err := c.Check(); err != nil {
		return Client{}, invalid(err)
	}
	if _, ok := t.accounts[c.Account]; !ok {
		return Client{}, lang.E("account-gone").Kind(ErrInvalid)
	}
	if c.ID == "" {
		c.ID = newID()
	}
	c.Changed = t.time
	t.changes.OnlyUse = false
	t.supersedeName(c)
	t.putClient(c)
	return c, nil
}

// Used advances the time at which a client's code was last taken; it never goes back. It is no change of the client.
func (t *Tx) Used(id string, at time.Time) {
	if c, ok := t.Client(id); ok && at.After(c.LastUsed) {
		c.LastUsed = at.UTC().Truncate(time.Second)
		t.putClient(c)
	}
}

func (t *Tx) putClient(c Client) {
	if i, ok := t.clients[c.ID]; ok {
		t.Clients[i] = c
	} else {
		t.clients[c.ID] = len(t.Clients)
		t.Clients = append(t.Clients, c)
	}
	t.changes.Clients = append(t.changes.Clients, c.ID)
}

// Note adds audit records, which are written just before the commit.
func (t *Tx) Note(entries ...LogEntry) { t.notes = append(t.notes, entries...) }

// RemoveClients removes clients, and the accounts that serve no other (cascading). Idempotent: what another session has
// removed already is no error.
func (t *Tx) RemoveClients(ids ...string) {
	gone := make(map[string]bool, len(ids)) // clients
	left := map[string]bool{}               // accounts that may have lost their last client
	for _, id := range ids {
		if c, ok := t.Client(id); ok && !gone[id] {
			gone[id], left[c.Account] = true, true
			t.changes.Clients = append(t.changes.Clients, id)
		}
	}
	if len(gone) == 0 {
		return
	}
	t.changes.OnlyUse = false
	t.Clients = slices.DeleteFunc(t.Clients, func(c Client) bool { return gone[c.ID] })
	t.removeUnserved(left)
}

// removeUnserved removes those of some accounts that serve no client, and forgets what was superseded of whatever is
// there no more.
func (t *Tx) removeUnserved(accounts map[string]bool) {
	for i := range t.Clients {
		delete(accounts, t.Clients[i].Account)
	}
	t.Accounts = slices.DeleteFunc(t.Accounts, func(a Account) bool { return accounts[a.ID] })
	t.changes.Accounts = slices.AppendSeq(t.changes.Accounts, maps.Keys(accounts))
	t.index()
	t.dropFormers()
}

func invalid(err error) error {
	if e, ok := errors.AsType[*lang.Error](err); ok {
		return e.Kind(ErrInvalid)
	}
	return err
}
