package vault

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// Tx is a change in the making: it starts as what the vault holds and becomes the next contents.
type Tx struct {
	*Contents
	time    time.Time
	changes Changes
}

// Changes says what a transaction did.
type Changes struct {
	Accounts, Clients []string // ids that were put or removed
	// OnlyUse means that nothing changed but when clients were last used; such a save keeps no backup.
	OnlyUse bool
}

func (c Changes) empty() bool { return len(c.Accounts) == 0 && len(c.Clients) == 0 }

func newTx(now *Contents) *Tx {
	c := newContents(slices.Clone(now.Accounts), slices.Clone(now.Clients))
	c.Generation = now.Generation
	return &Tx{Contents: c, time: time.Now().UTC().Truncate(time.Millisecond), changes: Changes{OnlyUse: true}}
}

// Draft is a transaction on an empty vault that is never saved: to try out what a change would do.
func Draft() *Tx { return newTx(newContents(nil, nil)) }

// newID is 130 random bits as 26 letters and digits: no two machines ever make the same.
func newID() string { return strings.ToLower(rand.Text()) }

// PutAccount adds an account (with an empty ID) or replaces one, and returns it as it is kept.
func (t *Tx) PutAccount(a Account) (Account, error) {
	if err := a.Check(); err != nil {
		return Account{}, invalid(err)
	}
	if a.ID == "" {
		a.ID = newID()
	}
	a.Changed = t.time
	if i, ok := t.accounts[a.ID]; ok {
		t.Accounts[i] = a
	} else {
		t.accounts[a.ID] = len(t.Accounts)
		t.Accounts = append(t.Accounts, a)
	}
	t.changes.Accounts = append(t.changes.Accounts, a.ID)
	t.changes.OnlyUse = false
	return a, nil
}

// PutClient adds a client (with an empty ID) or replaces one, and returns it as it is kept.
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
	t.putClient(c)
	return c, nil
}

// Used notes when a client's code was last taken. It is no change of the client.
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

// RemoveClient removes a client, and its account if it was the account's last. Removing what another session
// has already removed is no error.
func (t *Tx) RemoveClient(id string) {
	c, ok := t.Client(id)
	if !ok {
		return
	}
	t.changes.OnlyUse = false
	t.changes.Clients = append(t.changes.Clients, id)
	t.Clients = slices.DeleteFunc(t.Clients, func(other Client) bool { return other.ID == id })
	if !slices.ContainsFunc(t.Clients, func(other Client) bool { return other.Account == c.Account }) {
		t.Accounts = slices.DeleteFunc(t.Accounts, func(a Account) bool { return a.ID == c.Account })
		t.changes.Accounts = append(t.changes.Accounts, c.Account)
	}
	generation := t.Generation
	*t.Contents = *newContents(t.Accounts, t.Clients)
	t.Generation = generation
}

func invalid(err error) error {
	if e, ok := err.(*lang.Error); ok {
		return e.Kind(ErrInvalid)
	}
	return err
}
