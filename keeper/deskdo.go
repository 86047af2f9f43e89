package keeper

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
	"kapu/vault"
)

// What a person decides about the office: each is written to the store before it is answered. What follows from it, the
// next sync does, which begins at once.

func (k *keeper) officeCreate(ctx context.Context, r agent.OfficeCreate) (agent.OfficeView, error) {
	return k.enterOffice(ctx, vault.Founded, r.Store, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		f := office.Founder{Office: r.Office, Name: r.Name, EMail: r.EMail, Device: vault.By()}
		if strings.TrimSpace(f.Office) == "" || strings.TrimSpace(f.Name) == "" {
			return nil, lang.E("office-names").Kind(office.ErrInvalid)
		}
		return office.Create(ctx, k.desk.home(), k.vault.Identity(), r.Store, open, f)
	})
}

func (k *keeper) officeRecover(ctx context.Context, r agent.OfficeRecover) (agent.OfficeView, error) {
	return k.enterOffice(ctx, vault.Entered, r.Store, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		return office.Recover(ctx, k.desk.home(), k.vault.Identity(), r.Store, open)
	})
}

func (k *keeper) officeJoin(ctx context.Context, r agent.OfficeJoin) (agent.OfficeView, error) {
	address, err := office.StoreOf(r.Invitation)
	if err == nil && r.Store != "" {
		address = r.Store
		r.Invitation, err = office.Elsewhere(r.Invitation, r.Store)
	}
	if err == nil {
		err = k.forgetJoin(ctx)
	}
	if err != nil {
		return agent.OfficeView{}, err
	}
	v, err := k.enterOffice(ctx, vault.AskedIn, address, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		return office.Join(ctx, k.desk.home(), k.vault.Identity(), r.Invitation, vault.By(), open)
	})
	if err == nil {
		k.desk.pollOften(eagerTime)
	}
	return v, err
}

// forgetJoin ends the waiting to be let in by an earlier invitation.
func (k *keeper) forgetJoin(ctx context.Context) error {
	s := k.desk.current.Load()
	if s == nil || !s.Joining {
		return nil
	}
	_, err := k.officeLeave(ctx, agent.LeaveRequest{})
	return err
}

// enterOffice brings the vault into an office that is founded, joined or come back to; make does that, and the log
// calls it act.
func (k *keeper) enterOffice(
	ctx context.Context, act vault.Act, address string, keys agent.StoreKeys, make func(office.OpenStore) (*office.Office, error),
) (agent.OfficeView, error) {
	if err := k.checkStore(address); err != nil {
		return agent.OfficeView{}, err
	}
	d := k.desk
	d.syncing.Lock()
	defer d.syncing.Unlock()
	k.contents()
	if d.reader.Load() != nil {
		return agent.OfficeView{}, lang.E("office-already").Kind(office.ErrInvalid)
	}
	_, err := make(func(address string) (store.Store, error) {
		if err := d.keepKeys(ctx, address, keys); err != nil {
			return nil, err
		}
		return d.openStore(address)
	})
	if err != nil {
		if keys != (agent.StoreKeys{}) {
			err = errors.Join(err, d.dropKeys(ctx, address))
		}
		return agent.OfficeView{}, err
	}
	d.openReader()
	d.tellMembership(act)
	d.recordSync(nil, office.Report{}, nil)
	k.events.send(agent.Event{Type: agent.OfficeNews}) // recordSync sends it only for what has changed; the faces need it in any case
	d.requestSync()
	return k.officeView(ctx, agent.None{})
}

