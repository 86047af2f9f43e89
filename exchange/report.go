package exchange

import "kapu/lang"

// Fate is the outcome of an entry in an import.
type Fate string

// The fates of an entry.
const (
	New     Fate = "new"     // a client and its account
	Merged  Fate = "merged"  // a further client of an account that is there already
	Same    Fate = "same"    // there already
	Changed Fate = "changed" // there already, but the file says something else
	Skipped Fate = "skipped" // left out though nothing is wrong with it
	Refused Fate = "refused" // cannot be taken in
)

// Row is one line of a Report: an entry and its outcome.
type Row struct {
	Line   int         `json:"line"`
	File   string      `json:"file,omitempty"`
	Name   string      `json:"name"`
	Fate   Fate        `json:"fate"`
	Reason *lang.Error `json:"reason,omitempty"`
}

// Report is the outcome of an import: that of every entry. The counts hold every fate and add up to the number of rows.
type Report struct {
	Rows   []Row        `json:"rows"`
	Counts map[Fate]int `json:"counts"`
}

func newReport(rows int) Report {
	return Report{
		Rows:   make([]Row, 0, rows),
		Counts: map[Fate]int{New: 0, Merged: 0, Same: 0, Changed: 0, Skipped: 0, Refused: 0},
	}
}

func (r *Report) add(row Row) {
	r.Rows = append(r.Rows, row)
	r.Counts[row.Fate]++
}

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
