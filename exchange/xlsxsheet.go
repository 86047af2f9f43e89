package exchange

import "strings"

// sheet reads the worksheet that an element of the workbook names.
func (w *xlsxBook) sheet(x *xmlScanner, targets map[string]target) (worksheet, error) {
	state := x.attribute("state")
	s := worksheet{name: x.attribute("name"), hidden: state == "hidden" || state == "veryHidden"}
	t := targets[x.attribute("id")]
	if t.kind != "worksheet" {
		return s, nil
	}
	text, err := w.text(t.part)
	if err != nil {
		return s, err
	}
	line := 0
	for x := (&xmlScanner{text: text, budget: w.budget}); ; {
		token := x.next()
		switch {
		case token == xmlEOF:
			return s, nil
		case token != xmlStart:
		case x.name == "row":
			r := row{line: line + 1, hidden: isHiddenRow(x)}
			if n := number(x.attribute("r")); n > line && n <= maxLines {
				r.line = n
			}
			line = r.line
			if n := len(s.rows); n > 0 {
				r.cells = make([]string, 0, len(s.rows[n-1].cells))
			}
			if err := w.cells(x, &r); err != nil {
				return s, err
			}
			if err := s.add(r, w.budget); err != nil {
				return s, err
			}
		case x.name == "mergeCell" && len(s.merged) < maxCells/10:
			if a, ok := areaOf(x.attribute("ref")); ok {
				s.merged = append(s.merged, a)
			}
		}
	}
}

func isHiddenRow(x *xmlScanner) bool {
	for name, value := range x.attributes() {
		if name == "hidden" && isTrue(value) || name == "ht" && value == "0" {
			return true
		}
	}
	return false
}

// cells reads a row's cells up to its end.
func (w *xlsxBook) cells(x *xmlScanner, r *row) error {
	if x.bare {
		return nil
	}
	for next := 0; ; {
		switch token := x.next(); {
		case token == xmlEOF, token == xmlEnd && x.name == "row":
			return nil
		case token == xmlStart && x.name == "c":
			c := cellAt(x, next)
			next = min(c.column, maxColumns) + 1
			if x.bare { // a format without a text
				continue
			}
			w.cell(x, &c)
			if err := r.put(c.column, c.text, w.budget); err != nil {
				return err
			}
			if c.unstored {
				r.unstored = append(r.unstored, c.column)
			}
		}
	}
}

// xlsxCell is a cell while it is read.
type xlsxCell struct {
	column, style int
	kind          string // "" or n: number; s: shared text; str, inlineStr, b, e, d
	text          string
	unstored      bool
}

// cellAt reads where the cell that has just begun is, if not next to the one before, and of what kind.
func cellAt(x *xmlScanner, next int) xlsxCell {
	c := xlsxCell{column: next, style: -1}
	for name, value := range x.attributes() {
		switch name {
		case "r":
			if column, _, ok := reference(value); ok {
				c.column = column
			}
		case "t":
			c.kind = value
		case "s":
			c.style = number(value)
		}
	}
	return c
}

// cell reads the cell whose element has just begun. A formula is not computed: its stored result counts.
func (w *xlsxBook) cell(x *xmlScanner, c *xlsxCell) {
	formula, value, stored := false, "", false
	for {
		token := x.next()
		if token == xmlEOF || token == xmlEnd && x.name == "c" {
			break
		}
		if token != xmlStart {
			continue
		}
		switch x.name {
		case "f":
			formula = true
			x.skip()
		case "v":
			value = x.textOf()
			stored = stored || value != "" || c.kind == "str"
		case "is":
			c.text = richText(x)
			stored = true
		}
	}
	switch c.kind {
	case "inlineStr":
	case "s":
		if i := number(value); value != "" && i >= 0 && i < len(w.strings) {
			c.text = w.strings[i]
		}
	case "str", "e", "d":
		c.text = excelText(value)
	case "b":
		c.text = map[bool]string{true: "igaz", false: "hamis"}[isTrue(value)]
		if value == "" {
			c.text = ""
		}
	default:
		c.text = w.number(value, c.style)
		// Programs that do not compute store a zero, and a reference to an empty cell gives one.
		stored = stored && value != "0"
	}
	if c.unstored = formula && !stored; c.unstored {
		c.text = ""
	}
}

func (w *xlsxBook) number(value string, style int) string {
	if style < 0 || style >= len(w.formats) {
		return plainNumber(value)
	}
	f := w.formats[style]
	if f.day {
		if day, ok := serialDay(value, w.epoch); ok {
			return day
		}
	}
	value = plainNumber(value)
	if f.mask != "" {
		return masked(value, f.mask)
	}
	return value
}

// reference reads where a cell is: "C12" is column 2 of row 12.
func reference(s string) (column, line int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4 && s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z'; i++ {
		column = column*26 + int(s[i]|0x20-'a') + 1
	}
	if i == 0 || column > maxColumns {
		return 0, 0, false
	}
	return column - 1, number(s[i:]), true
}

// maxColumns is how many a spreadsheet has: XFD is the last.
const maxColumns = 16_384

func areaOf(ref string) (a area, ok bool) {
	from, to, ok := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !ok {
		return a, false
	}
	var first, second bool
	a.left, a.top, first = reference(from)
	a.right, a.bottom, second = reference(to)
	return a, first && second && a.top > 0 && a.top <= a.bottom && a.left <= a.right
}

// columnLetters is the name that a spreadsheet gives a column: 0 is A, 26 is AA.
func columnLetters(column int) string {
	var s string
	for column++; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return s
}