// officeSetStore goes on with the same office at another address, or with other keys. The keys are kept only once they
// have been seen to open the store.
func (k *keeper) officeSetStore(ctx context.Context, r agent.OfficeStore) (agent.OfficeView, error) {
	if err := k.checkStore(r.Store); err != nil {
		return agent.OfficeView{}, err
	}
	d := k.desk
	d.syncing.Lock()
	defer d.syncing.Unlock()
	if err := d.requireOffice(); err != nil {
		return agent.OfficeView{}, err
	}
	o, err := office.Open(d.home(), k.vault.Identity(), unreached)
	if err != nil {
		return agent.OfficeView{}, err
	}
	before, err := o.View()
	if err != nil {
		return agent.OfficeView{}, err
	}
	if err := o.MoveTo(ctx, r.Store, func(address string) (store.Store, error) { return d.openStoreWith(address, r.Keys) }); err != nil {
		return agent.OfficeView{}, err
	}
	if err := d.keepKeys(ctx, r.Store, r.Keys); err != nil {
		return agent.OfficeView{}, err
	}
	k.noteDeed(ctx, vault.LogEntry{Act: vault.Moved, Name: r.Store})
	if before.Store != r.Store {
		err = d.dropKeys(ctx, before.Store)
	}
	d.disconnect()
	d.requestSync()
	d.refresh(d.reader.Load())
	v, e := k.officeView(ctx, agent.None{})
	return v, errors.Join(err, e)
}

// decide does something with the office's store, notes it, and lets the next sync begin, which carries it out: no
// record is sealed to a new reader before the line is in the log.
func (k *keeper) decide(ctx context.Context, do func(*office.Office) error, lines ...vault.LogEntry) (agent.None, error) {
	o, err := k.desk.connect()
	if err == nil {
		err = do(o)
	}
	if err == nil {
		k.noteDeed(ctx, lines...)
		k.desk.refresh(o)
		k.desk.requestSync()
	}
	return agent.None{}, err
}

// refresh takes a new snapshot after a decision, and sends the event.
func (d *desk) refresh(o *office.Office) {
	d.refreshing.Lock()
	d.refreshStanding(o)
	d.refreshing.Unlock()
	d.keeper.events.send(agent.Event{Type: agent.OfficeNews})
}

func (k *keeper) officeInvite(ctx context.Context, r agent.OfficeInvite) (agent.OfficeInvitation, error) {
	n := office.NewMember{Member: r.Member, Name: r.Name, EMail: r.EMail, Role: r.Role, Days: r.Days, Auto: r.Auto}
	if n.Role == "" {
		n.Role = office.Staff
	}
	if n.Member == "" && strings.TrimSpace(n.Name) == "" {
		return agent.OfficeInvitation{}, lang.E("office-names").Kind(office.ErrInvalid)
	}
	var made agent.OfficeInvitation
	_, err := k.decide(ctx, func(o *office.Office) (err error) {
		made.Text, err = o.Invite(ctx, n)
		return err
	}, vault.LogEntry{Act: vault.Invited, Name: cmp.Or(k.memberName(n.Member), n.Name)})
	if err != nil {
		return agent.OfficeInvitation{}, err
	}
	k.desk.pollOften(eagerTime)
	if s := k.desk.current.Load(); s != nil && s.Roster != nil && len(s.Roster.Invites) > 0 {
		i := s.Roster.Invites[len(s.Roster.Invites)-1]
		made.Name, made.Until = s.nameOf(i.Member), i.Until
	}
	return made, nil
}

func (k *keeper) officeWithdraw(ctx context.Context, r agent.ByID) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.Withdraw(ctx, r.ID) })
}

func (k *keeper) officeApprove(ctx context.Context, r agent.ByID) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.Approve(ctx, r.ID) },
		vault.LogEntry{Act: vault.Admitted, Name: k.requestName(r.ID)})
}

func (k *keeper) officeRefuse(ctx context.Context, r agent.ByID) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.Refuse(ctx, r.ID) })
}

func (k *keeper) officeRemoveMember(ctx context.Context, r agent.ByID) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.RemoveMember(ctx, r.ID) })
}

func (k *keeper) officeRemoveDevice(ctx context.Context, r agent.ByID) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.RemoveDevice(ctx, r.ID) })
}

