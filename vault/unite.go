package vault

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kapu/lang"
)

// Difference is what another version of the vault has that this one has not, of one client or of one field, and what
// becomes of it when the two are united (three-way merge).
type Difference struct {
	Client string `json:"client"` // id
	Name   string `json:"name"`   // with what tells the client from others of its name
	Kind   Kin    `json:"kind"`
	Field  string `json:"field,omitempty"`
	// Ours and Theirs are the two values, "" of a key and of a deletion code. Taken says that theirs stands afterwards.
	Ours   string `json:"ours,omitempty"`
	Theirs string `json:"theirs,omitempty"`
	Taken  bool   `json:"taken"`
}

// Kin is the kind of a difference.
type Kin string

// The kinds of differences.
const (
	Missing     Kin = "missing"    // a client that is not in this version: comes back
	Gone        Kin = "gone"       // a client that was removed from this version since: stays away
	GoneThere   Kin = "gone-there" // a client that was removed from the other since: stays
	ChangedThem Kin = "changed"    // a field that only the other has changed: is taken
	Conflict    Kin = "conflict"   // a field that both have changed: the later change stands
	BothNotes   Kin = "both-notes" // notes that both have changed: one stands below the other
)

// union is one uniting under way.
type union struct {
	tx    *Tx
	other *Contents
	base  *Contents // what the two have in common; nil if it is not known, then whatever differs is a conflict
	leave func(*Account) bool
	found []Difference
	// unserved are accounts that may have lost their last client.
	unserved map[string]bool
}

// Unite takes over what another version of the vault has, and makes the next save descend from it. Nothing is removed,
// and no key is lost: one that does not stand becomes a former key of its account. Accounts for which leave is true
// stay as they are.
func (t *Tx) Unite(other, base *Contents, leave func(*Account) bool) ([]Difference, error) {
	u := &union{t, other, base, leave, nil, map[string]bool{}}
	if u.base == nil {
		u.base = newContents(nil, nil)
	}
	for i := range other.Accounts {
		if err := u.account(&other.Accounts[i]); err != nil {
			return nil, err
		}
	}
	for i := range other.Clients {
		if err := u.client(&other.Clients[i]); err != nil {
			return nil, err
		}
	}
	for i := range t.Clients {
		c := &t.Clients[i]
		_, there := other.Client(c.ID)
		if _, common := u.base.Client(c.ID); common && !there {
			u.tell(*c, GoneThere, "", "", "", false)
		}
	}
	t.removeUnserved(u.unserved)
	u.formers()
	t.Discard(other)
	lang.Sort(u.found, func(d Difference) string { return d.Name })
	return u.found, nil
}

// Discard makes the next save descend from another version, of which nothing is taken.
func (t *Tx) Discard(other *Contents) {
	t.follow(other)
	t.Generation = max(t.Generation, other.Generation)
	t.changes.OnlyUse = false
}

func (u *union) tell(c Client, kind Kin, field, ours, theirs string, taken bool) {
	if field == "key" || field == "deletion_code" {
		ours, theirs = "", ""
	}
	u.found = append(u.found, Difference{c.ID, c.Name, kind, field, ours, theirs, taken})
}

// choose says which of two values stands: theirs if only they have changed it, or later.
func choose(ours, theirs, base string, common, later bool) (kind Kin, take bool) {
	switch {
	case ours == theirs, common && theirs == base:
		return "", false
	case common && ours == base, !common && ours == "":
		return ChangedThem, true
	case !common && theirs == "":
		return "", false
	default:
		return Conflict, later
	}
}

// account unites the fields of an account that both have.
func (u *union) account(theirs *Account) error {
	ours, ok := u.tx.Account(theirs.ID)
	if !ok || u.leave(&ours) || ours.Key.Kind == Book || theirs.Key.Kind == Book {
		return nil
	}
	base, common := u.base.Account(theirs.ID)
	later := theirs.Changed.After(ours.Changed)
	next, served := ours, clientOf(u.tx.Contents, ours.ID)
	for _, f := range []struct {
		name               string
		now                *string
		ours, theirs, base string
	}{
		{"service", &next.Service, ours.Service, theirs.Service, base.Service},
		{"user_name", &next.UserName, ours.UserName, theirs.UserName, base.UserName},
		{"deletion_code", &next.DeletionCode, ours.DeletionCode, theirs.DeletionCode, base.DeletionCode},
		{"password_until", &next.PasswordUntil, ours.PasswordUntil, theirs.PasswordUntil, base.PasswordUntil},
		{"note", &next.Note, ours.Note, theirs.Note, base.Note},
	} {
		kind, take := choose(f.ours, f.theirs, f.base, common, later)
		if both, fits := bothNotes(f.ours, f.theirs); kind == Conflict && f.name == "note" && fits {
			*f.now, kind, take = both, BothNotes, true
		} else if take {
			*f.now = f.theirs
		}
		if kind != "" {
			u.tell(served, kind, f.name, f.ours, f.theirs, take)
		}
	}
	lost := u.key(&next, ours.Key, theirs.Key, base.Key, common, later, served)
	if next != ours {
		if _, err := u.tx.PutAccount(next); err != nil {
			return err
		}
	}
	if lost.Secret != "" {
		u.tx.supersede(Former{ID: ours.ID, Key: lost}, Former{ID: ours.ID, Key: next.Key})
	}
	return nil
}

