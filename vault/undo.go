package vault

import (
	"slices"
	"time"

	"kapu/lang"
)

// Undo is the inverse of one change: the before-images of what it touched, and the ids of what it added.
type Undo struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Act  Act       `json:"act"`
	Name string    `json:"name,omitempty"` // of the client or the format
	N    int       `json:"n"`              // clients

	Accounts      []Account `json:"accounts,omitempty"`
	Clients       []Client  `json:"clients,omitempty"`
	AddedAccounts []string  `json:"added_accounts,omitempty"`
	AddedClients  []string  `json:"added_clients,omitempty"`
}

// What is kept to be undone: the last changes, for as long as backups last, and no more than a large import.
const (
	keepUndos   = 50
	keepUndoIDs = 50_000
)

// Undoable makes the transaction record its inverse, under the returned id.
func (t *Tx) Undoable(act Act, name string) (id string) {
	t.undo = &Undo{ID: newID(), At: t.time, Act: act, Name: name}
	return t.undo.ID
}

// remember completes the inverse at commit and prunes the history: fifty changes, 50,000 ids, thirty days.
func (t *Tx) remember(before *Contents) {
	t.Undos = slices.DeleteFunc(t.Undos, func(u Undo) bool { return t.time.Sub(u.At) > keepDays*24*time.Hour })
	if t.undo == nil {
		return
	}
	u := *t.undo
	for _, id := range unique(t.changes.Accounts) {
		if a, ok := before.Account(id); ok {
			u.Accounts = append(u.Accounts, a)
		} else {
			u.AddedAccounts = append(u.AddedAccounts, id)
		}
	}
	for _, id := range unique(t.changes.Clients) {
		if c, ok := before.Client(id); ok {
			u.Clients = append(u.Clients, c)
		} else {
			u.AddedClients = append(u.AddedClients, id)
		}
	}
	u.N = len(u.Clients) + len(u.AddedClients)
	t.Undos = append(t.Undos, u)
	for len(t.Undos) > 1 && (len(t.Undos) > keepUndos || undoIDs(t.Undos) > keepUndoIDs) {
		t.Undos = slices.Delete(t.Undos, 0, 1)
	}
}

func undoIDs(undos []Undo) (n int) {
	for _, u := range undos {
		n += len(u.Accounts) + len(u.Clients) + len(u.AddedAccounts) + len(u.AddedClients)
	}
	return n
}

func unique(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Undo applies an inverse, that of the last change if id is "". It never overwrites a later change: an entry that was
// changed again since then stays as it is, and kept counts those.
func (t *Tx) Undo(id string) (undone Undo, kept int, err error) {
	i := len(t.Undos) - 1
	if id != "" {
		i = slices.IndexFunc(t.Undos, func(u Undo) bool { return u.ID == id })
	}
	if i < 0 {
		return Undo{}, 0, lang.E("undo-none").Kind(ErrInvalid)
	}
	u := t.Undos[i]
	t.Undos = slices.Delete(t.Undos, i, i+1)
	t.changes.OnlyUse = false
	for _, a := range u.Accounts {
		if now, there := t.Account(a.ID); !there || now.Changed.Equal(u.At) {
			t.putAccount(a) // with its old time: an earlier change can then still be undone
		} else if now.Changed.After(u.At) {
			kept++
		}
	}
	for _, c := range u.Clients {
		now, there := t.Client(c.ID)
		_, served := t.Account(c.Account)
		if served && (!there || now.Changed.Equal(u.At)) {
			c.LastUsed = latest(c.LastUsed, now.LastUsed)
			t.putClient(c)
		} else if !served || now.Changed.After(u.At) {
			kept++
		}
	}
	var added []string
	for _, id := range u.AddedClients {
		c, there := t.Client(id)
		a, _ := t.Account(c.Account)
		if there && c.Changed.Equal(u.At) && !a.Changed.After(u.At) {
			added = append(added, id)
		} else if there {
			kept++
		}
	}
	t.RemoveClients(added...)
	return u, kept, nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
