package office

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"kapu/office/store"
)

// heartbeat is a sign of life, one a day. It is signed, and its time is the device's own: whoever keeps the store can
// withhold it, but neither make one nor give an old one a later day.
type heartbeat struct {
	Device string    `json:"device"`
	At     time.Time `json:"at"`
	Roster int       `json:"roster"`
}

func seenContext(office, device string) string { return "office/" + office + "/seen/" + device }

// keepSeen is for how many days heartbeats stay.
const keepSeen = 7

// heartbeat puts a sign of life into the store, one a day, and deletes the oldest; an admin's device also old turns.
func (p *pass) heartbeat(ctx context.Context) error {
	s := p.state
	day := p.at.UTC().Format(time.DateOnly)
	if s.Heartbeat == day {
		return nil
	}
	body, err := json.Marshal(heartbeat{s.Device, wireTime(p.at), s.Roster.Number})
	if err != nil {
		return err
	}
	to := s.Roster.publicKeys(deviceIDs(s.Roster.admins()))
	sealed, err := p.box.seal(seenContext(s.Office, s.Device), body, p.id, to...)
	if err != nil {
		return err
	}
	if err := p.store.Put(ctx, seenName(s.Device, p.at), sealed); err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	if err := p.store.Delete(ctx, seenName(s.Device, p.at.AddDate(0, 0, -keepSeen))); err != nil {
		return err
	}
	if s.Roster.isAdmin(s.Device) {
		if err := p.dropTurns(ctx); err != nil {
			return err
		}
	}
	s.Heartbeat, p.dirty = day, true
	return nil
}

// LastSeen is when each device last gave a sign of life, to the day, by the ids of devices; only admins can read it.
func (o *Office) LastSeen(ctx context.Context) (map[string]time.Time, error) {
	var seen map[string]time.Time
	err := o.locked(ctx, func() (err error) {
		seen, err = o.lastSeen(ctx)
		return err
	})
	return seen, err
}

func (o *Office) lastSeen(ctx context.Context) (map[string]time.Time, error) {
	names, err := o.list(ctx, prefixSeen, "")
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, name := range names {
		if parts := strings.Split(name, "/"); len(parts) == 3 {
			of[parts[1]] = append(of[parts[1]], name)
		}
	}
	seen := map[string]time.Time{}
	for device, names := range of {
		d := o.state.Roster.device(device)
		if d == nil {
			continue
		}
		at, err := o.newestHeartbeat(ctx, d, names)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			seen[device] = at
		}
	}
	return seen, nil
}

// newestHeartbeat is the time of the last of some names that is what its name says; the zero time is none. What a clock
// that is ahead has written does not count: it would be the newest for ever.
func (o *Office) newestHeartbeat(ctx context.Context, d *Device, names []string) (time.Time, error) {
	s := o.state
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		sealed, err := o.store.Get(ctx, name)
		if errors.Is(err, store.ErrNotExist) {
			continue
		}
		if err != nil {
			return time.Time{}, err
		}
		var h heartbeat
		body, _, err := o.box.open(seenContext(s.Office, d.ID), sealed, o.id, d.Public.SigningKey())
		if err == nil && strict(body, &h) == nil && h.Device == d.ID && seenName(d.ID, h.At) == name &&
			!h.At.After(o.now().Add(24*time.Hour)) {
			return h.At, nil
		}
	}
	return time.Time{}, nil
}
