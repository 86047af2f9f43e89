package agent

import (
	"context"
	"errors"
	"strings"

	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
	"kapu/vault"
)

// What a person decides about the office. What follows from it, the next sync does, which begins at once.

func (k *keeper) officeCreate(ctx context.Context, r OfficeCreate) (OfficeView, error) {
	return k.found(ctx, r.Store, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		f := office.Founder{Office: r.Office, Name: r.Name, EMail: r.EMail, Device: vault.By()}
		if strings.TrimSpace(f.Office) == "" || strings.TrimSpace(f.Name) == "" {
			return nil, lang.E("office-names").Kind(office.ErrInvalid)
		}
		return office.Create(ctx, k.desk.home(), k.vault.Identity(), r.Store, open, f)
	})
}

func (k *keeper) officeRecover(ctx context.Context, r OfficeRecover) (OfficeView, error) {
	return k.found(ctx, r.Store, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		return office.Recover(ctx, k.desk.home(), k.vault.Identity(), r.Store, open)
	})
}

func (k *keeper) officeJoin(ctx context.Context, r OfficeJoin) (OfficeView, error) {
	address, err := office.StoreOf(r.Invitation)
	if err == nil && r.Store != "" {
		address = r.Store
		r.Invitation, err = office.Elsewhere(r.Invitation, r.Store)
	}
	if err == nil {
		err = k.forgetJoin(ctx)
	}
	if err != nil {
		return OfficeView{}, err
	}
	v, err := k.found(ctx, address, r.Keys, func(open office.OpenStore) (*office.Office, error) {
		return office.Join(ctx, k.desk.home(), k.vault.Identity(), r.Invitation, vault.By(), open)
	})
	if err == nil {
		k.desk.hurry()
	}
	return v, err
}

// forgetJoin ends the waiting to be let in by an earlier invitation.
func (k *keeper) forgetJoin(ctx context.Context) error {
	s := k.desk.now.Load()
	if s == nil || !s.Joining {
		return nil
	}
	_, err := k.officeLeave(ctx, officeLeave{})
	return err
}

// found brings the vault into an office that is made, joined or come back to.
func (k *keeper) found(ctx context.Context, address string, keys StoreKeys, make func(office.OpenStore) (*office.Office, error)) (OfficeView, error) {
	if err := checkStore(address); err != nil {
		return OfficeView{}, err
	}
	d := k.desk
	d.working.Lock()
	defer d.working.Unlock()
	k.contents()
	if d.reader.Load() != nil {
		return OfficeView{}, lang.E("office-already").Kind(office.ErrInvalid)
	}
	_, err := make(func(address string) (store.Store, error) {
		if err := d.keepKeys(ctx, address, keys); err != nil {
			return nil, err
		}
		return d.openStore(address)
	})
	if err != nil {
		if keys != (StoreKeys{}) {
			err = errors.Join(err, d.dropKeys(ctx, address))
		}
		return OfficeView{}, err
	}
	d.enter()
	d.learn(nil, office.Report{}, nil)
	k.events.send(Event{Type: OfficeNews}) // what enter has found is no news to learn
	d.soon()
	return k.officeView(ctx, struct{}{})
}

// officeSetStore goes on with the same office at another address, or with other keys. The keys are kept only once they
// have been seen to open the store.
func (k *keeper) officeSetStore(ctx context.Context, r OfficeStore) (OfficeView, error) {
	if err := checkStore(r.Store); err != nil {
		return OfficeView{}, err
	}
	d := k.desk
	d.working.Lock()
	defer d.working.Unlock()
	if err := d.entered(); err != nil {
		return OfficeView{}, err
	}
	o, err := office.Open(d.home(), k.vault.Identity(), unreached)
	if err != nil {
		return OfficeView{}, err
	}
	before, err := o.View()
	if err != nil {
		return OfficeView{}, err
	}
	if err := o.MoveTo(ctx, r.Store, func(address string) (store.Store, error) { return d.openStoreWith(address, r.Keys) }); err != nil {
		return OfficeView{}, err
	}
	if err := d.keepKeys(ctx, r.Store, r.Keys); err != nil {
		return OfficeView{}, err
	}
	if before.Store != r.Store {
		err = d.dropKeys(ctx, before.Store)
	}
	d.reopen()
	d.soon()
	d.relook(d.reader.Load())
	v, e := k.officeView(ctx, struct{}{})
	return v, errors.Join(err, e)
}

// decide does something with the office's store, and lets the next sync begin.
func (k *keeper) decide(do func(*office.Office) error) (struct{}, error) {
	o, err := k.desk.reach()
	if err == nil {
		err = do(o)
	}
	if err == nil {
		k.desk.relook(o)
		k.desk.soon()
	}
	return struct{}{}, err
}

// relook shows what a person has just decided.
func (d *desk) relook(o *office.Office) {
	d.looking.Lock()
	d.look(o)
	d.looking.Unlock()
	d.keeper.events.send(Event{Type: OfficeNews})
}

