package office

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// View is a read model: what a face shows of the office.
type View struct {
	Office  string // name
	ID      string
	Store   string
	Roster  *Roster
	Member  string // id of this person
	Device  string // id of this machine
	Admin   bool
	Joining bool // not approved yet
	// Away is set, to the last sign of life, while this device has to be approved again.
	Away     time.Time
	Words    string // to be compared until then
	Expelled bool
	Requests []Request
	Left     int // records still to be sealed anew
	Records  int
	Unfit    []vault.Namesake // clients that this version cannot show
}

// View returns the office as of the last sync.
func (o *Office) View() (View, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return View{}, err
	}
	s := o.state
	v := View{ID: s.Office, Store: s.Store, Device: DeviceID(o.id.Public()), Expelled: s.Expelled, Left: len(o.toReseal)}
	if s.Roster != nil {
		v.Office, v.Roster = s.Roster.Name, s.Roster
		v.Admin = s.Roster.isAdmin(s.Device)
	}
	if s.Joining != nil {
		v.Joining, v.Words = true, s.Joining.Words
	}
	if me := s.me(); me != nil {
		v.Member, v.Away = me.Member, me.Away
	}
	if s.Asking != nil {
		v.Words = s.Asking.Words
	}
	for _, r := range s.Requests {
		v.Requests = append(v.Requests, *r)
	}
	slices.SortFunc(v.Requests, func(a, b Request) int { return a.At.Compare(b.At) })
	for _, r := range s.Records {
		if r.edits.fields()[fieldGone] == "" {
			v.Records++
		}
	}
	for _, clients := range o.unfit {
		v.Unfit = append(v.Unfit, clients...)
	}
	slices.SortFunc(v.Unfit, func(a, b vault.Namesake) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return v, nil
}

// Rights are this person's rights to the accounts of the vault that are the office's, by id. An account that is not in
// it is their own.
func (o *Office) Rights() (map[string]Right, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return nil, err
	}
	now := o.now()
	rights := map[string]Right{}
	if o.state.Roster == nil || o.state.Joining != nil {
		return rights, nil
	}
	for id, r := range o.state.Records {
		if r.Applied != nil {
			rights[r.Local] = o.rightTo(id, r, now)
		}
	}
	for name := range o.state.Books {
		if label, err := splitBookName(name); err == nil {
			if _, ok := rights[label.record]; !ok {
				rights[label.record] = Codes
			}
		}
	}
	return rights, nil
}

// Record translates the id of an account in the vault to that of its record, as a Scope names it.
func (o *Office) Record(account string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return "", err
	}
	if id, r := o.state.byLocal(account); r != nil {
		return id, nil
	}
	return "", lang.E("office-not-shared").Kind(ErrUnknown)
}

// Accounts are the reverse of Record: the accounts of the vault by the ids of their records.
func (o *Office) Accounts() (map[string]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return nil, err
	}
	accounts := make(map[string]string, len(o.state.Records))
	for id, r := range o.state.Records {
		accounts[id] = r.Local
	}
	return accounts, nil
}

// RightsOf are a member's rights, now, to the accounts of this vault that are the office's, by id.
func (o *Office) RightsOf(member string) (map[string]Right, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return nil, err
	}
	if o.state.Roster == nil || o.state.Roster.member(member) == nil {
		return nil, lang.E("office-member-unknown", "Name", member).Kind(ErrUnknown)
	}
	rights := map[string]Right{}
	for id, r := range o.state.Records {
		if r.Applied != nil {
			rights[r.Local] = o.state.Roster.right(member, r.facts(id), o.now())
		}
	}
	return rights, nil
}

// Change is an entry of an account's history: one field, as one edit set it.
type Change struct {
	At     time.Time
	Member string // name
	Device string // name
	Client string // name, of a client's field; "" of the account's
	Field  string // as in docs/formats.md
	Value  string // never a key or a deletion code
	// Lost means that a concurrent edit won: someone else changed the field at the same time, and theirs counts.
	Lost bool
}

// secretField says whether a field's values are redacted in a history.
func secretField(name string) bool { return name == fieldKey || name == fieldDeletion }

// History is what was changed of an account, newest first; what was pruned is not in it.
func (o *Office) History(account string) ([]Change, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return nil, err
	}
	id, r := o.state.byLocal(account)
	if r == nil {
		return nil, lang.E("office-not-shared").Kind(ErrUnknown)
	}
	_ = id
	fields := r.edits.fields()
	var list []Change
	for _, e := range r.edits.ordered() {
		member, device := o.state.Roster.names(e.edit.By)
		for name, value := range e.edit.Set {
			c := Change{At: time.UnixMilli(e.edit.Time), Member: member, Device: device, Field: name, Value: value}
			c.Client, c.Field = clientField(name, fields, r.edits)
			if secretField(name) {
				c.Value = ""
			}
			c.Lost = r.edits.lost(e, name)
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		if a.Client+a.Field < b.Client+b.Field {
			return -1
		}
		return 1
	})
	return list, nil
}

// lost says whether the next edit of a field was concurrent with this one, and so won over it unseen.
func (es edits) lost(e *signedEdit, field string) bool {
	for _, later := range es.ordered() {
		if compareEdits(later, e) <= 0 {
			continue
		}
		if _, ok := later.edit.Set[field]; ok {
			return !slices.Contains(es.causalPast(later), e)
		}
	}
	return false
}

// clientField splits the name of a field into the name of the client and the field; of an account's field the first is
// "".
func clientField(name string, fields map[string]string, es edits) (client, field string) {
	rest, ok := strings.CutPrefix(name, clientPrefix)
	if !ok {
		return "", name
	}
	for i := range rest {
		if rest[i] == '.' {
			id, field := rest[:i], rest[i+1:]
			client = fields[clientPrefix+id+"."+fieldName]
			for _, e := range es.ordered() { // of one that is gone, what it was called
				if v := e.edit.Set[clientPrefix+id+"."+fieldName]; client == "" && v != "" {
					client = v
				}
			}
			return client, field
		}
	}
	return "", name
}

// Share makes accounts that were this person's own the office's, where they may edit; the next sync makes records of
// them.
func (o *Office) Share(accounts ...string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return err
	}
	cards, now := cardsOf(o.home.Contents()), o.now()
	for _, a := range accounts {
		if c := cards[a]; c != nil && len(c.clients) > 0 && !o.right(facts{folders: foldersOf(c.fields())}, now).Covers(Edit) {
			return lang.E("office-share-right", "Client", c.clients[0].Name).Kind(ErrNotAdmin)
		}
	}
	for _, a := range accounts {
		delete(o.state.Own, a)
	}
	o.state.Generation, o.dirty = 0, true // looked at again with the next sync
	return o.save()
}

// Revision is a version (an ETag) of what View, Rights and Accounts return, but for what time alone changes.
func (o *Office) Revision() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.revision
}
