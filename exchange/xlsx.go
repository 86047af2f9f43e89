package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"kapu/lang"
)

// xlsx reads an office's own table from an Excel workbook: every sheet that has a column of keys.
type xlsx struct{}

func (xlsx) Name() string { return "Excel" }

func (xlsx) Detect(data []byte) bool {
	return bytes.HasPrefix(data, compound) || holds(data, "xl/")
}

// holds says whether data is a zip archive with a file of such a name.
func holds(data []byte, prefix string) bool {
	archive, err := readZip(data, maxParts)
	if err != nil {
		return false
	}
	for _, f := range archive.File {
		if hasPrefixFold(f.Name, prefix) {
			return true
		}
	}
	return false
}

func (x xlsx) Read(data []byte, o ReadOptions) ([]Entry, error) {
	if !bytes.HasPrefix(data, compound) {
		return readWorkbook(data, o)
	}
	sealed, err := openCompound(data)
	if err != nil {
		return nil, err
	}
	password, err := password(o.Ask, x.Name())
	if err != nil {
		return nil, err
	}
	data, err = sealed.open(o.Budget, password)
	if err != nil {
		return nil, err
	}
	if !holds(data, "xl/") {
		return nil, wrongPassword(x.Name())
	}
	return readWorkbook(data, o)
}

// officeParts are the files of an office archive, which share one budget of unpacked bytes.
type officeParts struct {
	files  map[string]*zip.File // by lower-case name
	budget *Budget              // nil: of what is only looked at
}

