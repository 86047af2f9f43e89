package office

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault"
)

// What admins decide: each is one amendment of the roster. What follows from it for the records, the next sync does.

func sentenceNotAdmin() error { return lang.E("office-not-admin").Kind(ErrNotAdmin) }
func sentenceBusy() error     { return lang.E("office-roster-busy") }
func sentenceInvalid(err error) error {
	return lang.E("office-roster-invalid", "Reason", rule(err)).Kind(ErrInvalid)
}

// rule is a sentence of ours as it is, and any other error as a rule of the office's: a face does not offer what breaks
// one, and its words are for who develops Kapu.
func rule(err error) error {
	if sentence, ok := errors.AsType[*lang.Error](err); ok {
		return sentence
	}
	return lang.E("office-rule", "Text", err.Error())
}

func (r *Roster) dropInvite(id string) {
	r.Invites = slices.DeleteFunc(r.Invites, func(v Invite) bool { return v.ID == id })
}

func (r *Roster) devicesOf(member string) []*Device {
	var list []*Device
	for i := range r.Devices {
		if r.Devices[i].Member == member {
			list = append(list, &r.Devices[i])
		}
	}
	return list
}

// NewMember is a request for an invitation: who is invited, and to what.
type NewMember struct {
	Member string // id of a member who gets another machine; "" for a new one
	Name   string
	EMail  string
	Role   Role
	Days   int  // for how long the invitation is good
	Auto   bool // let in whoever has it
}

const (
	inviteDays    = 7
	maxInviteDays = 30
)

// Invite makes an invitation, a bearer token: a text for the new person, which is a secret until it has been used,
// once, or has expired.
func (o *Office) Invite(ctx context.Context, n NewMember) (text string, err error) {
	key, err := seal.NewIdentity()
	if err != nil {
		return "", err
	}
	if n.Days == 0 {
		n.Days = inviteDays
	}
	n.Days = min(max(n.Days, 1), maxInviteDays)
	err = o.locked(ctx, func() error {
		// If another admin is first, this runs once more, on another roster.
		err := o.amend(ctx, func(r *Roster) error {
			member := n.Member
			if member == "" {
				name := cleanName(n.Name)
				if slices.ContainsFunc(r.Members, func(m Member) bool { return strings.EqualFold(vault.CleanText(m.Name), name) }) {
					return lang.E("office-member-exists", "Name", name, "ShellName", lang.Shell(name)).Kind(ErrInvalid)
				}
				member = newID()
				r.Members = append(r.Members, Member{member, name, cleanName(n.EMail), n.Role})
			} else if r.member(member) == nil {
				return lang.E("office-member-unknown", "Name", n.Name).Kind(ErrUnknown)
			}
			until := wireTime(o.now().Add(time.Duration(n.Days) * 24 * time.Hour))
			r.Invites = append(r.Invites, Invite{DeviceID(key.Public()), member, key.Public(), until, n.Auto})
			return nil
		})
		if err != nil {
			return err
		}
		s := o.state
		v := invitation{
			invitationVersion, s.Store, s.Office, s.Roster.Name, s.Roster.Number, s.Hash, key.String(),
			s.Roster.invite(DeviceID(key.Public())).Until,
		}
		text = v.String()
		return nil
	})
	return text, err
}

// Withdraw revokes an invitation that has not been used.
func (o *Office) Withdraw(ctx context.Context, invite string) error {
	return o.decide(ctx, func(r *Roster) error {
		if r.invite(invite) == nil {
			return lang.E("office-request-gone").Kind(ErrUnknown)
		}
		r.dropInvite(invite)
		return nil
	})
}

// Approve admits a device that has asked to join.
func (o *Office) Approve(ctx context.Context, device string) error {
	return o.locked(ctx, func() error { return o.approve(ctx, device) })
}

