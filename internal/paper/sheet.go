package paper

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/build"
	"kapu/lang"
	"kapu/qr"
)

// Sheet is the recovery sheet of a vault.
type Sheet struct {
	Key      string // the recovery key
	Vault    string // path
	Office   string // whose member this is; "" if none
	Store    string // the office's
	Computer string
	Program  string // name and version
	Made     time.Time
}

// NewSheet is the sheet that is made here and now.
func NewSheet(key, vault, office, store string) Sheet {
	host, _ := os.Hostname() // without it the sheet says one thing less
	return Sheet{key, vault, office, store, host, "Kapu " + build.Version, time.Now()}
}

// The faces of the sheet.
var (
	brand   = face{"go", "B", 11, 60}
	quiet   = face{"go", "", 9, 100}
	title   = face{"go", "B", 26, 0}
	lead    = face{"go", "", 11, 40}
	heading = face{"go", "B", 12.5, 0}
	body    = face{"go", "", 10, 20}
	label   = face{"go", "", 9, 100}
	command = face{"mono", "", 10, 0}
	keyFace = face{"mono", "", 17, 0}
)

const (
	sheetMargin = 22.0
	sheetWidth  = pageWidth - 2*sheetMargin
)

// PDF is the sheet in the language of the texts: one page.
func (s Sheet) PDF(texts *lang.Texts) ([]byte, error) {
	code, err := qr.Make(s.Key)
	if err != nil {
		return nil, err
	}
	d := newDocument(texts, texts.T("paper-sheet-title"), s.Made)
	d.AddPage()

	d.put(brand, sheetMargin, 18, 60, "Kapu")
	d.right(quiet, 18, s.Made.Format(texts.T("paper-date")))
	d.rule(sheetMargin, 21, sheetWidth)
	d.put(title, sheetMargin, 35, sheetWidth, texts.T("paper-sheet-title"))
	y := d.wrap(lead, sheetMargin, 43, sheetWidth, 5, texts.T("paper-sheet-lead"))

	y = s.keyBox(d, code, y)
	y = s.facts(d, y+8)
	y = d.section(y+5, texts.T("paper-todo"))
	y = s.steps(d, y, []string{texts.T("paper-todo-print"), texts.T("paper-todo-keep"), texts.T("paper-todo-delete")})
	y = d.section(y+4, texts.T("paper-use"))
	steps := []string{texts.T("paper-use-start"), texts.T("paper-use-door"), texts.T("paper-use-vault", "File", filepath.Base(s.Vault))}
	if s.Office != "" {
		steps = append(steps, texts.T("paper-use-office"))
	}
	y = s.steps(d, y, steps)
	y = d.wrap(body, sheetMargin, y+1.5, sheetWidth, 4, texts.T("paper-use-age"))
	d.command(y, texts.T("paper-use-age-command", "Vault", filepath.Base(s.Vault)))

	s.signature(d)
	return d.bytes()
}

// steps are what is to be done, one after the other.
func (s Sheet) steps(d *document, y float64, texts []string) float64 {
	for i, text := range texts {
		d.put(body, sheetMargin, y, 8, fmt.Sprintf("%d.", i+1))
		y = d.wrap(body, sheetMargin+7, y, sheetWidth-7, 3, text) + 1
	}
	return y
}

// keyBox shows the key to a camera and to a person.
func (s Sheet) keyBox(d *document, code qr.Code, y float64) float64 {
	const side, height, pad = 50.0, 60.0, 5.0
	d.SetDrawColor(60, 60, 60)
	d.SetLineWidth(0.4)
	d.RoundedRect(sheetMargin, y, sheetWidth, height, 3, "1234", "D")
	d.code(code, sheetMargin+2, y+pad, side)

	x, width := sheetMargin+side+6, sheetWidth-side-6-pad
	line := y + 12
	for _, text := range keyLines(s.Key) {
		d.put(keyFace, x, line, width, text)
		line += 9.5
	}
	d.wrap(label, x, line+2, width, 4, d.texts.T("paper-sheet-letters"))
	return y + height
}

// keyLines breaks the key into what is the same in all keys, and lines of five groups.
func keyLines(key string) []string {
	lines := []string{key}
	if i := strings.LastIndex(key, "1"); i >= 0 { // as in every text of this kind, it ends the prefix
		lines, key = []string{key[:i+1]}, key[i+1:]
		for len(key) > 20 {
			lines, key = append(lines, groups(key[:20])), key[20:]
		}
		lines = append(lines, groups(key))
	}
	return lines
}

func (s Sheet) facts(d *document, y float64) float64 {
	const column = 30
	for _, fact := range []struct {
		id, text string
		lines    int
	}{
		{"vault", s.Vault, 2},
		{"computer", s.Computer, 1},
		{"office", s.Office, 1},
		{"store", s.Store, 2},
		{"made", s.Made.Format(d.texts.T("paper-time")) + ", " + s.Program, 1},
	} {
		if fact.text == "" {
			continue
		}
		d.put(label, sheetMargin, y, column, d.texts.T("paper-fact-"+fact.id))
		y = d.wrap(body, sheetMargin+column, y, sheetWidth-column, fact.lines, fact.text)
	}
	return y
}

// signature is for those who want to know later who put the sheet away, when and where.
func (s Sheet) signature(d *document) {
	const y, gap = pageHeight - 20, 8.0
	width := (sheetWidth - 2*gap) / 3
	for i, id := range []string{"date", "place", "name"} {
		x := sheetMargin + float64(i)*(width+gap)
		d.rule(x, y, width)
		d.put(label, x, y+4.5, width, d.texts.T("paper-sign-"+id))
	}
}

func (d *document) section(y float64, text string) float64 {
	d.put(heading, sheetMargin, y+2, sheetWidth, text)
	return y + 9
}

// command shows what is to be typed.
func (d *document) command(y float64, text string) float64 {
	d.SetFillColor(240, 240, 240)
	d.RoundedRect(sheetMargin, y-3, sheetWidth, 7.5, 1.5, "1234", "F")
	d.put(command, sheetMargin+4, y+2, sheetWidth-8, text)
	return y + 9.5
}

func (d *document) right(f face, y float64, text string) {
	d.use(f)
	d.Text(pageWidth-sheetMargin-d.GetStringWidth(text), y, text)
}
