package exchange

import (
	"slices"
	"strings"

	"kapu/lang"
)

// office's own tables as text: what a spreadsheet saves as "CSV" in whichever country, and what is copied out of one.
type csv struct{}

func (csv) Name() string { return "CSV" }

// Detect takes for a table what has a header that is understood, or columns of which one holds keys. One without a
// column of keys may be a list with a title; a table whose first line is understood in part is one, so that the person
// is told what it lacks.
func (csv) Detect(data []byte) bool {
	text, _ := judged(beginning(data, detected)).all()
	if first := strings.TrimSpace(text[:min(len(text), 100)]); first != "" && strings.ContainsRune("{[<", rune(first[0])) || hasControls(text) {
		return false // another program's file, of a kind or in a state that its reader does not know
	}
	sep, h := separator(text, nil)
	switch {
	case h.key && h.known > 1:
		return true
	case isList(text):
		return h.key && h.known > 0
	}
	return h.key || h.known > 1 || isEven(text, sep)
}

// detected is how much of a file is looked at to tell whether it is a table.
const detected = 1 << 16

// beginning is the first so many bytes of a file, an even number.
func beginning(data []byte, most int) []byte {
	if len(data) <= most {
		return data
	}
	return data[:most&^1]
}

// hasControls says whether there are control characters that no table has. DOS ends a text with 0x1a.
func hasControls(s string) bool {
	return strings.ContainsFunc(strings.TrimRight(s, "\x1a"), func(r rune) bool { return r < ' ' && (r < '\t' || r > '\r') })
}

// isEven says whether all rows of the beginning have as many cells, two at least, and there are two rows at least.
func isEven(text string, sep byte) bool {
	const enough = 1 << 12
	rows := split(strings.TrimRight(text[:min(len(text), enough)], "\r\n"), sep)
	if len(text) > enough {
		rows = rows[:len(rows)-1] // is cut off
	}
	return len(rows) > 1 && len(rows[0].cells) > 1 &&
		!slices.ContainsFunc(rows, func(r row) bool { return len(r.cells) != len(rows[0].cells) })
}

func (csv) encoding(data []byte) string { return judged(data).name() }

func (csv) Read(data []byte, o ReadOptions) ([]Entry, error) {
	encoded := judged(data)
	text, other := encoded.all()
	sep, _ := separator(text[:min(len(text), detected)], chosenOf(o.Columns, ""))
	rows, err := cutRows(text, sep, o.Budget)
	if err != nil {
		return nil, err
	}
	entries, err := office.read(rows, since1900, "", o)
	if err == nil && other != "" {
		warnOfLetters(entries, rows, split(other, sep))
	}
	return entries, err
}

// warnOfLetters says of each entry that has letters which may just as well be others what they would be.
func warnOfLetters(entries []Entry, rows, others []row) {
	differ := map[int][2]string{}
	for i := range min(len(rows), len(others)) {
		for j, cell := range rows[i].cells {
			if j < len(others[i].cells) && others[i].cells[j] != cell && hidden(cell) == cell {
				differ[rows[i].line] = [2]string{shorten(cell, 60), shorten(others[i].cells[j], 60)}
				break
			}
		}
	}
	for i := range entries {
		if two, ok := differ[entries[i].Line]; ok && entries[i].Refuse == nil {
			entries[i].warn(lang.E("table-letters", "Taken", two[0], "Other", two[1]))
		}
	}
}

// separator finds what separates the columns: that by which most of a header is understood, or else by which there is a
// column of keys, or else by which all rows have as many.
func separator(text string, chosen chosen) (best byte, found header) {
	start := text[:min(len(text), detected)]
	for _, sep := range []byte(";,\t|") {
		rows := split(start, sep)
		h := office.header(rows, chosen)
		h.guess(rows)
		switch {
		case best == 0, h.key && !found.key, h.key == found.key && h.known > found.known,
			h.key == found.key && h.known == 0 && found.known == 0 && !isEven(start, best) && isEven(start, sep):
			best, found = sep, h
		}
	}
	return best, found
}

// readText is read of a table as text.
func (d dialect) readText(text string, sep byte, o ReadOptions) ([]Entry, error) {
	rows, err := cutRows(text, sep, o.Budget)
	if err != nil {
		return nil, err
	}
	return d.read(rows, since1900, "", ReadOptions{Budget: o.Budget})
}

// cutRows is split, unless the text has far more cells than a list of clients needs.
func cutRows(text string, sep byte, b *Budget) ([]row, error) {
	rows := split(strings.TrimRight(text, "\x1a"), sep)
	cells := len(rows) * rowCost
	for _, r := range rows {
		cells += len(r.cells)
	}
	return rows, b.spend(cells)
}

// split cuts a text into rows, up to the first cell that is too many. It does not use encoding/csv: there, one
// quotation mark too many fails the whole file or, worse, swallows the rows up to the next one. Here a cell is quoted
// only if its quotes match; else they are part of it.
func split(text string, sep byte) []row {
	var rows []row
	for line, at, cells := 1, 0, 0; at < len(text) && cells <= maxCells; {
		r := row{line: line}
		for end := false; !end && cells <= maxCells; cells++ {
			var cell string
			var lines int
			cell, lines, at, end = nextCell(text, at, sep)
			r.cells = append(r.cells, cell)
			line += lines
		}
		rows = append(rows, r)
		cells += rowCost
		line++
	}
	return rows
}

// nextCell reads the cell at a place: its text, the line ends within it, where it ends, and whether its row does.
func nextCell(text string, at int, sep byte) (cell string, lines, next int, last bool) {
	cell, end, ok := quoted(text, at, sep)
	if !ok {
		end = len(text)
		if i := strings.IndexAny(text[at:], string(rune(sep))+"\r\n"); i >= 0 {
			end = at + i
		}
		cell = text[at:end]
		if len(cell) > 1 && cell[0] == '"' && cell[len(cell)-1] == '"' {
			cell = cell[1 : len(cell)-1] // "Kovács "és" Társa"
		}
	}
	lines = strings.Count(text[at:end], "\n")
	cell = valid(cell)
	switch {
	case end == len(text):
		return cell, lines, end, true
	case text[end] == sep:
		return cell, lines, end + 1, false
	case strings.HasPrefix(text[end:], "\r\n"):
		return cell, lines, end + 2, true
	}
	return cell, lines, end + 1, true
}

// quoted reads a quoted cell, whose own quotes are doubled.
func quoted(text string, at int, sep byte) (cell string, end int, ok bool) {
	if at == len(text) || text[at] != '"' {
		return "", 0, false
	}
	for i := at + 1; ; i++ {
		n := strings.IndexByte(text[i:], '"')
		if n < 0 {
			return "", 0, false
		}
		i += n
		switch {
		case i+1 == len(text) || text[i+1] == sep || text[i+1] == '\r' || text[i+1] == '\n':
			return strings.ReplaceAll(text[at+1:i], `""`, `"`), i + 1, true
		case text[i+1] != '"':
			return "", 0, false
		}
		i++
	}
}
