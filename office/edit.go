package office

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"kapu/seal"
)

// edit is an operation of the CRDT that a record is: which fields one person sets to which values. It is signed by the
// device it was made on and immutable; other devices carry it inside their bundles.
type edit struct {
	// Parents are the heads that its author had seen. Through them edits form a DAG, and an edit's ancestors are its
	// causal past; two edits of which neither is the other's ancestor are concurrent.
	Parents []string `json:"parents,omitempty"`
	Roster  int      `json:"roster"` // number of the newest that its author had
	By      string   `json:"by"`     // device
	Time    int64    `json:"time"`   // by its author's clock, milliseconds since 1970
	// Clock is a hybrid logical clock in milliseconds, which orders the edits of a record: the time, but always more than
	// that of its parents. So a machine whose clock is slow does not lose against what it has seen.
	Clock int64             `json:"clock"`
	Set   map[string]string `json:"set"` // field → value; "" removes a field
}

// signedEdit is an edit as it travels: its exact bytes with their signature.
type signedEdit struct {
	Body      json.RawMessage `json:"edit"`
	Signature []byte          `json:"signature"`

	edit *edit  // decoded Body
	id   string // truncated hash of Body
}

// The limits of an edit.
const (
	maxFields    = 2000                // of one record
	maxField     = 128                 // characters of a name
	maxValue     = 32 << 10            // bytes; a note has 5,000 characters
	maxParents   = 200                 // heads that one edit can name
	maxEditBytes = 1 << 20             // of its body
	maxTime      = 253_402_300_799_999 // the year 9999
	maxClock     = 1 << 52             // a number that every JSON reader keeps; steps enough for all edits after maxTime
)

// editContext is the domain separation of an edit's signature: office, part and record. The root of a record gives it
// its id, and so cannot name it.
func editContext(office, record string, private bool, root bool) string {
	part := "record"
	if private {
		part = "private"
	}
	if root {
		record = "new"
	}
	return "office/" + office + "/" + part + "/" + record
}

// signEdit encodes and signs an edit.
func signEdit(e *edit, context string, author *seal.Identity) (signedEdit, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return signedEdit{}, err
	}
	return signedEdit{body, author.Sign(context, body), e, short(body)}, nil
}

// parse decodes the body and checks its limits and that it is in canonical form; it does not verify the signature.
func (s *signedEdit) parse() error {
	if s.edit != nil {
		return nil
	}
	if len(s.Body) > maxEditBytes {
		return errors.New("an edit that is too large")
	}
	e := &edit{}
	if err := strict(s.Body, e); err != nil {
		return err
	}
	if again, err := json.Marshal(e); err != nil || string(again) != string(s.Body) {
		return errors.New("an edit in another form")
	}
	if len(e.Set) == 0 || len(e.Set) > maxFields || len(e.Parents) > maxParents || e.By == "" ||
		e.Time < 0 || e.Time > maxTime || e.Clock < e.Time || e.Clock > maxClock || e.Roster < 0 {
		return errors.New("an edit out of measure")
	}
	for name, value := range e.Set {
		if name == "" || len(name) > maxField || len(value) > maxValue {
			return errors.New("a field out of measure")
		}
	}
	s.edit, s.id = e, short(s.Body)
	return nil
}

// isRoot says whether an edit is the first of its record.
func (s *signedEdit) isRoot() bool { return len(s.edit.Parents) == 0 }

// edits are a set of edits of one record, by id: the CRDT's state. Merging is the union of two sets.
type edits map[string]*signedEdit

// ordered are the edits in their total order, which extends causality: by clock, then by id.
func (es edits) ordered() []*signedEdit {
	list := slices.Collect(maps.Values(es))
	slices.SortFunc(list, func(a, b *signedEdit) int { return compareEdits(a, b) })
	return list
}

func compareEdits(a, b *signedEdit) int {
	switch {
	case a.edit.Clock < b.edit.Clock:
		return -1
	case a.edit.Clock > b.edit.Clock:
		return 1
	case a.id < b.id:
		return -1
	case a.id > b.id:
		return 1
	}
	return 0
}