func openParts(data []byte, b *Budget) (*officeParts, error) {
	archive, err := readZip(data, maxParts)
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	p := &officeParts{files: make(map[string]*zip.File, len(archive.File)), budget: b}
	for _, f := range archive.File {
		p.files[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	return p, nil
}

// text unpacks a part. One that is not there is empty.
func (p *officeParts) text(name string) (string, error) {
	f, ok := p.files[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if !ok {
		return "", nil
	}
	if f.UncompressedSize64 > maxUnpacked {
		return "", tooBig()
	}
	r, err := f.Open()
	if err != nil {
		return "", lang.E("xlsx-damaged")
	}
	defer r.Close()
	var text strings.Builder
	if p.budget.unpacked+int(f.UncompressedSize64) <= maxUnpacked {
		text.Grow(int(f.UncompressedSize64)) // an archive that claims more than there is has claimed at most the budget
	}
	if _, err := io.Copy(&text, unpacking{p.budget, r}); err != nil {
		return "", lang.E("xlsx-damaged") // or the budget is spent, which Read says
	}
	if s := text.String(); !strings.HasPrefix(s, "\xff\xfe") && !strings.HasPrefix(s, "\xfe\xff") {
		return strings.TrimPrefix(s, "\ufeff"), nil
	}
	return plainText([]byte(text.String())), nil
}

// beginning is the first bytes of a part.
func (p *officeParts) beginning(name string, most int) (string, error) {
	f, ok := p.files[name]
	if !ok {
		return "", nil
	}
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	start, err := io.ReadAll(io.LimitReader(r, int64(most)))
	return string(start), err
}

// xlsxBook is an Excel workbook while it is read.
type xlsxBook struct {
	*officeParts
	epoch   time.Time
	strings []string     // that cells share
	formats []cellFormat // by a cell's style
}

// cellFormat is what of a cell's style changes the meaning of a number in it.
type cellFormat struct {
	day  bool
	mask string // "00000000-0-00", or none
}

func readWorkbook(data []byte, o ReadOptions) ([]Entry, error) {
	p, err := openParts(data, o.Budget)
	if err != nil {
		return nil, err
	}
	w := &xlsxBook{officeParts: p, epoch: since1900}
	sheets, err := w.sheets()
	if err != nil {
		return nil, err
	}
	return readSheets(sheets, w.epoch, o)
}

// sheets reads all sheets. A chart is a sheet too, but has no rows.
func (w *xlsxBook) sheets() ([]worksheet, error) {
	book, err := w.document()
	if err != nil {
		return nil, err
	}
	text, err := w.text(book)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasSuffix(book, ".bin"):
		return nil, lang.E("xlsx-other") // .xlsb, the binary form
	case text == "":
		return nil, lang.E("xlsx-damaged")
	}
	folder := path.Dir(book)
	targets, err := w.targets(path.Join(folder, "_rels", path.Base(book)+".rels"), folder)
	if err != nil {
		return nil, err
	}
	if err := w.readStrings(targets); err != nil {
		return nil, err
	}
	if err := w.readStyles(targets); err != nil {
		return nil, err
	}
	var sheets []worksheet
	for x := (&xmlScanner{text: text, budget: w.budget}); ; {
		switch token := x.next(); {
		case token == xmlEOF && sheets == nil:
			return nil, lang.E("xlsx-damaged")
		case token == xmlEOF:
			return sheets, nil
		case token == xmlStart && x.name == "workbookPr":
			if isTrue(x.attribute("date1904")) {
				w.epoch = since1904
			}
		case token == xmlStart && x.name == "sheet" && len(sheets) < maxSheets:
			s, err := w.sheet(x, targets)
			if err != nil {
				return nil, err
			}
			sheets = append(sheets, s)
		}
	}
}

// document finds the part that lists the sheets.
func (w *xlsxBook) document() (string, error) {
	text, err := w.text("_rels/.rels")
	for x := (&xmlScanner{text: text, budget: w.budget}); ; {
		switch token := x.next(); {
		case token == xmlEOF:
			return "xl/workbook.xml", err
		case token == xmlStart && x.name == "Relationship" && strings.HasSuffix(x.attribute("Type"), "/officeDocument"):
			if target := strings.TrimPrefix(x.attribute("Target"), "/"); target != "" {
				return target, nil
			}
		}
	}
}

// target is what a relationship of the workbook leads to.
type target struct{ kind, part string }

// targets reads the relationships of the workbook by their ids.
func (w *xlsxBook) targets(part, folder string) (map[string]target, error) {
	text, err := w.text(part)
	targets := map[string]target{}
	for x := (&xmlScanner{text: text, budget: w.budget}); ; {
		switch token := x.next(); {
		case token == xmlEOF:
			return targets, err
		case token == xmlStart && x.name == "Relationship" && len(targets) < 2*maxSheets:
			name := strings.ReplaceAll(x.attribute("Target"), `\`, "/")
			if !strings.HasPrefix(name, "/") {
				name = path.Join(folder, name)
			}
			kind := x.attribute("Type")
			targets[x.attribute("Id")] = target{kind[strings.LastIndexByte(kind, '/')+1:], name}
		}
	}
}

// other reads the part of such a kind of which there is one.
func (w *xlsxBook) other(targets map[string]target, kind, usual string) (string, error) {
	for _, t := range targets {
		if t.kind == kind {
			return w.text(t.part)
		}
	}
	return w.text(usual)
}

func (w *xlsxBook) readStrings(targets map[string]target) error {
	text, err := w.other(targets, "sharedStrings", "xl/sharedStrings.xml")
	for x := (&xmlScanner{text: text, budget: w.budget}); err == nil; {
		token := x.next()
		if token == xmlEOF {
			return nil
		}
		if token == xmlStart && x.name == "si" {
			w.strings = append(w.strings, richText(x))
			err = w.budget.spend(1)
		}
	}
	return err
}

// richText reads the text of the element that has just begun (si, is): of one piece or of several runs, without the
// phonetic hints that stand beside them.
func richText(x *xmlScanner) string {
	if x.bare {
		return ""
	}
	name := x.name
	var all joined
	for {
		token := x.next()
		switch {
		case token == xmlStart && x.name == "t":
			all.add(x.textOf())
		case token == xmlStart && x.name == "rPh":
			x.skip()
		case token == xmlEOF, token == xmlEnd && x.name == name:
			return excelText(all.String())
		}
	}
}

// excelText undoes Excel's own escape of characters that XML cannot hold: _x000D_.
func excelText(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			b.WriteString(s)
			return b.String()
		}
		if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && s[i+6] == '_' {
			b.WriteString(s[:i])
			b.WriteRune(rune(n))
			s = s[i+7:]
			continue
		}
		b.WriteString(s[:i+2])
		s = s[i+2:]
	}
}

// maxFormats is how many formats of cells Excel allows.
const maxFormats = 1 << 16

// readStyles reads which styles make days of numbers, or put zeros in front of them.
func (w *xlsxBook) readStyles(targets map[string]target) error {
	text, err := w.other(targets, "styles", "xl/styles.xml")
	formats, cells := map[int]string{}, false
	for x := (&xmlScanner{text: text, budget: w.budget}); err == nil; {
		switch token := x.next(); {
		case token == xmlEOF:
			return nil
		case token == xmlStart && x.name == "numFmt" && len(formats) < 10_000:
			formats[number(x.attribute("numFmtId"))] = x.attribute("formatCode")
		case x.name == "cellXfs":
			cells = token == xmlStart
		case token == xmlStart && x.name == "xf" && cells && len(w.formats) < maxFormats:
			w.formats = append(w.formats, formatOf(number(x.attribute("numFmtId")), formats))
		}
	}
	return err
}

// formatOf knows the formats that have a number only: 14–17 and 22 are days, 27–36 and 50–58 those of East Asia.
func formatOf(id int, formats map[int]string) cellFormat {
	code, own := formats[id]
	if !own {
		return cellFormat{day: id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58}
	}
	return cellFormat{day: isDateFormat(code), mask: code}
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }
