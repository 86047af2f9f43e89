package exchange

import (
	"strings"

	"kapu/lang"
)

// office's own tables as text: what a spreadsheet saves as "CSV" in whichever country, and what is copied out of one.
type csv struct{}

func (csv) Name() string { return "CSV" }

// Detect takes for a table what has a header that is understood. One without a column of keys may be a list
// with a title.
func (csv) Detect(data []byte) bool {
	text := plainText(data)
	if start := strings.TrimSpace(text[:min(len(text), 100)]); start != "" && strings.ContainsRune("{[<", rune(start[0])) {
		return false // another program's file, of a kind or in a state that its reader does not know
	}
	_, h := separator(text)
	return h.key || h.known > 1 && !isList(text)
}

func (csv) Read(data []byte, _ ReadOptions) ([]Entry, error) {
	text := plainText(data)
	sep, _ := separator(text)
	return office.readText(text, sep)
}

// separator finds what separates the columns: that by which most of a header is understood.
func separator(text string) (best byte, found header) {
	start := text[:min(len(text), 1<<16)]
	for _, sep := range []byte(";,\t|") {
		h := office.header(split(start, sep))
		if best == 0 || h.key && !found.key || h.key == found.key && h.known > found.known {
			best, found = sep, h
		}
	}
	return best, found
}

// readText is read of a table as text, unless that has far more cells than a list of clients needs.
func (d dialect) readText(text string, sep byte) ([]Entry, error) {
	rows := split(text, sep)
	cells := 0
	for _, r := range rows {
		cells += len(r.cells)
	}
	if cells > maxCells {
		return nil, lang.E("table-big")
	}
	return d.read(rows, since1900)
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
