package office

import (
	"context"
	"encoding/json"
	"time"

	"kapu/lang"
)

// Devices that are away. One that has given no sign of life for Settings.AwayDays may be lost, and nobody has noticed
// it: an admin's device marks it in the roster, and from then on nothing is sealed to it. When it comes back it asks to
// be approved again, with words for the telephone, as one that joins. docs/decisions/devices-away.md says why so.

// watch is for how long this device has been looking at the others' signs of life, once a day.
type watch struct {
	Since time.Time `json:"since"`
	Last  time.Time `json:"last"`
}

const (
	watchEvery = 20 * time.Hour
	// watchGap is after what gap in its own looking a device begins anew, and for how long it must have looked before it
	// marks others: a copied folder may be as old as this machine's own absence, or the clock may have jumped.
	watchGap = 7 * 24 * time.Hour
)

// look notes that this device looks now. It returns false if it has looked today already.
func (w *watch) look(now time.Time) bool {
	pause := now.Sub(w.Last)
	if pause >= 0 && pause < watchEvery {
		return false
	}
	if pause < 0 || pause > watchGap {
		w.Since = now
	}
	w.Last = now
	return true
}

// markAway marks the devices that have been silent for too long. It is for admins' devices, once a day.
func (p *pass) markAway(ctx context.Context) error {
	s := p.state
	days := s.Roster.Settings.AwayDays
	if !s.Watch.look(p.at) {
		return nil
	}
	p.dirty = true
	if days == 0 || p.at.Sub(s.Watch.Since) < watchGap {
		return nil
	}
	seen, err := p.lastSeen(ctx)
	if err != nil {
		return err
	}
	limit := p.at.AddDate(0, 0, -days)
	silent := map[string]time.Time{}
	for _, d := range s.Roster.Devices {
		last, ok := seen[d.ID]
		if !ok {
			last = s.Watch.Since // that there is none is all that is known
		}
		if d.ID != s.Device && last.Before(limit) {
			silent[d.ID] = wireTime(last)
		}
	}
	if !s.Roster.clone().mark(silent) {
		return nil
	}
	return p.amend(ctx, func(r *Roster) error { r.mark(silent); return nil })
}

// mark marks devices as away, but for the last two of admins: an office whose only machine of an admin breaks down must
// not be lost because the other one lay in a drawer. It says whether it has marked any.
func (r *Roster) mark(silent map[string]time.Time) (some bool) {
	for i := range r.Devices {
		d := &r.Devices[i]
		last, ok := silent[d.ID]
		if !ok || !d.Away.IsZero() || r.roleOf(d) == Admin && len(r.admins()) <= 2 {
			continue
		}
		d.Away, some = last, true
	}
	return some
}

// hasBack says whether a device that is away in this roster is not in the next.
func (r *Roster) hasBack(next *Roster) bool {
	for i := range r.Devices {
		if d := next.device(r.Devices[i].ID); !r.Devices[i].Away.IsZero() && d != nil && d.Away.IsZero() {
			return true
		}
	}
	return false
}

// isAway says whether a device is.
func (r *Roster) isAway(device string) bool {
	d := r.device(device)
	return d != nil && !d.Away.IsZero()
}

// away says whether this device is.
func (s *state) away() bool { return s.Roster != nil && s.Joining == nil && s.Roster.isAway(s.Device) }

// backTime is for how long a record that is sealed to others only is no revoked one: an admin's device has yet to seal
// it to the device that is back.
const backTime = time.Hour

func (o *Office) justBack() bool {
	since := o.now().Sub(o.state.Back)
	return !o.state.Back.IsZero() && since >= 0 && since < backTime
}

// receiveComeback lets the request of a device that is away wait for a decision. Of two the later counts: who keeps the
// store may have kept one from before.
func (o *Office) receiveComeback(device string, r *request) error {
	s := o.state
	d := s.Roster.device(device)
	if r.Invite != "" || !isID(r.Nonce, idLength) || !s.Roster.isAway(device) || !r.At.After(d.Away) {
		return errRefused
	}
	words := o.box.words(s.Office, r.Nonce, device)
	s.Requests[device] = &Request{
		Device: device, Member: d.Member, Name: d.Name, Words: words, At: r.At, Public: d.Public, Away: d.Away,
	}
	o.dirty = true
	return nil
}

// takeBack ends the absence of a device, or is an error of the kind ErrInvalid if it has been removed.
func (r *Roster) takeBack(device string) error {
	d := r.device(device)
	if d == nil {
		return lang.E("office-request-gone").Kind(ErrInvalid)
	}
	d.Away = time.Time{}
	return nil
}

// comeback is the request of a device that was away.
type comeback struct {
	Nonce  string `json:"nonce"`
	Words  string `json:"words"`
	Sealed []byte `json:"sealed"`
	Roster int    `json:"roster"` // number by which it was sealed to admins
}

// askBack asks, as long as this device is away, to be approved again, and returns ErrAway. A copy of the machine has
// other words: they depend on a number used once.
func (p *pass) askBack(ctx context.Context) error {
	s := p.state
	if s.Asking == nil || s.Asking.Roster != s.Roster.Number {
		if err := p.sealComeback(); err != nil {
			return err
		}
	}
	if err := p.keepRequest(ctx, s.Asking.Sealed); err != nil {
		return err
	}
	if err := p.heartbeat(ctx); err != nil {
		return err
	}
	return lang.E("office-away", "Office", s.Roster.Name, "Day", DayOf(s.me().Away), "Words", s.Asking.Words).Kind(ErrAway)
}

// sealComeback makes the request, sealed to the admins of now; its words stay the same.
func (p *pass) sealComeback() error {
	s := p.state
	next := comeback{Roster: s.Roster.Number}
	if s.Asking != nil {
		next.Nonce, next.Words = s.Asking.Nonce, s.Asking.Words
	} else {
		next.Nonce = newID()
		next.Words = p.box.words(s.Office, next.Nonce, s.Device)
	}
	me := s.me()
	body, err := json.Marshal(request{Nonce: next.Nonce, Name: me.Name, Public: p.id.Public(), At: wireTime(p.now())})
	if err != nil {
		return err
	}
	to := s.Roster.publicKeys(deviceIDs(s.Roster.admins()))
	if next.Sealed, err = p.box.seal(joinContext(s.Office, s.Device), body, p.id, to...); err != nil {
		return err
	}
	s.Asking, p.dirty = &next, true
	s.Outbox = append(s.Outbox, joinName(s.Device))
	return p.save() // before it leaves the device
}