func (k *keeper) officeConfigure(ctx context.Context, s office.Settings) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.Configure(ctx, s) }, vault.LogEntry{Act: vault.Configured})
}

func (k *keeper) officeRole(ctx context.Context, r agent.RoleRequest) (agent.None, error) {
	var lines []vault.LogEntry
	if r.Asks() {
		lines = append(lines, vault.LogEntry{Act: vault.MadeAdmin, Name: k.memberName(r.Member)})
	}
	return k.decide(ctx, func(o *office.Office) error { return o.SetRole(ctx, r.Member, r.Role) }, lines...)
}

func (k *keeper) officeShare(ctx context.Context, r agent.ByIDs) (agent.None, error) {
	var accounts []string
	var lines []vault.LogEntry
	for _, id := range r.IDs {
		c, err := k.officeClient(id)
		if err != nil {
			return agent.None{}, err
		}
		accounts = append(accounts, c.Account)
		lines = append(lines, vault.LogEntry{Act: vault.Shared, Client: c.ID, Name: labelIn(k.contents(), &c)})
	}
	return k.decide(ctx, func(o *office.Office) error { return o.Share(accounts...) }, lines...)
}

// officeSync agrees with the store now, and leaves nothing for later.
func (k *keeper) officeSync(ctx context.Context, _ agent.None) (agent.OfficeSynced, error) {
	if err := k.saveUsage(); err != nil {
		return agent.OfficeSynced{}, err
	}
	report, err := k.desk.sync(ctx, true)
	return agent.OfficeSynced{
		Changed: report.Changed, Requests: report.Requests, Left: report.Left.Seal, Waiting: report.Left.Fetch,
	}, err
}

// officeLeave ends this machine's part in the office.
func (k *keeper) officeLeave(ctx context.Context, r agent.LeaveRequest) (agent.None, error) {
	d := k.desk
	if r.Keep && !d.admin() {
		return agent.None{}, lang.E("office-keep-admin").Kind(office.ErrNotAdmin)
	}
	_, _ = d.sync(ctx, true) // what was changed and done here goes out, if it can
	d.syncing.Lock()
	defer d.syncing.Unlock()
	o, err := d.forLeaving()
	if err != nil {
		return agent.None{}, err
	}
	s := d.current.Load()
	if err := o.Leave(ctx, r.Keep); err != nil {
		return agent.None{}, err
	}
	d.forget()
	d.tellMembership(vault.Left)
	k.events.send(agent.Event{Type: agent.Changed})
	k.events.send(agent.Event{Type: agent.OfficeNews})
	if s != nil {
		err = d.dropKeys(ctx, s.Store)
	}
	return agent.None{}, err
}

// forLeaving is the office for who leaves it: also without its store, but for an admin, who has to be taken out of the
// roster.
func (d *desk) forLeaving() (*office.Office, error) {
	o, err := d.connect()
	if err != nil && !d.admin() {
		return d.reading()
	}
	return o, err
}

// beforeRestore is for an older vault that will be put in place of the newer one: what it lacks was not removed. What
// has been changed until now is carried out first; done lets the syncs go on.
func (d *desk) beforeRestore(ctx context.Context) (done func(), err error) {
	if d.current.Load() == nil {
		return func() {}, nil
	}
	_, _ = d.sync(ctx, true) // also without a store, what was changed is noted
	d.syncing.Lock()
	if err := tellOffice(ctx, d.keeper.vault); err != nil {
		d.syncing.Unlock()
		return nil, err
	}
	return d.syncing.Unlock, nil
}

// tellOffice lets the office of a vault know that an older one comes in its place.
func tellOffice(ctx context.Context, v *vault.Vault) error {
	o, err := office.Open(office.VaultHome{Vault: v}, v.Identity(), unreached)
	if err != nil {
		return nil // no office, or none that anything is known of
	}
	return o.Restored(ctx)
}
