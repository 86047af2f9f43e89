package office

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Rotation of secrets. What somebody knew cannot be revoked. When a device stops being a reader of a record, an admin's
// device writes into the part for admins that it had this key; the record stays on the work list until its key is
// another one.

// exposure is the value of such a field: which key a device had that it should no longer have.
type exposure struct {
	Member string    `json:"member"` // name
	Device string    `json:"device"` // name
	At     time.Time `json:"at"`
	Key    string    `json:"key"` // fingerprint
}

// noteExposedKeys writes down which devices stop being readers, before the bundle that they can read is deleted.
func (p *pass) noteExposedKeys(ids []string) {
	s := p.state
	for _, id := range ids {
		r := s.Records[id]
		if len(r.edits) == 0 {
			continue
		}
		want := s.Roster.readers(r.facts(id), false, p.at)
		fields := r.edits.fields()
		if fields[fieldGone] != "" {
			continue
		}
		print := fingerprint(fields)
		private := r.private.fields()
		set := map[string]string{}
		for _, name := range r.liveOf(partRecord) {
			for _, device := range r.Live[name].To {
				if slices.Contains(want, device) {
					continue
				}
				var was exposure
				if json.Unmarshal([]byte(private[exposurePrefix+device]), &was) == nil && was.Key == print {
					continue
				}
				member, machine := s.Roster.names(device)
				text, err := json.Marshal(exposure{member, machine, wireTime(p.at), print})
				if err == nil {
					set[exposurePrefix+device] = string(text)
				}
			}
		}
		if len(set) > 0 {
			p.edit(id, r, partPrivate, set, p.at)
		}
	}
}

// fingerprint is a hash of a key by which two can be told apart; it stands in the part for admins only.
func fingerprint(fields map[string]string) string {
	return short([]byte("kapu/v1 key\n" + fields[fieldKey]))
}

// names are the display names of a device's member and of the device, here now or once.
func (r *Roster) names(device string) (member, machine string) {
	if d := r.device(device); d != nil {
		if m := r.member(d.Member); m != nil {
			return m.Name, d.Name
		}
	}
	for _, f := range r.Former {
		if f.ID == device {
			return f.Name, f.Device
		}
	}
	return "", ""
}

// Todo is an entry of the work list: a key that somebody knows who should not, to be rotated at the portal.
type Todo struct {
	Account string // in the vault
	Name    string // of its clients
	Service string
	User    string
	Member  string // who knows it
	Device  string
	Since   time.Time // when they stopped being entitled
}

// Worklist is every key that has to be rotated, oldest first; only admins have one.
func (o *Office) Worklist() []Todo {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state == nil || o.state.Roster == nil {
		return nil
	}
	var list []Todo
	now := o.now()
	for _, id := range o.state.recordIDs() {
		r := o.state.Records[id]
		f := r.edits.fields()
		if f[fieldGone] != "" || len(r.private) == 0 {
			continue
		}
		// A machine that is only away has what its member may have.
		entitled := o.state.Roster.entitled(r.facts(id), false, now)
		print := fingerprint(f)
		for field, value := range r.private.fields() {
			device, ok := strings.CutPrefix(field, exposurePrefix)
			var k exposure
			if !ok || json.Unmarshal([]byte(value), &k) != nil || k.Key != print || slices.Contains(entitled, device) {
				continue
			}
			list = append(list, Todo{r.Local, nameOf(f), f[fieldService], f[fieldUser], k.Member, k.Device, k.At})
		}
	}
	slices.SortFunc(list, func(a, b Todo) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(a.Name+a.Device, b.Name+b.Device)
	})
	return list
}
