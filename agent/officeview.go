package agent

import (
	"cmp"
	"context"
	"strings"
	"time"

	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// officeStatus is the short view, or nil without an office.
func (d *desk) status() *OfficeStatus {
	s := d.now.Load()
	if s == nil {
		return nil
	}
	return &OfficeStatus{
		Name: s.Office, Admin: s.Admin, Joining: s.Joining, Words: s.Words, Expelled: s.Expelled, Requests: len(s.Requests),
		Left: int(d.redo.Load()), Synced: s.synced, Failing: s.failing, Since: s.since,
		Worrying: s.worrying(),
	}
}

func (k *keeper) officeView(context.Context, struct{}) (OfficeView, error) {
	s := k.desk.now.Load()
	if s == nil {
		return OfficeView{}, nil
	}
	if s.broken != nil {
		return OfficeView{}, s.broken
	}
	v := OfficeView{
		In: true, OfficeStatus: *k.desk.status(), ID: s.ID, Store: s.Store, Me: s.Member, Device: s.Device, Asking: requests(s),
		Accounts: s.Records, Own: s.Own, Unfit: s.Unfit,
	}
	if s.Roster == nil {
		return v, nil
	}
	v.Settings = &s.Roster.Settings
	for _, m := range s.Roster.Members {
		member := OfficeMember{m.ID, m.Name, m.EMail, m.Role, []OfficeDevice{}}
		for _, d := range s.Roster.Devices {
			if d.Member == m.ID {
				member.Devices = append(member.Devices, OfficeDevice{d.ID, d.Name})
			}
		}
		v.Members = append(v.Members, member)
	}
	lang.Sort(v.Members, func(m OfficeMember) string { return m.Name })
	for _, i := range s.Roster.Invites {
		v.Invites = append(v.Invites, OfficeInvited{i.ID, i.Member, s.nameOf(i.Member), i.Until, i.Auto})
	}
	v.Grants = k.grants(s)
	return v, nil
}

// grants are those of the roster; of an account, with the clients that the person may see.
func (k *keeper) grants(s *standing) []OfficeGrant {
	clients := map[string][]Client{}
	for _, r := range k.visible().rows {
		clients[r.Account] = append(clients[r.Account], r.Client)
	}
	var list []OfficeGrant
	for _, g := range s.Roster.Grants {
		grant := OfficeGrant{ID: g.ID, Member: g.Member, Name: s.nameOf(g.Member), Right: g.Right, Folder: g.Folder, From: g.From, Until: g.Until}
		if g.Record != "" {
			grant.Names = []string{}
			for _, c := range clients[s.accounts[g.Record]] {
				grant.Client = cmp.Or(grant.Client, c.ID)
				grant.Names = append(grant.Names, c.Name)
			}
		}
		list = append(list, grant)
	}
	return list
}

// nameOf is the name of a member.
func (s *standing) nameOf(member string) string {
	if s.Roster == nil {
		return ""
	}
	for _, m := range s.Roster.Members {
		if m.ID == member {
			return m.Name
		}
	}
	return ""
}

// requests are who waits to be let in.
func requests(s *standing) []OfficeRequest {
	var list []OfficeRequest
	for _, r := range s.Requests {
		list = append(list, OfficeRequest{r.Device, r.Member, s.nameOf(r.Member), r.Name, r.Words, r.At})
	}
	return list
}

// reading is the office for what asks nothing of the store, so that it does not wait for a sync either.
func (d *desk) reading() (*office.Office, error) {
	if o := d.reader.Load(); o != nil {
		return o, nil
	}
	if s := d.now.Load(); s != nil && s.broken != nil {
		return nil, s.broken
	}
	return nil, lang.E("office-none").Kind(office.ErrNone)
}

func (k *keeper) officeHistory(_ context.Context, r officeIDs) ([]OfficeChange, error) {
	c, err := k.officeClient(r)
	if err != nil {
		return nil, err
	}
	o, err := k.desk.reading()
	if err != nil {
		return nil, err
	}
	changes, err := o.History(c.Account)
	list := []OfficeChange{}
	for _, h := range changes {
		list = append(list, OfficeChange{h.At, h.Member, h.Device, h.Client, h.Field, h.Value, h.Lost})
	}
	return list, err
}

// officeClient is the one client that a request is about.
func (k *keeper) officeClient(r officeIDs) (vault.Client, error) {
	c, ok := vault.Client{}, false
	if len(r.IDs) == 1 {
		c, ok = k.contents().Client(r.IDs[0])
	}
	if !ok {
		return c, lang.E("client-gone").Kind(ErrNotFound)
	}
	return c, k.mayTouch(&c)
}

func (k *keeper) officeWorklist(context.Context, struct{}) ([]OfficeTodo, error) {
	o, err := k.desk.reading()
	if err != nil {
		return nil, err
	}
	if !k.desk.admin() {
		return nil, lang.E("office-not-admin").Kind(office.ErrNotAdmin)
	}
	if _, err := o.View(); err != nil { // it reads what the last sync has left
		return nil, err
	}
	names := map[string][]string{}
	for _, row := range k.visible().rows {
		names[row.Account] = append(names[row.Account], row.Name)
	}
	list := []OfficeTodo{}
	for _, t := range o.Worklist() {
		if n := names[t.Account]; n != nil { // else its group is locked
			list = append(list, OfficeTodo{t.Account, n, t.Service, t.User, t.Member, t.Device, t.Since})
		}
	}
	return list, nil
}

// admin says whether this person is one.
func (d *desk) admin() bool {
	s := d.now.Load()
	return s != nil && s.Admin && !s.Expelled
}

func (k *keeper) officeRights(_ context.Context, r officeIDs) (map[string]office.Right, error) {
	o, err := k.desk.reading()
	if err != nil {
		return nil, err
	}
	if len(r.IDs) != 1 {
		return nil, lang.E("office-member-unknown", "Name", "").Kind(office.ErrUnknown)
	}
	return o.RightsOf(r.IDs[0])
}

// officeJournal reads what all have written, and leaves out what the person did not ask for or may not see now.
func (k *keeper) officeJournal(ctx context.Context, r OfficeJournalRequest) (OfficeJournal, error) {
	o, err := k.desk.reach()
	if err != nil {
		return OfficeJournal{}, err
	}
	lines, gaps, err := o.ReadJournal(ctx)
	if err != nil {
		return OfficeJournal{}, err
	}
	j := OfficeJournal{Lines: []OfficeLine{}, Gaps: []OfficeGap{}}
	s := k.desk.now.Load()
	if s == nil { // left in this very moment
		return j, nil
	}
	member, query := lang.Fold(r.Member), lang.Fold(r.Query)
	if name := s.nameOf(r.Member); name != "" {
		member = lang.Fold(name)
	}
	hidden := k.hidden()
	for _, l := range lines {
		if r.covers(l.At) && contains(l.Member, member) && contains(l.Name, query) && !hidden[s.accounts[l.Record]] {
			j.Lines = append(j.Lines, OfficeLine{l.At, l.Member, l.Device, string(l.Act), l.Name, l.N})
		}
	}
	for _, g := range gaps {
		if contains(g.Member, member) {
			j.Gaps = append(j.Gaps, OfficeGap{g.Member, g.Device, g.From, g.To})
		}
	}
	return j, nil
}

// hidden are the accounts of clients whose group is locked.
func (k *keeper) hidden() map[string]bool {
	hidden := map[string]bool{}
	contents := k.contents()
	if k.groups.shut() == nil {
		return hidden
	}
	for i := range contents.Clients {
		if c := &contents.Clients[i]; k.mayTouch(c) != nil {
			hidden[c.Account] = true
		}
	}
	return hidden
}

// officeSeen is when each machine last gave a sign of life.
func (k *keeper) officeSeen(ctx context.Context, _ struct{}) (map[string]time.Time, error) {
	if !k.desk.admin() {
		return nil, lang.E("office-not-admin").Kind(office.ErrNotAdmin)
	}
	o, err := k.desk.reach()
	if err != nil {
		return nil, err
	}
	return o.LastSeen(ctx)
}

// contains says whether a folded text is part of another.
func contains(text, folded string) bool { return strings.Contains(lang.Fold(text), folded) }
