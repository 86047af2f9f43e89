package exchange

import "kapu/lang"

// Fate is the outcome of an entry in an import.
type Fate string

// The fates of an entry. NewKey and Doubtful change nothing: they wait for the person's decision.
const (
	New      Fate = "new"      // a client and its account
	Merged   Fate = "merged"   // a further client of an account that is there already
	Same     Fate = "same"     // there already
	Renamed  Fate = "renamed"  // there already, under another name, which stays
	Changed  Fate = "changed"  // there already, but the file says something else
	Replaced Fate = "replaced" // there already, and has the file's key instead of the one that it had
	NewKey   Fate = "new-key"  // there already with another key: replace it, keep both, or leave it?
	Doubtful Fate = "doubtful" // hardly what is meant: taken only if the person says so
	Skipped  Fate = "skipped"  // left out though nothing is wrong with it
	Refused  Fate = "refused"  // cannot be taken in
)

// Fates are all of them, in the order in which they are told.
var Fates = []Fate{New, Merged, Same, Renamed, Changed, Replaced, NewKey, Doubtful, Skipped, Refused}

// Changes says whether an entry of this fate changes the vault.
func (f Fate) Changes() bool {
	switch f {
	case New, Merged, Changed, Replaced:
		return true
	}
	return false
}

// Told says whether a person is to be told of each entry of this fate, and not only of how many there are.
func (f Fate) Told() bool { return f != New && f != Same }

// Row is one line of a Report: an entry and its outcome.
type Row struct {
	Line      int         `json:"line"`
	File      string      `json:"file,omitempty"`
	Sheet     string      `json:"sheet,omitempty"`
	Name      string      `json:"name"`
	TaxNumber string      `json:"tax_number,omitempty"`
	Fate      Fate        `json:"fate"`
	Reason    *lang.Error `json:"reason,omitempty"`
	// Choices are the decisions that can be taken on it, whether one was or not; without one the entry is left out, or
	// keeps the name that it has here.
	Choices []Decision `json:"choices,omitempty"`
}

func (r Row) with(fate Fate, reason *lang.Error) Row {
	r.Fate, r.Reason = fate, reason
	return r
}

// Report is the outcome of an import: that of every entry. The counts hold every fate and add up to the number of rows.
type Report struct {
	Rows   []Row        `json:"rows"`
	Counts map[Fate]int `json:"counts"`
}

func newReport(rows int) Report {
	r := Report{Rows: make([]Row, 0, rows), Counts: make(map[Fate]int, len(Fates))}
	for _, f := range Fates {
		r.Counts[f] = 0
	}
	return r
}

func (r *Report) add(row Row) {
	r.Rows = append(r.Rows, row)
	r.Counts[row.Fate]++
}

// Taken is how many entries change the vault.
func (r *Report) Taken() (n int) {
	for f, count := range r.Counts {
		if f.Changes() {
			n += count
		}
	}
	return n
}

// Left is how many entries are not taken in though the person may have meant them: refused, or waiting for a decision.
func (r *Report) Left() int { return r.Counts[Refused] + r.Counts[NewKey] + r.Counts[Doubtful] }

// sentences says one sentence after the other; of none it is nil.
func sentences(all ...*lang.Error) *lang.Error {
	var said *lang.Error
	for _, s := range all {
		switch {
		case s == nil:
		case said == nil:
			said = s
		default:
			said = lang.E("import-sentences", "First", said, "Second", s)
		}
	}
	return said
}

// changedFields says which fields change; of none nothing.
func changedFields(fields []string) *lang.Error {
	if len(fields) == 0 {
		return nil
	}
	return lang.E("import-changed", "Fields", fieldList(fields))
}

// outdoneFields says which fields an earlier row has another value of; of none nothing.
func outdoneFields(fields []string) *lang.Error {
	if len(fields) == 0 {
		return nil
	}
	return lang.E("import-outdone", "Fields", fieldList(fields))
}

// fieldList names fields, one after the other.
func fieldList(fields []string) *lang.Error {
	var list *lang.Error
	for _, f := range fields {
		name := lang.E("import-field-" + f)
		if list == nil {
			list = name
		} else {
			list = lang.E("import-list", "First", list, "Second", name)
		}
	}
	return list
}
