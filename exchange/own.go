package exchange

import (
	"strings"
	"unsafe"

	"kapu/lang"
)

// textOf is the content of a file as a string, without a copy: what was read of a file is never written to.
func textOf(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }

// own makes an entry's texts its own, no longer pieces of the file's, which could then not be freed; and says how many
// bytes they have.
func (e *Entry) own() (bytes int) {
	clone := func(s *string) {
		*s = strings.Clone(*s)
		bytes += len(*s)
	}
	for _, s := range [...]*string{
		&e.File, &e.Sheet, &e.Name, &e.TaxNumber, &e.Folder, &e.Service, &e.UserName, &e.Key.Secret, &e.Key.Algorithm,
		&e.DeletionCode, &e.Note, &e.MandateUntil, &e.PasswordUntil, (*string)(&e.Key.Kind),
	} {
		clone(s)
	}
	if e.Share != nil {
		e.Share.part.Text = strings.Clone(e.Share.part.Text)
	}
	for _, said := range [...]*lang.Error{e.Warn, e.Doubt, e.Skip, e.Refuse} {
		ownSentence(said, clone)
	}
	return bytes
}

// size is how many bytes an entry's texts have.
func (e *Entry) size() int {
	return len(e.Name) + len(e.TaxNumber) + len(e.Folder) + len(e.Service) + len(e.UserName) + len(e.Note)
}

// ownColumns is own for columns.
func ownColumns(columns []Column) []Column {
	for i := range columns {
		c := &columns[i]
		c.Sheet, c.Heading, c.Example = strings.Clone(c.Sheet), strings.Clone(c.Heading), strings.Clone(c.Example)
	}
	return columns
}

// Size is how many bytes of memory entries take, each of which has its texts for itself.
func Size(entries []Entry) (bytes int) {
	for i := range entries {
		bytes += int(unsafe.Sizeof(Entry{})) + entries[i].size()
	}
	return bytes
}

// ownSentence is own for what a sentence repeats of the file.
func ownSentence(said *lang.Error, clone func(*string)) {
	if said == nil {
		return
	}
	for name, value := range said.Values {
		switch value := value.(type) {
		case string:
			clone(&value)
			said.Values[name] = value
		case *lang.Error:
			ownSentence(value, clone)
		}
	}
}
