package vault

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"kapu/lang"
)

// Merge makes one client of two. The first stays, with its id and name; what it has no value of it gets from the other,
// which goes. The account of one of them serves it from then on, with the key: the first's, or the other's if otherKey
// is set. If no client has the other account any more it goes too, and the one that stays gets what it has no value of,
// but for the deletion code: that belongs to its key. The name and the key that go are superseded, not forgotten.
func (t *Tx) Merge(keep, other string, otherKey bool) (Client, error) {
	c, known := t.Client(keep)
	gone, knownToo := t.Client(other)
	switch {
	case !known || !knownToo:
		return Client{}, lang.E("client-gone").Kind(ErrInvalid)
	case keep == other:
		return Client{}, lang.E("merge-same").Kind(ErrInvalid)
	}
	c.TaxNumber = cmp.Or(c.TaxNumber, gone.TaxNumber)
	c.Folder = cmp.Or(c.Folder, gone.Folder)
	c.MandateUntil = cmp.Or(c.MandateUntil, gone.MandateUntil)
	c.Favourite = c.Favourite || gone.Favourite
	c.LastUsed = latest(c.LastUsed, gone.LastUsed)
	stays, goes := c.Account, gone.Account
	if otherKey {
		stays, goes = goes, stays
	}
	c.Account = stays
	c, err := t.PutClient(c)
	if err != nil {
		return Client{}, err
	}
	if stays != goes && !t.serves(goes, other) {
		if err := t.mergeAccounts(stays, goes); err != nil {
			return Client{}, err
		}
	}
	t.inherit(other, Former{ID: keep, Name: c.Name}, Former{ID: keep, Name: gone.Name})
	t.RemoveClients(other)
	t.removeUnserved(map[string]bool{goes: true})
	return c, nil
}

// serves says whether an account serves any client but one.
func (t *Tx) serves(account, but string) bool {
	for i := range t.Clients {
		if c := &t.Clients[i]; c.Account == account && c.ID != but {
			return true
		}
	}
	return false
}

// mergeAccounts lets the account that stays take over what it lacks of the one that goes, and its keys as former ones.
func (t *Tx) mergeAccounts(stays, goes string) error {
	a, _ := t.Account(stays)
	gone, _ := t.Account(goes)
	before := a
	a.UserName = cmp.Or(a.UserName, gone.UserName)
	a.PasswordUntil = cmp.Or(a.PasswordUntil, gone.PasswordUntil)
	if gone.Note != "" && !strings.Contains(a.Note, gone.Note) {
		both := strings.TrimSpace(a.Note + "\n\n" + gone.Note)
		if utf8.RuneCountInString(both) <= MaxNote {
			a.Note = both
		}
	}
	if a != before {
		if _, err := t.PutAccount(a); err != nil {
			return err
		}
	}
	if a.Key.Secret != "" { // who has codes only keeps no former keys
		t.inherit(goes, Former{ID: stays, Key: a.Key}, Former{ID: stays, Key: gone.Key})
	}
	return nil
}
