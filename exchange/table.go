package exchange

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kapu/lang"
	"kapu/vault"
)

// row is a record of a table, with its line or number in the file.
type row struct {
	line     int
	cells    []string
	hidden   bool
	unstored []int // the columns with a formula of which no result is stored
}

func (r row) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return bareCell(r.cells[column])
}

// table is one sheet with its schema: which column holds which field.
type table struct {
	ReadOptions
	header
	program  bool // its rows without a key are passwords
	sheet    string
	rows     []row    // those below the header
	top      row      // the header
	headings []string // what heading has found
	epoch    time.Time
	columns  [fieldCount]int // the place of each field, -1 of none
	persons  []int           // the columns that say whose account it is
	extra    []int           // those that are kept in the note under their headings
	leftOut  []int           // those with something in them that is not taken in
	secret   []int           // those of passwords
	orders   map[field]dayOrder
}

// read makes entries of a sheet's rows. The first of them name the columns that were left out.
func (d dialect) read(rows []row, epoch time.Time, sheet string, o ReadOptions) ([]Entry, error) {
	chosen := chosenOf(o.Columns, sheet)
	h := d.header(rows, chosen)
	if !d.program {
		h.choose(rows, chosen)
		h.guess(rows)
	}
	t := &table{program: d.program, ReadOptions: o, header: h, sheet: sheet, rows: rows[h.at+1:], epoch: epoch, orders: map[field]dayOrder{}}
	if t.top = (row{line: 1}); h.at >= 0 {
		t.top = rows[h.at]
	} else if len(rows) > 0 {
		t.top.line = rows[0].line
	}
	t.assign()
	if o.Understood != nil && !d.program {
		o.Understood(ownColumns(t.understood()))
	}
	switch {
	case !h.key:
		return nil, t.noKey()
	case !d.program && t.filled() == 0:
		return nil, lang.E("table-no-rows")
	case !d.program && t.nameless():
		return nil, t.noName()
	}
	t.learnDays(mandateField)
	t.learnDays(passwordUntilField)
	if len(t.rows) > maxEntries && t.filled() > maxEntries { // before room is made for them
		return nil, tooMany()
	}
	entries := make([]Entry, 0, len(t.rows))
	entries = append(entries, t.unread(t.leftOut, lang.E("table-columns"))...)
	if !d.program { // a program's export always has them
		entries = append(entries, t.unread(t.secret, lang.E("table-password"))...)
	}
	text := 0 // a cell may be there thousands of times, as a shared or a merged one
	for _, r := range t.rows {
		if t.empty(r) {
			continue
		}
		if len(entries) == maxEntries+2 { // with those of the columns
			return nil, tooMany()
		}
		if err := t.Budget.err(); err != nil {
			return nil, err
		}
		e := t.entry(r)
		if text += e.size(); text > maxKept {
			return nil, t.Budget.keep(text)
		}
		entries = append(entries, e)
	}
	for i := range entries {
		entries[i].Sheet = sheet
	}
	return entries, nil
}

// filled counts the rows that are not empty.
func (t *table) filled() (n int) {
	for _, r := range t.rows {
		if !t.empty(r) {
			n++
		}
	}
	return n
}

// entry reads a row.
func (t *table) entry(r row) Entry {
	e := Entry{Line: r.line}
	if r.hidden && !t.Hidden {
		e.Name, e.Skip = hidden(t.text(r, nameField)), lang.E("table-hidden-row")
		return e
	}
	err := t.readRow(&e, r)
	if err == nil && e.Skip == nil {
		t.fitSides(&e)
		if err = e.fit(); err != nil && isRemark(t.text(r, keyField)) {
			err = lang.E("table-remark")
		}
	}
	if err != nil {
		e.Name = hidden(e.Name)
		e.refused(err)
	}
	return e
}

// isRemark says whether what stands in the place of a key is hardly meant as one: "telefonon", "ld. fent", "???". To
// say how many characters are missing would lead nowhere.
func isRemark(s string) bool {
	return s != "" && len(s) < maxHeading && written(s) < portalKey && !strings.ContainsAny(s, "234567")
}

