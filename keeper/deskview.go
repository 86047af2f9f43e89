package keeper

import (
	"cmp"
	"context"
	"strings"
	"time"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// officeStatus is the short view, or nil without an office.
func (d *desk) status() *agent.OfficeStatus {
	s := d.current.Load()
	if s == nil {
		return nil
	}
	return &agent.OfficeStatus{
		Name: s.Office, Admin: s.Admin, Joining: s.Joining, Away: office.DayOf(s.Away), Words: s.Words, Expelled: s.Expelled, Requests: len(s.Requests),
		Left: d.left.Load().Seal, Waiting: d.left.Load().Fetch, Synced: s.synced, Failing: s.failing, Since: s.since,
		Worrying: s.worrying(),
	}
}

func (k *keeper) officeView(context.Context, agent.None) (agent.OfficeView, error) {
	s := k.desk.current.Load()
	if s == nil {
		return agent.OfficeView{}, nil
	}
	if s.broken != nil {
		return agent.OfficeView{}, s.broken
	}
	v := agent.OfficeView{
		In: true, OfficeStatus: *k.desk.status(), ID: s.ID, Store: s.Store, Me: s.Member, Device: s.Device, Asking: requests(s),
		Accounts: s.Records, Unfit: labelsAmong(k.contents(), s.Unfit),
	}
	for _, a := range k.contents().Accounts {
		if _, shared := s.rights.of[a.ID]; !shared {
			v.Own++
		}
	}
	if s.Roster == nil {
		return v, nil
	}
	v.Settings = &s.Roster.Settings
	for _, m := range s.Roster.Members {
		member := agent.OfficeMember{ID: m.ID, Name: m.Name, EMail: m.EMail, Role: m.Role, Devices: []agent.OfficeDevice{}}
		for _, d := range s.Roster.Devices {
			if d.Member == m.ID {
				device := agent.OfficeDevice{ID: d.ID, Name: d.Name, Away: office.DayOf(d.Away)}
				if d.ID != s.Device {
					device.Number = office.SafetyNumber(s.ID, s.Device, d.ID)
				}
				member.Devices = append(member.Devices, device)
			}
		}
		v.Members = append(v.Members, member)
	}
	lang.Sort(v.Members, func(m agent.OfficeMember) string { return m.Name })
	for _, i := range s.Roster.Invites {
		v.Invites = append(v.Invites, agent.OfficeInvited{ID: i.ID, Member: i.Member, Name: s.nameOf(i.Member), Until: i.Until, Auto: i.Auto})
	}
	v.Grants = k.grants(s)
	return v, nil
}

// grants are those of the roster; of an account, with the clients that the person may see.
func (k *keeper) grants(s *standing) []agent.OfficeGrant {
	clients := map[string][]agent.Client{}
	for _, r := range k.visible().clients {
		clients[r.Account] = append(clients[r.Account], r.Client)
	}
	var list []agent.OfficeGrant
	for _, g := range s.Roster.Grants {
		grant := agent.OfficeGrant{ID: g.ID, Member: g.Member, Name: s.nameOf(g.Member), Right: g.Right, Folder: g.Folder, From: g.From, Until: g.Until}
		if g.Record != "" {
			grant.Names = []string{}
			for _, c := range clients[s.accounts[g.Record]] {
				grant.Client = cmp.Or(grant.Client, c.ID)
				grant.Names = append(grant.Names, c.Label())
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
func requests(s *standing) []agent.OfficeRequest {
	var list []agent.OfficeRequest
	for _, r := range s.Requests {
		list = append(list, agent.OfficeRequest{
			Device: r.Device, Member: r.Member, Name: s.nameOf(r.Member), Machine: r.Name, Words: r.Words, At: r.At, Away: office.DayOf(r.Away),
		})
	}
	return list
}

// reading is the office for what asks nothing of the store, so that it does not wait for a sync either.
func (d *desk) reading() (*office.Office, error) {
	if o := d.reader.Load(); o != nil {
		return o, nil
	}
	if s := d.current.Load(); s != nil && s.broken != nil {
		return nil, s.broken
	}
	return nil, lang.E("office-none").Kind(office.ErrNone)
}

func (k *keeper) officeHistory(_ context.Context, r agent.ByID) ([]agent.OfficeChange, error) {
	c, err := k.officeClient(r.ID)
	if err != nil {
		return nil, err
	}
	o, err := k.desk.reading()
	if err != nil {
		return nil, err
	}
	changes, err := o.History(c.Account)
	list := []agent.OfficeChange{}
	for _, h := range changes {
		list = append(list, agent.OfficeChange{At: h.At, Member: h.Member, Device: h.Device, Client: h.Client, Field: h.Field, Value: h.Value, Lost: h.Lost})
	}
	return list, err
}

// officeClient is the client with an id, if the person may touch it now.
func (k *keeper) officeClient(id string) (vault.Client, error) {
	c, ok := k.contents().Client(id)
	if !ok {
		return c, lang.E("client-gone").Kind(agent.ErrNotFound)
	}
	return c, k.mayTouch(&c)
}

func (k *keeper) officeWorklist(context.Context, agent.None) ([]agent.OfficeTodo, error) {
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
	for _, row := range k.visible().clients {
		names[row.Account] = append(names[row.Account], row.Label())
	}
	list := []agent.OfficeTodo{}
	for _, t := range o.Worklist() {
		if n := names[t.Account]; n != nil { // else its group is locked
			list = append(list, agent.OfficeTodo{Account: t.Account, Clients: n, Service: t.Service, User: t.User, Member: t.Member, Device: t.Device, Since: t.Since})
		}
	}
	return list, nil
}

// admin says whether this person is one.
func (d *desk) admin() bool {
	s := d.current.Load()
	return s != nil && s.Admin && !s.Expelled
}

func (k *keeper) officeRights(_ context.Context, r agent.ByID) (map[string]office.Right, error) {
	o, err := k.desk.reading()
	if err != nil {
		return nil, err
	}
	return o.RightsOf(r.ID)
}

// officeJournal reads what all have written, and leaves out what the person did not ask for or may not see now.
func (k *keeper) officeJournal(ctx context.Context, r agent.OfficeJournalRequest) (agent.OfficeJournal, error) {
	o, err := k.desk.connect()
	if err != nil {
		return agent.OfficeJournal{}, err
	}
	lines, gaps, err := o.ReadJournal(ctx)
	if err != nil {
		return agent.OfficeJournal{}, err
	}
	j := agent.OfficeJournal{Lines: []agent.OfficeLine{}, Gaps: []agent.OfficeGap{}}
	s := k.desk.current.Load()
	if s == nil { // left in this very moment
		return j, nil
	}
	member, named := lang.Fold(r.Member), namedLike(r.Query)
	if name := s.nameOf(r.Member); name != "" {
		member = lang.Fold(name)
	}
	hidden := k.hidden()
	for _, l := range lines {
		if r.Covers(l.At) && contains(l.Member, member) && named(l.Name) && !hidden[s.accounts[l.Record]] {
			j.Lines = append(j.Lines, agent.OfficeLine{At: l.At, Member: l.Member, Device: l.Device, Act: string(l.Act), Name: l.Name, N: l.N})
		}
	}
	for _, g := range gaps {
		if contains(g.Member, member) {
			j.Gaps = append(j.Gaps, agent.OfficeGap{Member: g.Member, Device: g.Device, From: g.From, To: g.To})
		}
	}
	return j, nil
}

// hidden are the accounts of clients whose group is locked.
func (k *keeper) hidden() map[string]bool {
	hidden := map[string]bool{}
	contents := k.contents()
	if k.groups.locked() == nil {
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
func (k *keeper) officeSeen(ctx context.Context, _ agent.None) (map[string]time.Time, error) {
	if !k.desk.admin() {
		return nil, lang.E("office-not-admin").Kind(office.ErrNotAdmin)
	}
	o, err := k.desk.connect()
	if err != nil {
		return nil, err
	}
	return o.LastSeen(ctx)
}

// contains says whether a folded text is part of another.
func contains(text, folded string) bool { return strings.Contains(lang.Fold(text), folded) }