// key unites two keys, and returns the one that has to be kept as a former one; ours is by PutAccount. Of a key by
// counter the further one stands: a code is never made twice.
func (u *union) key(next *Account, ours, theirs, base Key, common, later bool, served Client) (lost Key) {
	if ours.Secret == theirs.Secret {
		next.Key.Counter = max(ours.Counter, theirs.Counter)
		theirs.Counter, ours.Counter = next.Key.Counter, next.Key.Counter
	}
	kind, take := choose(ours.text(), theirs.text(), base.text(), common, later)
	if kind == "" {
		return Key{}
	}
	u.tell(served, kind, "key", "", "", take)
	if take {
		next.Key = theirs
		return Key{}
	}
	return theirs
}

// text is what tells two keys apart, but for the place of a counter.
func (k Key) text() string { return fmt.Sprint(k.Kind, k.Secret, k.Algorithm, k.Digits, k.Period) }

func bothNotes(ours, theirs string) (both string, fits bool) {
	both = strings.TrimSpace(ours + "\n\n" + theirs)
	return both, ours != "" && theirs != "" && utf8.RuneCountInString(both) <= MaxNote
}

// client takes over a client that is missing, or unites the fields of one that both have.
func (u *union) client(theirs *Client) error {
	account, _ := u.other.Account(theirs.Account)
	ours, ok := u.tx.Client(theirs.ID)
	base, common := u.base.Client(theirs.ID)
	switch {
	case u.leave(&account) || account.Key.Kind == Book:
		return nil
	case ok:
		return u.both(ours, *theirs, base, common)
	case u.removedHere(*theirs, account):
		u.tell(*theirs, Gone, "", "", "", false)
		return nil
	}
	u.tell(*theirs, Missing, "", "", "", true)
	return u.takeClient(*theirs, account)
}

// takeClient puts a client of theirs, with the account that it has there.
func (u *union) takeClient(c Client, account Account) error {
	if _, there := u.tx.Account(account.ID); !there {
		if _, err := u.tx.PutAccount(account); err != nil {
			return err
		}
	}
	_, err := u.tx.PutClient(c)
	return err
}

// removedHere says whether a client that is missing here was removed on purpose, and nothing was done with it there.
func (u *union) removedHere(theirs Client, account Account) bool {
	if base, common := u.base.Client(theirs.ID); common {
		was, _ := u.base.Account(account.ID)
		return base.Changed.Equal(theirs.Changed) && was.Changed.Equal(account.Changed)
	}
	for _, undo := range u.tx.Undos {
		if slices.ContainsFunc(undo.Clients, func(c Client) bool { return c.ID == theirs.ID && c.Changed.Equal(theirs.Changed) }) {
			return true
		}
	}
	return false
}

// both unites the fields of a client.
func (u *union) both(ours, theirs, base Client, common bool) error {
	later := theirs.Changed.After(ours.Changed)
	next := ours
	var lostName string
	for _, f := range []struct {
		name               string
		now                *string
		ours, theirs, base string
	}{
		{"name", &next.Name, ours.Name, theirs.Name, base.Name},
		{"tax_number", &next.TaxNumber, ours.TaxNumber, theirs.TaxNumber, base.TaxNumber},
		{"folder", &next.Folder, ours.Folder, theirs.Folder, base.Folder},
		{"mandate_until", &next.MandateUntil, ours.MandateUntil, theirs.MandateUntil, base.MandateUntil},
		{"key", &next.Account, ours.Account, theirs.Account, base.Account},
	} {
		kind, take := choose(f.ours, f.theirs, f.base, common, later)
		if kind == "" {
			continue
		}
		u.tell(ours, kind, f.name, f.ours, f.theirs, take)
		if take {
			*f.now = f.theirs
		} else if f.name == "name" {
			lostName = f.theirs
		}
	}
	if !common || ours.Favourite == base.Favourite {
		next.Favourite = theirs.Favourite || !common && ours.Favourite
	}
	next.LastUsed = latest(ours.LastUsed, theirs.LastUsed)
	if err := u.putBoth(ours, next, theirs); err != nil {
		return err
	}
	if lostName != "" {
		u.tx.supersede(Former{ID: ours.ID, Name: lostName}, Former{ID: ours.ID, Name: next.Name})
	}
	return nil
}

