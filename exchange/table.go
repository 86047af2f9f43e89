package exchange

import (
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"kapu/lang"
	"kapu/vault"
)

// row is a record of a table, with its line or number in the file.
type row struct {
	line  int
	cells []string
}

func (r row) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return bareCell(r.cells[column])
}

// table is one sheet with its schema: which column holds which field.
type table struct {
	dialect
	rows    []row // those below the header
	top     row   // the header
	epoch   time.Time
	columns map[field]int
	persons []int // the columns that say whose account it is
	leftOut []int // those with something in them that is not taken in
	secret  []int // those of passwords
	orders  map[field]dayOrder
}

// read makes entries of a sheet's rows. The first of them name the columns that were left out.
func (d dialect) read(rows []row, epoch time.Time) ([]Entry, error) {
	h := d.header(rows)
	if !h.key {
		return nil, d.noKey(rows, h)
	}
	t := &table{
		dialect: d, rows: rows[h.at+1:], top: rows[h.at], epoch: epoch,
		columns: map[field]int{}, orders: map[field]dayOrder{},
	}
	t.assign(h.fields)
	t.learnDays(mandateField)
	t.learnDays(passwordUntilField)
	entries := make([]Entry, 0, len(t.rows))
	entries = append(entries, t.unread(t.leftOut, lang.E("table-columns"))...)
	if !d.program { // a program's export always has them
		entries = append(entries, t.unread(t.secret, lang.E("table-password"))...)
	}
	for _, r := range t.rows {
		if t.empty(r) {
			continue
		}
		if len(entries) == maxEntries {
			return nil, tooMany()
		}
		e := Entry{Line: r.line}
		err := t.readRow(&e, r)
		if err == nil && e.Skip == nil {
			err = e.fit()
		}
		if err != nil {
			e.Name = hidden(e.Name)
			e.refused(err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// noKey says what a table has instead of a column of keys. It repeats headings only: what stands in a table
// without any may be the keys.
func (d dialect) noKey(rows []row, h header) error {
	if h.known == 0 {
		return lang.E("table-no-header")
	}
	var found, understood []string
	for i, f := range h.fields {
		if heading := heading(rows[h.at], i); f != unknownField {
			understood = append(understood, heading)
		} else if strings.TrimSpace(rows[h.at].cell(i)) != "" {
			found = append(found, heading)
		}
	}
	if len(found) == 0 {
		return lang.E("table-no-key", "Understood", strings.Join(understood, ", "))
	}
	return lang.E("table-no-key-found", "Understood", strings.Join(understood, ", "), "Found", strings.Join(found, ", "))
}

// heading names a column: by the letter that a spreadsheet gives it if it has no heading.
func heading(top row, column int) string {
	if s := hidden(top.cell(column)); s != "" {
		return shorten(s, 40)
	}
	letter, _ := excelize.ColumnNumberToName(column + 1)
	return letter
}

// assign gives each column its field. Of two columns of one meaning the first counts.
func (t *table) assign(fields []field) {
	width := len(fields)
	for _, r := range t.rows {
		width = max(width, len(r.cells))
	}
	filled := make([]bool, width)
	for _, r := range t.rows {
		for i := range r.cells {
			filled[i] = filled[i] || strings.TrimSpace(r.cells[i]) != ""
		}
	}
	named := slices.Contains(fields, nameField)
	for i := range width {
		f := unknownField
		if i < len(fields) {
			f = fields[i]
		}
		if f == personField && !named {
			f, named = nameField, true
		}
		_, twice := t.columns[f]
		switch {
		case f == ignoredField || !filled[i]:
		case f == passwordField:
			t.secret = append(t.secret, i)
		case f == personField || f == ownerField:
			t.persons = append(t.persons, i)
		case f == unknownField || twice:
			t.leftOut = append(t.leftOut, i)
		default:
			t.columns[f] = i
		}
	}
}

// unread accounts for columns that are not taken in.
func (t *table) unread(columns []int, why *lang.Error) []Entry {
	if len(columns) == 0 {
		return nil
	}
	var names []string
	for _, i := range columns {
		names = append(names, heading(t.top, i))
	}
	return []Entry{{Line: t.top.line, Name: strings.Join(names, ", "), Skip: why}}
}

// empty says whether a row is one that people leave between others, at most with a number in front.
func (t *table) empty(r row) bool {
	for _, i := range t.columns {
		if r.cell(i) != "" {
			return false
		}
	}
	for _, i := range slices.Concat(t.persons, t.leftOut, t.secret) {
		if r.cell(i) != "" {
			return false
		}
	}
	return true
}

func (t *table) text(r row, f field) string {
	i, ok := t.columns[f]
	if !ok {
		return ""
	}
	return r.cell(i)
}

// readRow fills an entry from a row's cells. The name is read first: it stands in the report whatever comes after.
func (t *table) readRow(e *Entry, r row) error {
	e.Name = withoutSecret(vault.CleanText(t.text(r, nameField)))
	for _, i := range t.columns {
		if s := r.cell(i); formulaError.MatchString(s) {
			return lang.E("table-formula", "Value", s, "Column", heading(t.top, i))
		}
	}
	text := t.text(r, keyField)
	if text == "" && t.program {
		e.Skip = lang.E("table-no-code")
		return nil
	}
	key, err := readCode(text)
	if err != nil {
		return err
	}
	e.Key, e.Stated = key.Key, key.Stated
	if e.Name == "" {
		e.Name = key.Name
	}
	if e.Service = t.text(r, serviceField); e.Service == "" && lang.Fold(key.Service) != lang.Fold(e.Name) {
		e.Service = key.Service // a program without a place for the service writes the title there
	}
	e.Folder, e.UserName = t.text(r, folderField), t.text(r, userField)
	e.Favourite = yes[lang.Fold(t.text(r, favouriteField))]
	e.Note = t.note(r, e.Name)
	if e.TaxNumber, err = taxNumber(t.text(r, taxField)); err != nil {
		return err
	}
	if e.DeletionCode, err = wholeNumber(t.text(r, deletionField), "deletion-code"); err != nil {
		return err
	}
	if e.MandateUntil, err = t.orders[mandateField].day(t.text(r, mandateField), t.epoch); err != nil {
		return err
	}
	e.PasswordUntil, err = t.orders[passwordUntilField].day(t.text(r, passwordUntilField), t.epoch)
	return err
}

// note puts whose account it is above what was noted: the vault has no other place for it.
func (t *table) note(r row, name string) string {
	var lines []string
	for _, i := range t.persons {
		if s := vault.CleanText(r.cell(i)); s != "" && s != name {
			lines = append(lines, heading(t.top, i)+": "+s)
		}
	}
	return strings.Join(append(lines, t.text(r, noteField)), "\n")
}

func (t *table) learnDays(f field) {
	var order dayOrder
	for _, r := range t.rows {
		order.learn(t.text(r, f))
	}
	t.orders[f] = order
}
