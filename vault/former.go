package vault

import (
	"slices"
	"time"

	"kapu/lang"
)

// Former is a superseded value: what a client was called, or the key that an account had, until a change. By it an
// import knows a client whom a file still calls by an earlier name, and a person finds a key again that was replaced
// too early.
type Former struct {
	ID    string    `json:"id"`             // of the client, or of the account
	Name  string    `json:"name,omitempty"` // of the client
	Key   Key       `json:"key,omitzero"`   // of the account
	Until time.Time `json:"until"`
}

// keepFormers is how many superseded values are kept of one client or account, the newest.
const keepFormers = 5

// FormerKeys returns the keys that an account had, newest first.
func (c *Contents) FormerKeys(account string) (keys []Former) {
	for _, f := range slices.Backward(c.Formers) {
		if f.ID == account && f.Key.Secret != "" {
			keys = append(keys, f)
		}
	}
	return keys
}

// supersede keeps the value was that is being replaced by now. One that comes back is superseded no more.
func (t *Tx) supersede(was, now Former) {
	was.Until = t.time
	t.Formers = slices.DeleteFunc(t.Formers, func(f Former) bool { return f.same(was) || f.same(now) })
	t.Formers = append(t.Formers, was)
	t.pruneFormers(was.ID)
}

// pruneFormers keeps the newest of what is superseded of a client or account.
func (t *Tx) pruneFormers(id string) {
	n := 0
	for i, f := range slices.Backward(t.Formers) {
		if f.ID != id {
			continue
		}
		if n++; n > keepFormers {
			t.Formers = slices.Delete(t.Formers, i, i+1)
		}
	}
}

// inherit keeps what was superseded of a client or account that is merged into another as the other's, each value once:
// now is the value that the other has, was the value of the one that goes.
func (t *Tx) inherit(from string, now, was Former) {
	var its []Former
	others := slices.DeleteFunc(t.Formers, func(f Former) bool {
		if f.ID == from || f.ID == now.ID {
			f.ID = now.ID
			its = append(its, f)
			return true
		}
		return false
	})
	slices.SortStableFunc(its, func(a, b Former) int { return a.Until.Compare(b.Until) })
	t.Formers = others
	for i, f := range its {
		again := slices.ContainsFunc(its[i+1:], func(later Former) bool { return later.same(f) })
		if !again && !f.same(now) {
			t.Formers = append(t.Formers, f)
		}
	}
	slices.SortStableFunc(t.Formers, func(a, b Former) int { return a.Until.Compare(b.Until) })
	if was.Key.Secret == now.Key.Secret && lang.Fold(was.Name) == lang.Fold(now.Name) {
		t.pruneFormers(now.ID)
		return
	}
	t.supersede(was, now)
}

func (f Former) same(as Former) bool {
	return f.ID == as.ID && f.Key.Secret == as.Key.Secret && lang.Fold(f.Name) == lang.Fold(as.Name)
}

// supersedeKey keeps the key that an account has now, if the new one is another. With a key that is taken away, because
// the person is to have codes only, the earlier ones go too.
func (t *Tx) supersedeKey(now Account) {
	if now.Key.Secret == "" {
		t.Formers = slices.DeleteFunc(t.Formers, func(f Former) bool { return f.ID == now.ID })
	}
	if was, ok := t.Account(now.ID); ok && was.Key.Secret != "" && now.Key.Secret != "" && was.Key.Secret != now.Key.Secret {
		t.supersede(Former{ID: now.ID, Key: was.Key}, Former{ID: now.ID, Key: now.Key})
	}
}

// supersedeName keeps the name that a client has now, if the new one reads otherwise.
func (t *Tx) supersedeName(now Client) {
	if was, ok := t.Client(now.ID); ok && lang.Fold(was.Name) != lang.Fold(now.Name) {
		t.supersede(Former{ID: now.ID, Name: was.Name}, Former{ID: now.ID, Name: now.Name})
	}
}

// dropFormers forgets what was superseded of clients and accounts that are there no more: with an account its keys go.
func (c *Contents) dropFormers() {
	c.Formers = slices.DeleteFunc(c.Formers, func(f Former) bool {
		_, account := c.accounts[f.ID]
		_, client := c.clients[f.ID]
		return !account && !client
	})
}