// putBoth puts a client whose fields are united. If the two have it at different accounts, the key of the account that
// it is not at becomes a former key of the other, should no client need it.
func (u *union) putBoth(ours, next, theirs Client) error {
	if next != ours {
		used := next
		used.LastUsed = ours.LastUsed
		if used == ours {
			u.tx.Used(next.ID, next.LastUsed)
		} else {
			account, _ := u.other.Account(theirs.Account)
			if ours.Account == next.Account {
				account, _ = u.tx.Account(ours.Account)
			}
			if err := u.takeClient(next, account); err != nil {
				return err
			}
		}
	}
	if ours.Account == theirs.Account {
		return nil
	}
	lost := theirs.Account
	if next.Account == theirs.Account {
		lost = ours.Account
	}
	gone, there := u.tx.Account(lost)
	if !there {
		gone, _ = u.other.Account(lost)
	}
	u.unserved[lost] = true
	stays, _ := u.tx.Account(next.Account)
	if !u.tx.serves(lost, "") && gone.Key.Secret != "" && gone.Key.Secret != stays.Key.Secret && stays.Key.Secret != "" {
		u.tx.supersede(Former{ID: stays.ID, Key: gone.Key}, Former{ID: stays.ID, Key: stays.Key})
	}
	return nil
}

// formers takes over superseded names and keys of clients and accounts that are there.
func (u *union) formers() {
	t := u.tx
	touched := map[string]bool{}
	for _, f := range u.other.Formers {
		a, account := t.Account(f.ID)
		c, client := t.Client(f.ID)
		now := Former{ID: f.ID, Name: c.Name, Key: a.Key}
		known := slices.ContainsFunc(t.Formers, func(o Former) bool { return o.same(f) })
		if !account && !client || account && (a.Key.Secret == "" || u.leave(&a)) || known || now.same(f) {
			continue
		}
		t.Formers, touched[f.ID] = append(t.Formers, f), true
	}
	slices.SortStableFunc(t.Formers, func(a, b Former) int { return a.Until.Compare(b.Until) })
	for id := range touched {
		t.pruneFormers(id)
	}
}

// clientOf is a client that an account serves.
func clientOf(c *Contents, account string) (served Client) {
	for i := range c.Clients {
		if c.Clients[i].Account == account {
			return c.Clients[i]
		}
	}
	return served
}

// Version opens a backup, or a version that this machine keeps, by its name, "" being the newest that the vault does
// not descend from; and what the vault and it have in common, nil if no copy of that is left.
func (v *Vault) Version(name string) (found Backup, other, base *Contents, err error) {
	all := v.Backups()
	i := slices.IndexFunc(all, func(b Backup) bool { return b.Name == name || name == "" && b.Apart })
	if i < 0 && name == "" {
		return found, nil, nil, lang.E("version-none").Kind(ErrNone)
	}
	if other, err = v.anyBackup(name); i >= 0 {
		found = all[i]
		other, err = v.anyBackup(found.Name)
	}
	if err != nil {
		return found, nil, nil, err
	}
	return found, other, v.common(other, all), nil
}

// Lost is a version that the vault does not descend from and of which no copy is left on this machine: contents of
// nothing, to be discarded. Where there are several, they stand for all.
func (v *Vault) Lost() (found Backup, other *Contents, err error) {
	now := v.Contents()
	other = newContents(nil, nil)
	for _, h := range v.memory.remembered().Heads {
		if now.MayDescend(h.Mark) {
			continue
		}
		if _, err := v.memory.door.openVersion(h.file(), v.id); err == nil {
			continue
		}
		found.Saved, found.Apart = latest(found.Saved, h.Saved), true
		other.forerunners = joinMarks(other.forerunners, []Mark{h.Mark})
		other.Generation = max(other.Generation, h.Generation)
	}
	if !found.Apart {
		return found, nil, lang.E("version-none").Kind(ErrNone)
	}
	return found, other, nil
}

// common is the contents from which the vault and another version have gone apart.
func (v *Vault) common(other *Contents, all []Backup) *Contents {
	now := v.Contents()
	mark, ok := fork(now, other)
	if !ok {
		return nil
	}
	for _, c := range []*Contents{now, other} {
		if c.Mark() == mark {
			return c
		}
	}
	for _, b := range all {
		if numberOf(b.Name) != mark.Generation {
			continue
		}
		if c, err := v.backup(b.Name); err == nil && c.digest == mark.Digest {
			return c
		}
	}
	return nil
}