func (k *keeper) officeInvite(ctx context.Context, r OfficeInvite) (OfficeInvitation, error) {
	if err := k.door.Authenticate(ctx, k.vault, r.Current); err != nil {
		return OfficeInvitation{}, err
	}
	n := office.NewMember{Member: r.Member, Name: r.Name, EMail: r.EMail, Role: r.Role, Days: r.Days, Auto: r.Auto}
	if n.Role == "" {
		n.Role = office.Staff
	}
	if n.Member == "" && strings.TrimSpace(n.Name) == "" {
		return OfficeInvitation{}, lang.E("office-names").Kind(office.ErrInvalid)
	}
	var made OfficeInvitation
	_, err := k.decide(func(o *office.Office) (err error) {
		made.Text, err = o.Invite(ctx, n)
		return err
	})
	if err != nil {
		return OfficeInvitation{}, err
	}
	k.desk.hurry()
	if s := k.desk.now.Load(); s != nil && s.Roster != nil && len(s.Roster.Invites) > 0 {
		i := s.Roster.Invites[len(s.Roster.Invites)-1]
		made.Name, made.Until = s.nameOf(i.Member), i.Until
	}
	return made, nil
}

func (k *keeper) officeWithdraw(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.Withdraw(ctx, r.only()) })
}

func (k *keeper) officeApprove(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.Approve(ctx, r.only()) })
}

func (k *keeper) officeRefuse(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.Refuse(ctx, r.only()) })
}

func (k *keeper) officeRevoke(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.Revoke(ctx, r.IDs...) })
}

func (k *keeper) officeRemoveMember(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.RemoveMember(ctx, r.only()) })
}

func (k *keeper) officeRemoveDevice(ctx context.Context, r officeIDs) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.RemoveDevice(ctx, r.only()) })
}

func (k *keeper) officeConfigure(ctx context.Context, s office.Settings) (struct{}, error) {
	return k.decide(func(o *office.Office) error { return o.Configure(ctx, s) })
}

func (k *keeper) officeRole(ctx context.Context, r officeRole) (struct{}, error) {
	if r.Role == office.Admin {
		if err := k.door.Authenticate(ctx, k.vault, r.Current); err != nil {
			return struct{}{}, err
		}
	}
	return k.decide(func(o *office.Office) error { return o.SetRole(ctx, r.Member, r.Role) })
}

// officeGrant gives rights. A right to one client is one to its account, and so to all clients that this serves.
func (k *keeper) officeGrant(ctx context.Context, r officeGrants) (struct{}, error) {
	return k.decide(func(o *office.Office) error {
		var grants []office.Grant
		for _, g := range r.Grants {
			grant := office.Grant{Member: g.Member, Right: g.Right, Folder: vault.CleanText(g.Folder), From: g.From, Until: g.Until}
			if g.Client != "" {
				c, err := k.officeClient(officeIDs{[]string{g.Client}})
				if err != nil {
					return err
				}
				if grant.Record, err = o.Record(c.Account); err != nil {
					return err
				}
			}
			grants = append(grants, grant)
		}
		return o.Grant(ctx, grants...)
	})
}

func (k *keeper) officeShare(_ context.Context, r officeIDs) (struct{}, error) {
	var accounts []string
	for _, id := range r.IDs {
		c, err := k.officeClient(officeIDs{[]string{id}})
		if err != nil {
			return struct{}{}, err
		}
		accounts = append(accounts, c.Account)
	}
	return k.decide(func(o *office.Office) error { return o.Share(accounts...) })
}

// officeSync agrees with the store now, and leaves nothing for later.
func (k *keeper) officeSync(ctx context.Context, _ struct{}) (OfficeSynced, error) {
	if err := k.saveUsage(); err != nil {
		return OfficeSynced{}, err
	}
	report, err := k.desk.sync(ctx, true)
	return OfficeSynced{report.Changed, report.Requests, report.Left}, err
}

// officeLeave ends this machine's part in the office.
func (k *keeper) officeLeave(ctx context.Context, r officeLeave) (struct{}, error) {
	d := k.desk
	if r.Keep && !d.admin() {
		return struct{}{}, lang.E("office-keep-admin").Kind(office.ErrNotAdmin)
	}
	_, _ = d.sync(ctx, true) // what was changed and done here goes out, if it can
	d.working.Lock()
	defer d.working.Unlock()
	o, err := d.last()
	if err != nil {
		return struct{}{}, err
	}
	s := d.now.Load()
	if err := o.Leave(ctx, r.Keep); err != nil {
		return struct{}{}, err
	}
	d.leave()
	k.events.send(Event{Type: Changed})
	k.events.send(Event{Type: OfficeNews})
	if s != nil {
		err = d.dropKeys(ctx, s.Store)
	}
	return struct{}{}, err
}

// last is the office for who leaves it: also without its store, but for an admin, who has to be taken out of the
// roster.
func (d *desk) last() (*office.Office, error) {
	o, err := d.reach()
	if err != nil && !d.admin() {
		return d.reading()
	}
	return o, err
}

// only is the one id of a request, or one that nothing has.
func (r officeIDs) only() string {
	if len(r.IDs) != 1 {
		return ""
	}
	return r.IDs[0]
}

// beforeRestore is for an older vault that will be put in place of the newer one: what it lacks was not removed. What
// has been changed until now is carried out first.
func (d *desk) beforeRestore(ctx context.Context) error {
	if d.now.Load() == nil {
		return nil
	}
	_, _ = d.sync(ctx, true) // also without a store, what was changed is noted
	return tellOffice(ctx, d.keeper.vault)
}

// tellOffice lets the office of a vault know that an older one comes in its place.
func tellOffice(ctx context.Context, v *vault.Vault) error {
	o, err := office.Open(office.VaultHome{Vault: v}, v.Identity(), unreached)
	if err != nil {
		return nil // no office, or none that anything is known of
	}
	return o.Restored(ctx)
}
