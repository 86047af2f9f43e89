package office

import (
	"errors"

	"kapu/lang"
)

// trouble collects the errors of single objects in one pass. Such a file may belong to somebody else, or be only
// online; it is tried again with each pass, and everything else goes on meanwhile.
type trouble struct {
	name string // the first object
	err  error  // its error
	more int    // how many others there were
	row  int    // errors without a success between them
}

// maxTrouble is after how many errors in a row it is the store that is out of reach, and the pass ends.
const maxTrouble = 16

// goesOn notes the error of an object, and says whether the pass goes on with others.
func (t *trouble) goesOn(name string, err error) bool {
	if t.err == nil {
		t.name, t.err = name, err
	} else {
		t.more++
	}
	t.row++
	return t.row < maxTrouble
}

// over notes a success.
func (t *trouble) over() { t.row = 0 }

// sentence is the error about all of them, or nil.
func (t *trouble) sentence() error {
	if t.err == nil {
		return nil
	}
	reason := t.err
	if said, ok := errors.AsType[*lang.Error](reason); ok && said.Unwrap() != nil {
		reason = said.Unwrap() // without what it says of the whole store
	}
	return lang.E("office-trouble", "Name", t.name, "More", t.more, "Reason", reason)
}
