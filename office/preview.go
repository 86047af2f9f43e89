package office

import "kapu/lang"

// KeysAfter counts the keys that the one member of an assignment knows: now, and once it holds. Nothing is decided. A
// key counts if a right makes the member a reader of it, whether or not their devices have asked for it yet.
func (o *Office) KeysAfter(a Assignment) (now, then int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return 0, 0, err
	}
	if o.state.Roster == nil || len(a.Members) != 1 || o.state.Roster.member(a.Members[0]) == nil {
		return 0, 0, lang.E("office-member-unknown", "Name", "?").Kind(ErrUnknown)
	}
	at := o.now()
	decided := o.state.Roster.clone()
	if _, err := a.apply(decided, at); err != nil {
		return 0, 0, err
	}
	later := at
	if a.From.After(at) {
		later = a.From
	}
	for id, r := range o.state.Records {
		if r.Applied == nil {
			continue
		}
		if o.state.Roster.right(a.Members[0], r.facts(id), at).Covers(Use) {
			now++
		}
		if decided.right(a.Members[0], r.facts(id), later).Covers(Use) {
			then++
		}
	}
	return now, then, nil
}