// noKey says what a table has instead of a column of keys.
func (t *table) noKey() error {
	if t.known == 0 {
		return lang.E("table-no-header")
	}
	understood, found := t.told()
	if found == "" {
		return lang.E("table-no-key", "Understood", understood)
	}
	return lang.E("table-no-key-found", "Understood", understood, "Found", found)
}

// noName is noKey for the names.
func (t *table) noName() error {
	understood, found := t.told()
	if found == "" {
		return lang.E("table-no-name", "Understood", understood)
	}
	return lang.E("table-no-name-found", "Understood", understood, "Found", found)
}

// told lists the headings that are understood and those that are not. What stands in a table without any is not
// repeated: it may be the keys.
func (t *table) told() (understood, not string) {
	var known, unknown []string
	for i, f := range t.fields {
		if f != unknownField && t.by[i] != ByContent {
			known = append(known, t.heading(i))
		} else if t.top.cell(i) != "" {
			unknown = append(unknown, t.heading(i))
		}
	}
	return strings.Join(known, ", "), strings.Join(unknown, ", ")
}

// heading names a column: by the letter that a spreadsheet gives it if it has no heading.
func (t *table) heading(column int) string {
	for i := len(t.headings); i <= column; i++ {
		s := shorten(hidden(t.top.cell(i)), 40)
		if s == "" {
			s = columnLetters(i)
		}
		t.headings = append(t.headings, s)
	}
	return t.headings[column]
}

// assign gives each column its field. Of two columns of one meaning the first counts, but for what the person says.
func (t *table) assign() {
	width := len(t.fields)
	for _, r := range t.rows {
		width = max(width, len(r.cells))
	}
	t.widen(width)
	filled := t.filledColumns()
	for f := range t.columns {
		t.columns[f] = -1
	}
	for i, f := range t.fields {
		if t.by[i] == ByPerson && f >= nameField && f != noteField && t.columns[f] < 0 {
			t.columns[f] = i
		}
	}
	named := slices.Contains(t.fields, nameField)
	for i, f := range t.fields {
		if f == personField && !named {
			f, named = nameField, true
		}
		switch {
		case f == ignoredField || !filled[i] || t.columns[f] == i:
		case f == passwordField:
			t.secret = append(t.secret, i)
		case f == personField || f == ownerField:
			t.persons = append(t.persons, i)
		case f == unknownField || f == otherField || t.columns[f] >= 0:
			// A key is never put into a note, where it would be shown.
			if f == keyField || t.program || t.top.cell(i) == "" || t.holdsKeys(i) {
				t.leftOut = append(t.leftOut, i)
			} else {
				t.extra = append(t.extra, i)
			}
		default:
			t.columns[f] = i
		}
	}
}

// filledColumns says in which columns there is something.
func (t *table) filledColumns() []bool {
	filled := make([]bool, len(t.fields))
	for _, r := range t.rows {
		for i := range r.cells {
			filled[i] = filled[i] || strings.TrimSpace(r.cells[i]) != ""
		}
		for _, i := range r.unstored {
			if i < len(filled) { // else it has no heading and no cell of any row
				filled[i] = true
			}
		}
	}
	return filled
}

// holdsKeys says whether most of what stands in a column may be keys.
func (t *table) holdsKeys(column int) bool {
	s := statisticsOf(t.rows, column)
	return s.keys*2 > s.filled
}

// nameless says whether no row can have a name: there is no column of them, nor keys that say whose they are.
func (t *table) nameless() bool {
	return t.columns[nameField] < 0 && !slices.ContainsFunc(t.rows, func(r row) bool {
		return strings.Contains(t.text(r, keyField), "://")
	})
}

// understood describes the columns for the person.
func (t *table) understood() []Column {
	fields := map[int]string{}
	for f, i := range t.columns {
		if i >= 0 {
			fields[i] = fieldNames[f]
		}
	}
	for _, i := range slices.Concat(t.persons, t.extra) {
		fields[i] = "note"
	}
	for _, i := range slices.Concat(t.leftOut, t.secret) {
		fields[i] = ""
	}
	var all []Column
	for i, f := range t.fields {
		name, filled := fields[i]
		if !filled {
			name = fieldNames[f]
		}
		if !filled && f == unknownField && t.top.cell(i) == "" {
			continue // there is nothing to be told of
		}
		c := Column{Sheet: t.sheet, Letters: columnLetters(i), Heading: hidden(t.top.cell(i)), Field: name, By: t.by[i]}
		if c.Heading == "" {
			c.Heading, c.Example = c.Letters, t.example(i)
		}
		if c.By == "" && (f == unknownField || c.Heading == c.Letters) {
			c.By = ByNothing
		}
		all = append(all, c)
	}
	return all
}

