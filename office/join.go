package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
)

// Enrolment of a device. An invitation carries a one-time identity: the roster lists its public half, so that its
// holder can read the rosters from then on, knows by them who the admins are, and can prove possession. The request is
// sealed to the admins. An admin compares six words with the person (a short authentication string) and puts the
// device into the next roster, from which the invitation is gone.

// invitation is a bearer token for the new person, as text or as a QR code. It pins a roster, the trust anchor of who
// joins, and is a secret until it has been used.
type invitation struct {
	Version int       `json:"v"`
	Store   string    `json:"s"`
	Office  string    `json:"o"`
	Name    string    `json:"n"`
	Number  int       `json:"r"` // of the roster that has it
	Hash    string    `json:"h"` // of that roster
	Secret  string    `json:"k"`
	Until   time.Time `json:"u"`
}

const (
	invitationMark    = "kapu-meghivo-"
	invitationVersion = 1
	invitationSum     = 4 // bytes of the checksum
)

func (v *invitation) String() string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	return invitationMark + base64.RawURLEncoding.EncodeToString(append(text, sum[:invitationSum]...))
}

// readInvitation decodes an invitation as it comes out of a mail, broken into lines.
func readInvitation(text string) (*invitation, error) {
	rest, ok := strings.CutPrefix(strings.Join(strings.Fields(text), ""), invitationMark)
	data, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	wrong := lang.E("office-invitation-wrong").Kind(ErrInvite)
	if !ok || err != nil || len(data) <= invitationSum {
		return nil, wrong
	}
	body := data[:len(data)-invitationSum]
	if sum := sha256.Sum256(body); string(sum[:invitationSum]) != string(data[len(body):]) {
		return nil, wrong
	}
	var head struct {
		Version int `json:"v"`
	}
	if json.Unmarshal(body, &head) != nil || head.Version < 1 {
		return nil, wrong
	}
	if head.Version > invitationVersion {
		return nil, lang.E("office-invitation-newer").Kind(ErrInvite)
	}
	v := &invitation{}
	if strict(body, v) != nil {
		return nil, wrong
	}
	return v, nil
}

// joining is the state of an enrolment until it is approved.
type joining struct {
	Invitation string `json:"invitation"`
	Name       string `json:"name"` // of the device
	Words      string `json:"words"`
	// Request is the sealed request, put there again, the same bytes, if it is gone.
	Request []byte `json:"request,omitempty"`
	// Mine are the accounts that were in the vault before: in somebody else's office they stay the person's own.
	Mine []string `json:"mine,omitempty"`
}

// request is the body of a join object: a device asks to be enrolled, or, with a nonce, to be approved again after it
// was away.
type request struct {
	Invite string       `json:"invite,omitempty"`
	Nonce  string       `json:"nonce,omitempty"`
	Name   string       `json:"name"` // user@machine
	Public *seal.Public `json:"public"`
	At     time.Time    `json:"at"`
	// Proof is a signature by the invitation's identity (proof of possession): only its holder can ask.
	Proof []byte `json:"proof,omitempty"`
}

// Request is a verified join that waits for an admin's decision.
type Request struct {
	Device string       `json:"device"`
	Member string       `json:"member"` // id
	Name   string       `json:"name"`   // of the machine
	Invite string       `json:"invite"` // "" of a device that was away
	Words  string       `json:"words"`
	At     time.Time    `json:"at"`
	Public *seal.Public `json:"public"`
	Away   time.Time    `json:"away,omitzero"` // last sign of life before it was away
}

func joinContext(office, device string) string { return "office/" + office + "/join/" + device }

// identity is the one-time identity that the invitation carries.
func (v *invitation) identity() (*seal.Identity, error) {
	id, err := seal.ParseIdentity(v.Secret)
	if err != nil {
		return nil, lang.E("office-invitation-wrong").Kind(ErrInvite)
	}
	return id, nil
}

// completeJoin sends the request, once, and follows the chain to see whether an admin has approved it. Until then it
// returns ErrNotYet.
func (p *pass) completeJoin(ctx context.Context) error {
	s := p.state
	j := s.Joining
	v, err := readInvitation(j.Invitation)
	if err != nil {
		return err
	}
	key, err := v.identity()
	if err != nil {
		return err
	}
	if s.Roster == nil {
		if err := p.readPinned(ctx, v, key); err != nil {
			return err
		}
	}
	if err := p.followInvited(ctx, v, key); err != nil {
		return err
	}
	if s.Roster.device(s.Device) != nil {
		s.Joining, s.Expelled = nil, false
		p.dirty, p.relist, p.vaultStale = true, true, true
		s.Doubt = p.now() // much has been sealed to this device at this moment, and some may still be on its way
		if len(s.Roster.devicesOf(s.me().Member)) > 1 {
			if s.Roster.isAdmin(s.Device) && len(j.Mine) > 0 {
				s.Returning, s.Generation = p.now(), unheard
			}
			return p.save()
		}
		p.keepMine(j) // somebody else's office: what was here stays theirs
		return p.save()
	}
	invite := s.Roster.invite(DeviceID(key.Public()))
	if invite == nil || !p.now().Before(invite.Until) {
		return lang.E("office-invitation-over", "Office", v.Name).Kind(ErrInvite)
	}
	if err := p.putRequest(ctx, key, invite.ID); err != nil {
		return err
	}
	return lang.E("office-not-yet", "Words", j.Words, "Office", v.Name).Kind(ErrNotYet)
}

