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

// edit is one person's change of one record: which fields have which values from now on. It is signed by the device it
// was made on and stays as it is for ever; other devices carry it inside their envelopes.
type edit struct {
	// Parents are the edits that this one was made in sight of, and that no other of those it saw was made in sight of.
	Parents []string `json:"parents,omitempty"`
	Roster  int      `json:"roster"` // number of the one its author went by
	By      string   `json:"by"`     // device
	Time    int64    `json:"time"`   // by its author's clock, milliseconds since 1970
	// Clock orders the edits of a record: the time, but never less than that of an edit it was made in sight of. So a
	// machine whose clock is slow does not lose against what it has seen.
	Clock int64             `json:"clock"`
	Set   map[string]string `json:"set"` // "" takes a field away
}

// signedEdit is an edit as it travels.
type signedEdit struct {
	Body      json.RawMessage `json:"edit"`
	Signature []byte          `json:"signature"`

	edit *edit  // what Body says
	id   string // hash of Body
}

// The limits of an edit.
const (
	maxFields    = 2000     // of one record
	maxField     = 128      // characters of a name
	maxValue     = 32 << 10 // bytes; a note has 5,000 characters
	maxParents   = 200
	maxEditBytes = 1 << 20
	maxTime      = 253_402_300_799_999 // the year 9999
	maxClock     = 1 << 52             // a number that every JSON reader keeps; steps enough for all edits after maxTime
)

// editContext is what an edit is signed for: the first edit of a record gives it its id, and so cannot name it.
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

func signEdit(e *edit, context string, author *seal.Identity) (signedEdit, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return signedEdit{}, err
	}
	return signedEdit{body, author.Sign(context, body), e, short(body)}, nil
}

// parse reads the body; the signature is another matter.
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

// isRoot says that an edit begins a record.
func (s *signedEdit) isRoot() bool { return len(s.edit.Parents) == 0 }

// edits are a record's, by id.
type edits map[string]*signedEdit

// ordered are the edits in the order that counts: by clock, then by id.
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

// heads are the edits that no other was made in sight of.
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

// newestHeads are as many heads as an edit can name, those with the highest clocks. Who makes very many at once could
// keep everybody else from making any.
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

// newest is the highest clock.
func (es edits) newest() int64 {
	var clock int64
	for _, e := range es {
		clock = max(clock, e.edit.Clock)
	}
	return clock
}

// fields are what the edits make of the record: of each field the value that was set last.
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
		// Two who take a code of a counting key at once both step the counter: no code may come twice.
		if _, renewed := e.edit.Set[fieldKey]; !renewed && isLess(f[fieldCounter], counter) {
			f[fieldCounter] = counter
		}
	}
	// Whoever removed a record did not know of what was changed later: then it is still wanted.
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

// before are the edits that one was made in sight of, in order; where the road back is lost in what was pruned, all
// that are older.
func (es edits) before(e *signedEdit) []*signedEdit {
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

// History is kept for so long, and of it at least and at most so many edits.
const (
	keepHistory = 90 * 24 * time.Hour
	keepEdits   = 10
	keepMost    = 1000
)

// prune lets go of edits that say nothing any more and are old beside the newest: all who have the same edits keep the
// same ones, whatever their clocks say.
func (es edits) prune() {
	list := es.ordered()
	newest := time.UnixMilli(es.newest())
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