// example is the first text of a column that can be shown: a word, a name, a tax number. What is longer or mixed may be
// a key or a password.
func (t *table) example(column int) string {
	for _, r := range t.rows[:min(len(t.rows), sample)] {
		text := vault.CleanText(r.cell(column))
		word := len(text) < portalKey && text != "" && !strings.ContainsFunc(text, notLetter)
		words := isWords(text) && strings.Contains(text, " ") && strings.IndexFunc(text, unicode.IsLower) >= 0
		if (word || words || elevenDigits().MatchString(text)) && hidden(text) == text && !mayBeKey(text) {
			return shorten(text, 30)
		}
	}
	return ""
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// unread accounts for columns that are not taken in.
func (t *table) unread(columns []int, why *lang.Error) []Entry {
	if len(columns) == 0 {
		return nil
	}
	var names []string
	for _, i := range columns {
		names = append(names, t.heading(i))
	}
	return []Entry{{Line: t.top.line, Name: strings.Join(names, ", "), Skip: why}}
}

// empty says whether a row is one that people leave between others, at most with a number in front, or with a formula
// that they have copied further down than there are clients.
func (t *table) empty(r row) bool {
	for _, i := range t.columns {
		if r.cell(i) != "" {
			return false
		}
	}
	for _, columns := range [][]int{t.persons, t.extra, t.leftOut, t.secret} {
		for _, i := range columns {
			if r.cell(i) != "" {
				return false
			}
		}
	}
	return !slices.Contains(r.unstored, t.columns[nameField]) && !slices.Contains(r.unstored, t.columns[keyField])
}

func (t *table) text(r row, f field) string { return r.cell(t.columns[f]) }

// readRow reads a row's cells. The name is read first: it stands in the report whatever comes after. Without a name and
// a key there is no client; whatever else cannot be read is said, and the client is taken.
func (t *table) readRow(e *Entry, r row) error {
	e.Name = withoutSecret(vault.CleanText(t.text(r, nameField)))
	for _, f := range []field{nameField, keyField} {
		if why := t.broken(r, f); why != nil {
			return why
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
	if !strings.Contains(text, "://") && !hasPrefixFold(text, "key=") {
		if err := t.parameters(e, r); err != nil {
			return err
		}
	}
	if e.Name == "" {
		e.Name = key.Name
	}
	if e.Service = t.side(e, r, serviceField); e.Service == "" && lang.Fold(key.Service) != lang.Fold(e.Name) {
		e.Service = key.Service // a program without a place for the service writes the title there
	}
	e.Folder, e.UserName = t.side(e, r, folderField), t.side(e, r, userField)
	e.Favourite = yes[lang.Fold(t.side(e, r, favouriteField))]
	var lost []string // what goes into the note because it has no other place
	if e.TaxNumber, err = taxNumber(t.side(e, r, taxField)); err != nil {
		e.warn(sentence(err))
		e.TaxNumber = ""
	}
	if e.DeletionCode, err = wholeNumber(t.side(e, r, deletionField), "deletion-code"); err != nil {
		e.warn(sentence(err))
		e.DeletionCode = ""
	}
	e.MandateUntil = t.day(e, r, mandateField, &lost)
	e.PasswordUntil = t.day(e, r, passwordUntilField, &lost)
	e.Note = t.note(e, r, lost)
	return nil
}

// broken says why a cell has no value: its formula went wrong, or the program that wrote the file has not computed it.
func (t *table) broken(r row, f field) *lang.Error {
	i := t.columns[f]
	if i < 0 {
		return nil
	}
	if s := r.cell(i); len(s) < 12 && formulaError().MatchString(s) {
		return lang.E("table-formula", "Value", s, "Column", t.heading(i))
	}
	if slices.Contains(r.unstored, i) {
		return lang.E("table-formula-empty", "Cell", columnLetters(i)+strconv.Itoa(r.line), "Column", t.heading(i))
	}
	return nil
}

// side is the text of a field that a client can do without.
func (t *table) side(e *Entry, r row, f field) string {
	if why := t.broken(r, f); why != nil {
		e.warn(why)
		return ""
	}
	return t.text(r, f)
}

// parameters reads how codes are made, where that stands in columns of its own. A wrong one makes wrong codes, so it is
// refused.
func (t *table) parameters(e *Entry, r row) error {
	for _, p := range [...]struct {
		of field
		to *int
	}{{digitsField, &e.Key.Digits}, {periodField, &e.Key.Period}} {
		text, _, _ := strings.Cut(t.text(r, p.of), " ") // "30 mp"
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimRight(text, "s.,"))
		if err != nil {
			return lang.E("import-number", "Name", fieldNames[p.of])
		}
		*p.to = n
	}
	e.Stated.Digits = e.Stated.Digits || t.text(r, digitsField) != ""
	e.Stated.Period = e.Stated.Period || t.text(r, periodField) != ""
	if text := t.text(r, algorithmField); text != "" {
		e.Key.Algorithm, e.Stated.Algorithm = parameters{"algorithm": text}.algorithm(), true
	}
	return nil
}

// day reads a date. What is none is said, and kept in the note.
func (t *table) day(e *Entry, r row, f field, lost *[]string) string {
	text := t.side(e, r, f)
	day, err := t.orders[f].day(text, t.epoch)
	switch {
	case err == nil && day == vault.Indefinite && f == passwordUntilField:
		return "" // a password of which no last day is kept
	case err == nil:
		return day
	}
	e.warn(lang.E("table-date", "Column", t.heading(t.columns[f]), "Reason", sentence(err)))
	if text = vault.CleanText(text); hidden(text) == text {
		*lost = append(*lost, t.heading(t.columns[f])+": "+text)
	}
	return ""
}

// note puts whose account it is above what was noted, and what has no other place below it.
func (t *table) note(e *Entry, r row, lost []string) string {
	var lines []string
	for _, i := range t.persons {
		if s := vault.CleanText(r.cell(i)); s != "" && s != e.Name {
			lines = append(lines, t.heading(i)+": "+s)
		}
	}
	lines = append(lines, t.side(e, r, noteField))
	for _, i := range t.extra {
		switch s := vault.CleanText(r.cell(i)); {
		case s == "" || len(s) < 12 && formulaError().MatchString(s):
		case mayBeKey(s) || isURI(s):
			e.warn(lang.E("table-key-elsewhere", "Column", t.heading(i)))
		default:
			lines = append(lines, t.heading(i)+": "+s)
		}
	}
	return strings.Join(slices.DeleteFunc(append(lines, lost...), func(s string) bool { return s == "" }), "\n")
}

// fitSides cuts what is too long for the vault, and says so: a pasted page in a side field is no reason to lose a
// client.
func (t *table) fitSides(e *Entry) {
	for _, s := range [...]struct {
		of field
		to *string
	}{{taxField, &e.TaxNumber}, {folderField, &e.Folder}, {serviceField, &e.Service}, {userField, &e.UserName}, {deletionField, &e.DeletionCode}} {
		if len(*s.to) <= vault.MaxName {
			continue
		}
		text := vault.CleanText(*s.to)
		n := utf8.RuneCountInString(text)
		if n <= vault.MaxName {
			continue
		}
		e.warn(lang.E("table-long", "Column", t.heading(max(0, t.columns[s.of])), "Length", n, "Most", vault.MaxName))
		if *s.to = ""; s.of == folderField {
			*s.to = shorten(text, vault.MaxName)
		}
	}
	if len(e.Note) <= vault.MaxNote {
		return
	}
	if note := cleanNote(e.Note); utf8.RuneCountInString(note) > vault.MaxNote {
		e.warn(lang.E("table-long", "Column", lang.E("import-field-note"), "Length", utf8.RuneCountInString(note), "Most", vault.MaxNote))
		e.Note = shorten(note, vault.MaxNote)
	}
}

func (t *table) learnDays(f field) {
	if t.columns[f] < 0 {
		return
	}
	var order dayOrder
	for _, r := range t.rows {
		order.learn(t.text(r, f))
	}
	t.orders[f] = order
}