// keepMine makes all that is in the vault, was when this device asked to be let in, or can come back by an undo the
// person's own.
func (p *pass) keepMine(j *joining) {
	c := p.home.Contents()
	for _, id := range j.Mine {
		p.state.Own[id] = true
	}
	for i := range c.Accounts {
		p.state.Own[c.Accounts[i].ID] = true
	}
	for i := range c.Undos {
		for _, a := range c.Undos[i].Accounts {
			p.state.Own[a.ID] = true
		}
	}
}

// readPinned reads the roster that the invitation pins by number and hash: the trust anchor of this device.
func (o *Office) readPinned(ctx context.Context, v *invitation, key *seal.Identity) error {
	sealed, err := o.store.Get(ctx, rosterName(v.Number))
	if errors.Is(err, store.ErrNotExist) {
		return lang.E("office-store-empty", "Store", v.Store, "Office", v.Name).Kind(ErrInvite)
	}
	if err != nil {
		return err
	}
	r := &Roster{}
	body, _, err := o.box.openBy(rosterContext(v.Office, v.Number), sealed, key, func(body []byte) []string {
		if strict(body, r) != nil {
			return nil
		}
		var authors []string // an admin may have left with this very roster
		for i := range r.Devices {
			authors = append(authors, r.Devices[i].Public.SigningKey())
		}
		for _, f := range r.Former {
			authors = append(authors, f.Signing)
		}
		return authors
	})
	if err != nil || hash(body) != v.Hash || r.Office != v.Office || r.Number != v.Number || r.check() != nil {
		return lang.E("office-invitation-altered", "Office", v.Name).Kind(ErrInvite)
	}
	o.state.Roster, o.state.Hash, o.dirty = r, v.Hash, true
	return nil
}

