package exchange

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// ods reads an office's own table from an OpenDocument spreadsheet, LibreOffice's own format.
type ods struct{}

func (ods) Name() string { return "LibreOffice" }

// odsType stands unpacked in the archive, first of all if the writer keeps to the standard.
const odsType = "application/vnd.oasis.opendocument.spreadsheet"

func (ods) Detect(data []byte) bool {
	if bytes.Contains(data[:min(len(data), 200)], []byte(odsType)) {
		return true
	}
	if !holds(data, "content.xml") {
		return false
	}
	p, err := openParts(data, nil)
	if err != nil {
		return false
	}
	kind, err := p.beginning("mimetype", len(odsType))
	return err == nil && kind == odsType
}

func (ods) Read(data []byte, o ReadOptions) ([]Entry, error) {
	p, err := openParts(data, o.Budget)
	if err != nil {
		return nil, err
	}
	if manifest, err := p.text("META-INF/manifest.xml"); err != nil {
		return nil, err
	} else if strings.Contains(manifest, "encryption-data") {
		return nil, lang.E("ods-encrypted")
	}
	text, err := p.text("content.xml")
	if err != nil {
		return nil, err
	}
	sheets, err := (&odsReader{xmlScanner: xmlScanner{text: text, budget: o.Budget}}).sheets()
	if err != nil {
		return nil, err
	}
	return readSheets(sheets, since1900, o)
}

// odsReader is an OpenDocument spreadsheet while it is read.
type odsReader struct {
	xmlScanner
	hidden []string // the styles of hidden sheets
}

func (r *odsReader) sheets() ([]worksheet, error) {
	var sheets []worksheet
	style := ""
	for {
		token := r.next()
		switch {
		case token == xmlEOF && sheets == nil:
			return nil, lang.E("xlsx-damaged")
		case token == xmlEOF:
			return sheets, nil
		case token != xmlStart:
		case r.name == "style":
			style = r.attribute("name")
		case r.name == "table-properties" && r.attribute("display") == "false" && len(r.hidden) < maxSheets:
			r.hidden = append(r.hidden, style)
		case r.name == "tracked-changes": // what the cells were before
			r.skip()
		case r.name == "table" && len(sheets) < maxSheets:
			s, err := r.sheet()
			if err != nil {
				return nil, err
			}
			sheets = append(sheets, s)
		}
	}
}

// Limits of LibreOffice's own sheets.
const maxLines = 1 << 20

func (r *odsReader) sheet() (worksheet, error) {
	s := worksheet{name: r.attribute("name"), hidden: slices.Contains(r.hidden, r.attribute("style-name"))}
	if r.bare {
		return s, nil
	}
	var groups []bool // those of rows around here: whether they are folded up
	for line := 1; ; {
		token := r.next()
		switch {
		case token == xmlEOF, token == xmlEnd && r.name == "table":
			return s, nil
		case token == xmlStart && r.name == "table-row-group" && len(groups) < 1000:
			groups = append(groups, r.attribute("display") == "false")
		case token == xmlEnd && r.name == "table-row-group" && len(groups) > 0:
			groups = groups[:len(groups)-1]
		case token == xmlStart && (r.name == "shapes" || r.name == "forms"):
			r.skip()
		case token == xmlStart && r.name == "table-row":
			visibility := r.attribute("visibility")
			this := row{line: line, hidden: slices.Contains(groups, true) || visibility == "collapse" || visibility == "filter"}
			repeated := between(1, number(r.attribute("number-rows-repeated")), maxLines)
			if err := r.cells(&s, &this); err != nil {
				return s, err
			}
			if err := r.repeat(&s, this, repeated); err != nil {
				return s, err
			}
			if line += repeated; line > maxLines {
				return s, nil
			}
		}
	}
}

func between(least, n, most int) int { return max(least, min(n, most)) }