// Refuse rejects a request. Somebody has what they should not: the invitation it came with is revoked, or the device
// that was away is removed.
func (o *Office) Refuse(ctx context.Context, device string) error {
	return o.locked(ctx, func() error {
		r := o.state.Requests[device]
		if r == nil {
			return lang.E("office-request-gone").Kind(ErrUnknown)
		}
		err := o.amend(ctx, func(next *Roster) error {
			if r.Invite == "" && next.isAway(device) {
				next.dropDevice(device)
			}
			next.dropInvite(r.Invite)
			return nil
		})
		if err != nil {
			return err
		}
		return o.dropRequest(ctx, device)
	})
}

// decide is amend as a critical section of its own.
func (o *Office) decide(ctx context.Context, change func(*Roster) error) error {
	return o.locked(ctx, func() error { return o.amend(ctx, change) })
}

// decideAfterPull is decide for a change that takes a right away: the edits made until now with that right are pulled
// first, so that they are accepted under the roster that still gives it.
func (o *Office) decideAfterPull(ctx context.Context, change func(*Roster) error) error {
	return o.locked(ctx, func() error {
		if err := o.newPass().pull(ctx); err != nil {
			return err
		}
		return o.amend(ctx, change)
	})
}

func wireTimeOrZero(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return wireTime(t)
}

// Revoke removes grants by id: all of them, or none and an error of the kind ErrUnknown.
func (o *Office) Revoke(ctx context.Context, ids ...string) error {
	return o.decideAfterPull(ctx, func(r *Roster) error {
		before := len(r.Grants)
		r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool { return slices.Contains(ids, g.ID) })
		if before-len(r.Grants) != len(ids) {
			return lang.E("office-grant-unknown").Kind(ErrUnknown)
		}
		return nil
	})
}

// RemoveMember removes a person, with their devices, grants and invitations.
func (o *Office) RemoveMember(ctx context.Context, id string) error {
	return o.decideAfterPull(ctx, func(r *Roster) error {
		m := r.member(id)
		if m == nil {
			return lang.E("office-member-unknown", "Name", id).Kind(ErrUnknown)
		}
		if err := r.keepsAnAdmin(func(d *Device) bool { return d.Member != id }); err != nil {
			return err
		}
		r.Members = slices.DeleteFunc(r.Members, func(m Member) bool { return m.ID == id })
		r.Devices = slices.DeleteFunc(r.Devices, func(d Device) bool { return d.Member == id })
		r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool { return g.Member == id })
		r.Invites = slices.DeleteFunc(r.Invites, func(v Invite) bool { return v.Member == id })
		return nil
	})
}

// RemoveDevice removes one device: lost, stolen, or replaced.
func (o *Office) RemoveDevice(ctx context.Context, id string) error {
	return o.decideAfterPull(ctx, func(r *Roster) error {
		if r.device(id) == nil {
			return lang.E("office-device-unknown").Kind(ErrUnknown)
		}
		if err := r.keepsAnAdmin(func(d *Device) bool { return d.ID != id }); err != nil {
			return err
		}
		r.dropDevice(id)
		return nil
	})
}

// keepsAnAdmin is the invariant that an admin's device always stays, checked for a change that keeps some devices.
func (r *Roster) keepsAnAdmin(stays func(*Device) bool) error {
	if !slices.ContainsFunc(r.admins(), stays) {
		return lang.E("office-last-admin").Kind(ErrInvalid)
	}
	return nil
}

// SetRole makes a member an admin, whose grants are then needless and removed, or one of the staff, who has none.
func (o *Office) SetRole(ctx context.Context, id string, role Role) error {
	return o.decideAfterPull(ctx, func(r *Roster) error {
		m := r.member(id)
		if m == nil {
			return lang.E("office-member-unknown", "Name", id).Kind(ErrUnknown)
		}
		if role == Staff {
			if err := r.keepsAnAdmin(func(d *Device) bool { return d.Member != id }); err != nil {
				return err
			}
		}
		m.Role = role
		if role == Admin {
			r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool { return g.Member == id })
		}
		return nil
	})
}

// Configure replaces the settings of the office.
func (o *Office) Configure(ctx context.Context, s Settings) error {
	return o.decide(ctx, func(r *Roster) error {
		r.Settings = s
		return nil
	})
}
