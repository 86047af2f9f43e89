package exchange

import (
	"bytes"
	"strings"
	"time"
)

// Two kinds of text that programs save as .xls, and that Excel opens without a word: Excel's own XML of 2003
// (SpreadsheetML), and a page with a table.

// spreadsheetML reads Excel's XML of 2003.
type spreadsheetML struct{}

func (spreadsheetML) Name() string { return "Excel XML" }

func (spreadsheetML) Detect(data []byte) bool {
	return strings.Contains(plainText(beginning(data, 1<<13)), "urn:schemas-microsoft-com:office:spreadsheet") &&
		!isHTML(data)
}

func (spreadsheetML) Read(data []byte, o ReadOptions) ([]Entry, error) {
	text, _ := judged(data).all()
	var sheets []worksheet
	for x := (&xmlScanner{text: text, budget: o.Budget}); ; {
		switch token := x.next(); {
		case token == xmlEOF:
			return readSheets(sheets, since1900, o)
		case token == xmlStart && x.name == "Worksheet" && len(sheets) < maxSheets:
			sheets = append(sheets, worksheet{name: x.attribute("Name")})
		case token == xmlStart && x.name == "Visible" && len(sheets) > 0:
			sheets[len(sheets)-1].hidden = x.textOf() != "SheetVisible"
		case token == xmlStart && x.name == "Row" && len(sheets) > 0:
			if err := rowML(x, &sheets[len(sheets)-1], o.Budget); err != nil {
				return nil, err
			}
		}
	}
}

// rowML reads the row whose element has just begun. Rows and cells that are empty are left out, and the next one then
// says where it is.
func rowML(x *xmlScanner, s *worksheet, b *Budget) error {
	r := row{line: s.last + 1, hidden: isTrue(x.attribute("Hidden")) || x.attribute("Height") == "0"}
	if n := number(x.attribute("Index")); n > s.last {
		r.line = min(n, maxLines)
	}
	s.last = r.line + between(0, number(x.attribute("Span")), maxLines)
	if x.bare {
		return nil
	}
	for column := 0; ; {
		token := x.next()
		if token == xmlEOF || token == xmlEnd && x.name == "Row" {
			return s.add(r, b)
		}
		if token != xmlStart || x.name != "Cell" {
			continue
		}
		if n := number(x.attribute("Index")); n > column {
			column = min(n-1, maxColumns)
		}
		down, across := between(0, number(x.attribute("MergeDown")), maxLines), between(0, number(x.attribute("MergeAcross")), maxColumns)
		if down+across > 0 && len(s.merged) < maxCells/10 {
			s.merged = append(s.merged, area{r.line, r.line + down, column, column + across})
		}
		formula := x.attribute("Formula") != ""
		text, stored := dataML(x)
		if err := r.put(column, text, b); err != nil {
			return err
		}
		if formula && !stored {
			r.unstored = append(r.unstored, column)
		}
		column += 1 + across
	}
}

// dataML reads a cell's value up to the cell's end.
func dataML(x *xmlScanner) (text string, stored bool) {
	if x.bare {
		return "", false
	}
	for {
		switch token := x.next(); {
		case token == xmlEOF, token == xmlEnd && x.name == "Cell":
			return text, stored
		case token == xmlStart && x.name == "Comment":
			x.skip()
		case token == xmlStart && x.name == "Data":
			kind := x.attribute("Type")
			text = x.textOf()
			switch stored = text != "" || kind == "String"; kind {
			case "Number":
				text = plainNumber(text)
			case "DateTime":
				if day, _, ok := strings.Cut(text, "T"); ok && len(day) == len(time.DateOnly) {
					text = day
				}
			case "Boolean":
				text = map[bool]string{true: "igaz", false: "hamis"}[isTrue(text)]
			}
		}
	}
}

// htmlTable reads the tables of a page.
type htmlTable struct{}

func (htmlTable) Name() string { return "HTML" }

func (htmlTable) Detect(data []byte) bool {
	return isHTML(data)
}