// repeat adds a row as often as it is there.
func (r *odsReader) repeat(s *worksheet, this row, times int) error {
	if this.blank() && len(this.unstored) == 0 {
		return nil
	}
	for i := range times {
		again := this
		if again.line += i; i > 0 {
			if err := r.budget.spend(1 + len(this.cells)); err != nil {
				return err
			}
			again.cells = slices.Clone(this.cells)
		}
		if err := s.add(again, r.budget); err != nil {
			return err
		}
	}
	return nil
}

// cells reads a row's cells up to its end.
func (r *odsReader) cells(s *worksheet, this *row) error {
	if r.bare {
		return nil
	}
	for column := 0; ; {
		token := r.next()
		if token == xmlEOF || token == xmlEnd && r.name == "table-row" {
			return nil
		}
		if token != xmlStart || r.name != "table-cell" && r.name != "covered-table-cell" {
			continue
		}
		c := r.cell()
		if c.area = c.area && len(s.merged) < maxCells/10; c.area {
			s.merged = append(s.merged, area{this.line, this.line + c.down - 1, column, column + c.across - 1})
		}
		until := min(column+c.repeated, maxColumns)
		for ; column < until && (c.text != "" || c.unstored); column++ {
			if err := this.put(column, c.text, r.budget); err != nil {
				return err
			}
			if c.unstored {
				this.unstored = append(this.unstored, column)
			}
		}
		column = until
	}
}

// odsCell is a cell as it is stored.
type odsCell struct {
	text                   string
	repeated, down, across int
	area, unstored         bool
}

// cell reads the cell whose element has just begun.
func (r *odsReader) cell() odsCell {
	c := odsCell{repeated: 1, down: 1, across: 1}
	kind, value, formula := "", "", false
	for name, v := range r.attributes() {
		switch name {
		case "number-columns-repeated":
			c.repeated = between(1, number(v), maxColumns)
		case "number-rows-spanned":
			c.down, c.area = between(1, number(v), maxLines), true
		case "number-columns-spanned":
			c.across, c.area = between(1, number(v), maxColumns), true
		case "formula":
			formula = true
		case "value-type": // LibreOffice adds one of its own: "error"
			if v != "error" {
				kind = v
			}
		case "value", "date-value", "boolean-value", "string-value":
			value = unescapeXML(v)
		}
	}
	shown := r.paragraphs()
	switch kind {
	case "float", "percentage", "currency":
		c.text = shownNumber(plainNumber(value), shown)
		if formula && value == "0" {
			value = ""
		}
	case "date":
		if c.text = value; len(value) > len(time.DateOnly) {
			c.text = value[:len(time.DateOnly)]
		}
	case "boolean":
		c.text = map[bool]string{true: "igaz", false: "hamis"}[isTrue(value)]
	default:
		if c.text = shown; shown == "" {
			c.text = value
		}
	}
	if c.unstored = formula && (kind == "" || value == "" && kind != "string" && kind != "time"); c.unstored {
		c.text = ""
	}
	return c
}

// paragraphs reads what a person sees in a cell, up to its end: not its comment, nor a drawing in it.
func (r *odsReader) paragraphs() string {
	if r.bare {
		return ""
	}
	var text strings.Builder
	written, within := false, 0
	for {
		switch token := r.next(); {
		case token == xmlEOF, token == xmlEnd && (r.name == "table-cell" || r.name == "covered-table-cell"):
			return text.String()
		case token == xmlEnd && r.name == "p":
			within = 0
		case token == xmlEnd || text.Len() > maxText:
		case token == xmlText && within > 0:
			text.WriteString(r.content())
		case token == xmlText:
		case r.name == "p":
			if written {
				text.WriteByte('\n')
			}
			written, within = true, 1
		case within == 0, r.name == "annotation", r.name == "ruby-text":
			r.skip()
		case r.name == "s":
			text.WriteString(strings.Repeat(" ", between(1, number(r.attribute("c")), 100)))
		case r.name == "tab":
			text.WriteByte('\t')
		case r.name == "line-break":
			text.WriteByte('\n')
		}
	}
}
