package agent

import (
	"context"
	"time"

	"kapu/office"
)

// OfficeView says how things stand in the office. Without one its In is false.
func (c *Conn) OfficeView(ctx context.Context) (OfficeView, error) {
	return call(ctx, c, GetOffice, None{})
}

// OfficeCreate founds an office of one. Everything in the vault becomes the office's.
func (c *Conn) OfficeCreate(ctx context.Context, r OfficeCreate) (OfficeView, error) {
	return call(ctx, c, CreateOffice, r)
}

// OfficeInvite makes an invitation.
func (c *Conn) OfficeInvite(ctx context.Context, r OfficeInvite) (OfficeInvitation, error) {
	return call(ctx, c, InviteMember, r)
}

// OfficeWithdraw takes an invitation back.
func (c *Conn) OfficeWithdraw(ctx context.Context, invite string) error {
	return tell(ctx, c, WithdrawInvite, ByID{invite})
}

// OfficeJoin asks to be let in. What it returns has the words to be compared; that this machine was let in shows in
// OfficeView, after an OfficeNews event.
func (c *Conn) OfficeJoin(ctx context.Context, r OfficeJoin) (OfficeView, error) {
	return call(ctx, c, JoinOffice, r)
}

// OfficeRecover comes back into an office.
func (c *Conn) OfficeRecover(ctx context.Context, r OfficeRecover) (OfficeView, error) {
	return call(ctx, c, RecoverOffice, r)
}

// OfficeSetStore goes on with the same office at another address, or with other keys.
func (c *Conn) OfficeSetStore(ctx context.Context, r OfficeStore) (OfficeView, error) {
	return call(ctx, c, MoveStore, r)
}

// OfficeApprove lets a machine in whose words have been compared.
func (c *Conn) OfficeApprove(ctx context.Context, device string) error {
	return tell(ctx, c, ApproveDevice, ByID{device})
}

// OfficeRefuse turns a machine away, and its invitation with it.
func (c *Conn) OfficeRefuse(ctx context.Context, device string) error {
	return tell(ctx, c, RefuseDevice, ByID{device})
}

// OfficeSetRights gives rights or takes them away, all or none.
func (c *Conn) OfficeSetRights(ctx context.Context, r OfficeAssignment) (OfficeRightsChange, error) {
	return call(ctx, c, SetRights, r)
}

// OfficeReach is what a right comes to, before it is given: how many clients it is about, who comes along through a
// shared account and, if it is one member's, how many keys they will know.
func (c *Conn) OfficeReach(ctx context.Context, r OfficeProspect) (OfficeReach, error) {
	return call(ctx, c, GetReach, r)
}

// OfficeStandIn gives a substitute their rights, all or none.
func (c *Conn) OfficeStandIn(ctx context.Context, r OfficeSubstitution) (OfficeRightsChange, error) {
	return call(ctx, c, StandIn, r)
}

// OfficeRevoke takes rights away by their ids, all or none.
func (c *Conn) OfficeRevoke(ctx context.Context, ids ...string) error {
	return tell(ctx, c, RevokeRights, ByIDs{ids})
}

// OfficeRemoveMember takes a person out, with their machines and rights.
func (c *Conn) OfficeRemoveMember(ctx context.Context, member string) error {
	return tell(ctx, c, RemoveMember, ByID{member})
}

// OfficeRemoveDevice takes one machine out.
func (c *Conn) OfficeRemoveDevice(ctx context.Context, device string) error {
	return tell(ctx, c, RemoveDevice, ByID{device})
}

// OfficeSetRole makes a member an admin, or one of the staff.
func (c *Conn) OfficeSetRole(ctx context.Context, member string, role office.Role) error {
	return tell(ctx, c, SetRole, RoleRequest{member, role})
}

// OfficeConfigure changes the settings of the office.
func (c *Conn) OfficeConfigure(ctx context.Context, s office.Settings) error {
	return tell(ctx, c, ConfigureOffice, s)
}

// OfficeSync agrees with the store now. It waits until that is done; the agent does it by itself every now and then.
func (c *Conn) OfficeSync(ctx context.Context) (OfficeSynced, error) {
	return call(ctx, c, SyncOffice, None{})
}

// OfficeHistory is what was changed of a client and its account, newest first.
func (c *Conn) OfficeHistory(ctx context.Context, client string) ([]OfficeChange, error) {
	return call(ctx, c, ReadHistory, ByID{client})
}

// OfficeWorklist is every key that has to be registered anew, oldest first.
func (c *Conn) OfficeWorklist(ctx context.Context) ([]OfficeTodo, error) {
	return call(ctx, c, ReadWorklist, None{})
}

// OfficeRights is what a member may do now, by the ids of the vault's accounts.
func (c *Conn) OfficeRights(ctx context.Context, member string) (map[string]office.Right, error) {
	return call(ctx, c, ReadRights, ByID{member})
}

// OfficeJournal is what everybody has done with codes and keys, for admins. It reads the store.
func (c *Conn) OfficeJournal(ctx context.Context, r OfficeJournalRequest) (OfficeJournal, error) {
	return call(ctx, c, ReadJournal, r)
}

// OfficeSeen is when each machine, by its id, last gave a sign of life, for admins. It reads the store.
func (c *Conn) OfficeSeen(ctx context.Context) (map[string]time.Time, error) {
	return call(ctx, c, ReadLastSeen, None{})
}

// OfficeShare makes clients' accounts that were this person's own the office's.
func (c *Conn) OfficeShare(ctx context.Context, clients ...string) error {
	return tell(ctx, c, ShareClients, ByIDs{clients})
}

// OfficeLeave ends this machine's part in the office. The office's clients leave the vault, unless an admin keeps them.
func (c *Conn) OfficeLeave(ctx context.Context, keep bool) error {
	return tell(ctx, c, LeaveOffice, LeaveRequest{keep})
}