// isHTML says whether a text is a page with a table.
func isHTML(data []byte) bool {
	start := plainText(beginning(data, detected))
	return strings.HasPrefix(strings.TrimSpace(start), "<") && indexFold(start, "<table") >= 0 && indexFold(start, "<tr") >= 0
}

func (htmlTable) Read(data []byte, o ReadOptions) ([]Entry, error) {
	text, _ := judged(bytes.TrimSpace(data)).all()
	h := &htmlReader{xmlScanner: xmlScanner{text: text, budget: o.Budget}}
	for {
		switch token := h.next(); {
		case token == xmlEOF:
			if err := h.endRow(); err != nil {
				return nil, err
			}
			return readSheets(h.sheets, since1900, o)
		case token == xmlText:
			if h.open && h.text.Len() < maxText {
				h.text.WriteString(h.content())
			}
		default:
			if err := h.tag(token, strings.ToLower(h.name)); err != nil {
				return nil, err
			}
		}
	}
}

// htmlReader is a page while it is read. Its ends are not relied on: pages leave them out.
type htmlReader struct {
	xmlScanner
	sheets []worksheet
	row    row
	column int
	behind int         // the column behind the cell
	below  map[int]int // the last line that a cell further up reaches down to, by column
	text   strings.Builder
	open   bool // within a cell
}

func (h *htmlReader) tag(token xmlToken, name string) error {
	switch name {
	case "script", "style":
		if token == xmlStart {
			h.skip()
		}
	case "br", "p", "div":
		if token == xmlStart && h.open {
			h.text.WriteByte('\n')
		}
	case "table":
		err := h.endRow()
		if token == xmlStart && len(h.sheets) < maxSheets {
			h.sheets = append(h.sheets, worksheet{name: columnLetters(len(h.sheets))})
			h.below = map[int]int{}
		}
		return err
	case "tr":
		err := h.endRow()
		if n := len(h.sheets); n > 0 && token == xmlStart {
			s := &h.sheets[n-1]
			s.last++
			style := strings.ReplaceAll(strings.ToLower(h.attribute("style")), " ", "")
			h.row = row{line: s.last, hidden: strings.Contains(style, "display:none")}
		}
		return err
	case "td", "th":
		if err := h.endCell(); err != nil || token == xmlEnd || len(h.sheets) == 0 {
			return err
		}
		return h.beginCell(&h.sheets[len(h.sheets)-1])
	}
	return nil
}

// beginCell finds the column of a cell: those that a cell above reaches down to are taken.
func (h *htmlReader) beginCell(s *worksheet) error {
	if h.row.line == 0 { // a cell outside of any row begins one
		s.last++
		h.row.line = s.last
	}
	down, across := 1, 1
	for name, value := range h.attributes() {
		switch strings.ToLower(name) {
		case "rowspan":
			down = between(1, number(value), maxLines)
		case "colspan":
			across = between(1, number(value), 1000)
		}
	}
	for h.below[h.column] >= h.row.line {
		if err := h.budget.spend(1); err != nil {
			return err
		}
		h.column++
	}
	if h.behind = h.column + across; down+across > 2 && len(s.merged) < maxCells/10 {
		s.merged = append(s.merged, area{h.row.line, h.row.line + down - 1, h.column, h.behind - 1})
	}
	if down > 1 {
		if err := h.budget.spend(across); err != nil {
			return err
		}
	}
	for column := h.column; down > 1 && column < min(h.behind, maxColumns); column++ {
		h.below[column] = h.row.line + down - 1
	}
	h.open = true
	h.text.Reset()
	return nil
}

func (h *htmlReader) endCell() error {
	if !h.open {
		return nil
	}
	h.open = false
	text := strings.TrimSpace(h.text.String())
	err := h.row.put(h.column, text, h.budget)
	h.column = h.behind
	return err
}

func (h *htmlReader) endRow() error {
	err := h.endCell()
	if n := len(h.sheets); err == nil && n > 0 && h.row.line > 0 {
		err = h.sheets[n-1].add(h.row, h.budget)
	}
	h.row, h.column = row{}, 0
	return err
}
