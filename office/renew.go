package office

import (
	"context"
	"time"

	"kapu/lang"
	"kapu/seal"
)

// Rotation of a device's key, when its vault gets a new identity. The new key comes into the roster beside the old one
// before the vault is sealed to it; which of the two remains is decided by the identity that the state is opened with,
// so it does not matter where the renewal is cut off. What the old key could read goes on the work list, as of any
// device that has left.

// successor is a device of the roster that is to take this one's place.
type successor struct {
	Device string    `json:"device"`
	At     time.Time `json:"at"`
}

// successorTime is after what time a successor that did not take over is taken out of the roster again: the renewal was
// cut off before it counted.
const successorTime = time.Hour

// PrepareRenewal returns what brings the public half of a vault's next identity into the roster, for vault.Renewal. It
// is for admins: nobody else can change the roster, so whoever is none leaves, and joins anew with the new identity.
func (o *Office) PrepareRenewal(ctx context.Context) func(next *seal.Public) error {
	return func(next *seal.Public) error { return o.addSuccessor(ctx, next) }
}

func (o *Office) addSuccessor(ctx context.Context, next *seal.Public) error {
	return o.locked(ctx, func() error {
		s := o.state
		if s.Joining == nil && !s.Expelled {
			if err := o.newPass().pull(ctx); err != nil {
				return err
			}
		}
		if s.Joining != nil || s.Expelled || s.TwoFaced || !s.Roster.isAdmin(s.Device) {
			return lang.E("office-renew-staff").Kind(ErrNotAdmin)
		}
		was := s.Successor
		s.Successor, o.dirty = &successor{DeviceID(next), wireTime(o.now())}, true
		if err := o.save(); err != nil { // write-ahead
			return err
		}
		me := *s.me()
		return o.amend(ctx, func(r *Roster) error {
			if was != nil {
				r.dropDevice(was.Device)
			}
			r.Devices = append(r.Devices, Device{
				ID: DeviceID(next), Member: me.Member, Name: me.Name, Public: next, Since: r.Number,
			})
			return nil
		})
	})
}

// succeed makes the state that of the successor, if it was opened with its identity.
func (s *state) succeed(root *seal.Identity) bool {
	if s.Successor == nil || s.Successor.Device != DeviceID(root.Public()) {
		return false
	}
	s.Replaces, s.Device, s.Identity, s.Successor = s.Device, s.Successor.Device, "", nil
	s.Journal, s.Heartbeat = journalState{Place: s.Journal.Place}, "" // each device has a journal of its own, and a feed
	s.Feed = feedState{Read: s.Feed.Read}
	return true
}

// dropReplaced takes the device out of the roster that this one has replaced, or one that should have replaced it and
// has not.
func (p *pass) dropReplaced(ctx context.Context) error {
	s := p.state
	gone := s.Replaces
	if n := s.Successor; n != nil && p.at.Sub(n.At) > successorTime {
		gone = n.Device
	}
	if gone == "" {
		return nil
	}
	if s.Roster.device(gone) != nil {
		if err := p.amend(ctx, func(r *Roster) error { r.dropDevice(gone); return nil }); err != nil {
			return err
		}
	}
	if gone == s.Replaces {
		s.Replaces = ""
	} else {
		s.Successor = nil
	}
	p.dirty = true
	return nil
}