// followInvited is followChain with the invitation's identity, until this device is in the chain itself.
func (o *Office) followInvited(ctx context.Context, v *invitation, key *seal.Identity) error {
	s := o.state
	for s.Roster.device(s.Device) == nil {
		number := s.Roster.Number + 1
		sealed, err := o.store.Get(ctx, rosterName(number))
		if errors.Is(err, store.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		next, hash, err := readRoster(o.box, sealed, number, s.Office, key, s.Roster, s.Hash)
		if errors.Is(err, seal.ErrNotAddressed) { // the invitation is gone from it: used, or taken back
			next, hash, err = readRoster(o.box, sealed, number, s.Office, o.id, s.Roster, s.Hash)
		}
		switch {
		case errors.Is(err, seal.ErrNotAddressed):
			return lang.E("office-invitation-over", "Office", v.Name).Kind(ErrInvite)
		case err != nil:
			return lang.E("office-roster-refused", "Number", number).Kind(ErrFork)
		}
		s.Roster, s.Hash, o.dirty = next, hash, true
	}
	return nil
}

// putRequest makes the store have the request. It is idempotent: it repairs what somebody has deleted, or put in its
// place.
func (p *pass) putRequest(ctx context.Context, key *seal.Identity, invite string) error {
	s := p.state
	j, name := s.Joining, joinName(s.Device)
	if j.Request == nil {
		var err error
		if j.Request, err = p.sealRequest(key, invite); err != nil {
			return err
		}
		s.Outbox, p.dirty = append(s.Outbox, name), true
		if err := p.save(); err != nil {
			return err
		}
	}
	return p.keepRequest(ctx, j.Request)
}

// keepRequest makes the store have this device's request.
func (p *pass) keepRequest(ctx context.Context, sealed []byte) error {
	s := p.state
	name := joinName(s.Device)
	err := p.store.Put(ctx, name, sealed)
	if errors.Is(err, store.ErrExists) {
		there, e := p.store.Get(ctx, name)
		switch {
		case e != nil && !errors.Is(e, store.ErrNotExist):
			return e
		case e == nil && bytes.Equal(there, sealed):
			return p.announce(ctx)
		}
		if err := p.store.Delete(ctx, name); err != nil {
			return err
		}
		s.Outbox, p.dirty = append(s.Outbox, name), true
		err = p.store.Put(ctx, name, sealed)
	}
	if err != nil {
		return err
	}
	return p.announce(ctx)
}

// sealRequest is the request, sealed to the admins.
func (o *Office) sealRequest(key *seal.Identity, invite string) ([]byte, error) {
	s := o.state
	r := request{Invite: invite, Name: s.Joining.Name, Public: o.id.Public(), At: wireTime(o.now())}
	r.Proof = key.Sign(joinContext(s.Office, s.Device), []byte(s.Device+"\n"+r.Name))
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var admins []*seal.Public
	for _, d := range s.Roster.admins() {
		admins = append(admins, d.Public)
	}
	return o.box.seal(joinContext(s.Office, s.Device), body, o.id, admins...)
}

// receiveRequest verifies a request, that its author holds an invitation and the device's own key, and lets it wait for
// a decision.
func (o *Office) receiveRequest(device string, sealed []byte) error {
	s := o.state
	r := &request{}
	_, _, err := o.box.openBy(joinContext(s.Office, device), sealed, o.id, func(body []byte) []string {
		if strict(body, r) != nil || r.Public == nil || DeviceID(r.Public) != device {
			return nil
		}
		return []string{r.Public.SigningKey()}
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	if r.Nonce != "" {
		return o.receiveComeback(device, r)
	}
	// A device that is or was in the office can be in no roster again; to approve it would fail for ever.
	if known, _ := s.Roster.signer(device); known != "" || !validName(r.Name) {
		return errRefused
	}
	invite := s.Roster.invite(r.Invite)
	proved := []byte(device + "\n" + r.Name)
	if invite == nil || !seal.Verify(invite.Public.SigningKey(), joinContext(s.Office, device), proved, r.Proof) {
		return errRefused
	}
	for _, other := range s.Requests {
		if other.Invite == r.Invite {
			return errRefused // who asked first is the one the words are compared with
		}
	}
	words := o.box.words(s.Office, r.Invite, device)
	s.Requests[device] = &Request{
		Device: device, Member: invite.Member, Name: r.Name, Invite: r.Invite, Words: words, At: r.At, Public: r.Public,
	}
	o.dirty = true
	return nil
}

// hasOpenRequest says whether a device has asked with an invitation that is still good. One whose invitation is not may
// ask with another.
func (o *Office) hasOpenRequest(device string) bool {
	r := o.state.Requests[device]
	if r == nil {
		return false
	}
	if r.Invite == "" {
		return true
	}
	invite := o.state.Roster.invite(r.Invite)
	return invite != nil && o.now().Before(invite.Until)
}

// approve amends the roster with a device that asks, or with one that is back, and deletes its request.
func (o *Office) approve(ctx context.Context, device string) error {
	s := o.state
	r := s.Requests[device]
	if r == nil {
		return lang.E("office-request-gone").Kind(ErrUnknown)
	}
	err := o.amend(ctx, func(next *Roster) error {
		if r.Invite == "" {
			return next.takeBack(device)
		}
		invite := next.invite(r.Invite)
		if invite == nil || !o.now().Before(invite.Until) {
			return lang.E("office-invitation-over", "Office", next.Name).Kind(ErrInvite)
		}
		next.Devices = append(next.Devices, Device{
			ID: r.Device, Member: invite.Member, Name: r.Name, Public: r.Public, Since: next.Number,
		})
		next.dropInvite(r.Invite)
		return nil
	})
	if err != nil && !errors.Is(err, ErrInvite) && !errors.Is(err, ErrInvalid) {
		return err
	}
	return errors.Join(err, o.dropRequest(ctx, device)) // what cannot be approved would be in the way for ever
}

// dropRequest deletes a request, here and in the store.
func (o *Office) dropRequest(ctx context.Context, device string) error {
	delete(o.state.Requests, device)
	o.dirty = true
	return o.store.Delete(ctx, joinName(device))
}

// settleRequests deals with the requests that need no decision: those that another admin has decided about, and those
// with an invitation that lets its holder in.
func (p *pass) settleRequests(ctx context.Context) error {
	for _, device := range slices.Sorted(maps.Keys(p.state.Requests)) {
		r := p.state.Requests[device]
		if r.Invite == "" && p.state.Roster.isAway(device) {
			continue
		}
		invite := p.state.Roster.invite(r.Invite)
		if invite == nil { // another admin has decided
			if err := p.dropRequest(ctx, device); err != nil {
				return err
			}
			continue
		}
		if invite.Auto && p.at.Before(invite.Until) {
			if err := p.approve(ctx, device); err != nil && !errors.Is(err, ErrInvite) && !errors.Is(err, ErrInvalid) {
				return err
			}
		}
	}
	return nil
}