// heads are the edits that are no other's parent, in order.
func (es edits) heads() []string {
	seen := map[string]bool{}
	for _, e := range es {
		for _, p := range e.edit.Parents {
			seen[p] = true
		}
	}
	var heads []string
	for id := range es {
		if !seen[id] {
			heads = append(heads, id)
		}
	}
	slices.Sort(heads)
	return heads
}

// newestHeads are as many heads as an edit can name, those with the highest clocks. Whoever makes very many at once
// could keep everybody else from making any otherwise.
func (es edits) newestHeads() []string {
	heads := es.heads()
	if len(heads) <= maxParents {
		return heads
	}
	slices.SortFunc(heads, func(a, b string) int { return compareEdits(es[b], es[a]) })
	heads = heads[:maxParents]
	slices.Sort(heads)
	return heads
}

// latestClock is the highest clock of the set, or 0.
func (es edits) latestClock() int64 {
	var clock int64
	for _, e := range es {
		clock = max(clock, e.edit.Clock)
	}
	return clock
}

// fields are the merged value of the record: each field is a last-writer-wins register.
func (es edits) fields() map[string]string {
	return fieldsOf(es.ordered())
}

func fieldsOf(ordered []*signedEdit) map[string]string {
	f := map[string]string{}
	for _, e := range ordered {
		counter := f[fieldCounter]
		for name, value := range e.edit.Set {
			if value == "" {
				delete(f, name)
			} else {
				f[name] = value
			}
		}
		// The counter of a HOTP key is a grow-only register: of two who use a code at once both step it, and no code may
		// come twice.
		if _, renewed := e.edit.Set[fieldKey]; !renewed && isLess(f[fieldCounter], counter) {
			f[fieldCounter] = counter
		}
	}
	// A later edit overrides the tombstone: whoever removed the record did not know of it.
	if f[fieldGone] != "" {
		if last := ordered[len(ordered)-1]; last.edit.Set[fieldGone] == "" {
			delete(f, fieldGone)
		}
	}
	return f
}

func isLess(a, b string) bool {
	m, err1 := strconv.ParseUint(a, 10, 64)
	n, err2 := strconv.ParseUint(b, 10, 64)
	return err1 == nil && err2 == nil && m < n
}

// causalPast are the ancestors of an edit, in order; where some were pruned, all edits that are older in the total
// order.
func (es edits) causalPast(e *signedEdit) []*signedEdit {
	known := map[string]bool{}
	whole := true
	for road := slices.Clone(e.edit.Parents); len(road) > 0; {
		id := road[len(road)-1]
		road = road[:len(road)-1]
		if known[id] {
			continue
		}
		p := es[id]
		if p == nil {
			whole = false
			continue
		}
		known[id] = true
		road = append(road, p.edit.Parents...)
	}
	return slices.DeleteFunc(es.ordered(), func(o *signedEdit) bool {
		return !known[o.id] && (whole || compareEdits(o, e) >= 0)
	})
}

// How long history is retained after the newest edit, and of how many edits at least and at most.
const (
	keepHistory = 90 * 24 * time.Hour
	keepEdits   = 10
	keepMost    = 1000
)

// prune compacts the history: it drops edits that no longer decide a field and are old compared with the newest one. It
// is a function of the set alone, so replicas with the same edits keep the same ones, whatever their clocks say.
func (es edits) prune() {
	list := es.ordered()
	newest := time.UnixMilli(es.latestClock())
	last := map[string]string{} // field → edit that set it last
	for _, e := range list {
		for name := range e.edit.Set {
			last[name] = e.id
		}
	}
	counts := map[string]bool{}
	for _, id := range last {
		counts[id] = true
	}
	for i, e := range list {
		old := newest.Sub(time.UnixMilli(e.edit.Time)) > keepHistory
		if !counts[e.id] && (old && i < len(list)-keepEdits || i < len(list)-keepMost) {
			delete(es, e.id)
		}
	}
}
