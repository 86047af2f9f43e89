// Package paper makes the pages that a person prints: the recovery sheet of a vault, and clients' QR codes.
//
// Its promise: the same input gives the same bytes; nothing of what a page says stands in the file's properties; a
// secret that is saved or printed is in no file that others can read, and in none that was there before.
package paper

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"kapu/lang"
	"kapu/qr"
)

// A page is A4; all lengths are millimetres, but a letter's size is points.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	point      = 25.4 / 72
)

// face is a way of writing.
type face struct {
	family, style string
	size          float64
	grey          int // 0 is black
}

// line is the distance of two lines.
func (f face) line() float64 { return f.size * point * 1.4 }

// document is a PDF that is being written.
type document struct {
	*fpdf.Fpdf
	texts *lang.Texts
}

// newDocument begins a PDF. Its properties say no more than the title.
func newDocument(texts *lang.Texts, title string, made time.Time) *document {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true) // else the order of a map decides
	f.SetCreationDate(made.UTC())
	f.SetModificationDate(made.UTC())
	f.SetProducer("Kapu", true)
	f.SetTitle(title, true)
	f.SetLang(texts.Language())
	f.SetAutoPageBreak(false, 0)
	// Copies, because the fonts are shared and the library may write into what it is given.
	f.AddUTF8FontFromBytes("go", "", slices.Clone(goregular.TTF))
	f.AddUTF8FontFromBytes("go", "B", slices.Clone(gobold.TTF))
	f.AddUTF8FontFromBytes("mono", "", slices.Clone(gomono.TTF))
	return &document{f, texts}
}

func (d *document) bytes() ([]byte, error) {
	var out bytes.Buffer
	err := d.Output(&out)
	return out.Bytes(), err
}

func (d *document) use(f face) {
	d.SetFont(f.family, f.style, f.size)
	d.SetTextColor(f.grey, f.grey, f.grey)
}

// put writes a text on a line whose letters stand on y, and cuts off what is wider than width.
func (d *document) put(f face, x, y, width float64, text string) {
	d.use(f)
	d.Text(x, y, d.clip(writable(text), width))
}

// wrap writes a text in at most so many lines and returns where the next line stands.
func (d *document) wrap(f face, x, y, width float64, most int, text string) float64 {
	d.use(f)
	lines := d.SplitText(writable(text), width)
	if len(lines) > most {
		lines = append(lines[:most-1], d.clip(lines[most-1]+"…", width))
	}
	for _, line := range lines {
		d.Text(x, y, line)
		y += f.line()
	}
	return y
}

// clip shortens a text to a width.
func (d *document) clip(text string, width float64) string {
	if d.GetStringWidth(text) <= width {
		return text
	}
	letters := []rune(strings.TrimSuffix(text, "…"))
	for len(letters) > 0 && d.GetStringWidth(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimRight(string(letters), " ") + "…"
}

// rule draws a line.
func (d *document) rule(x, y, width float64) {
	d.SetDrawColor(120, 120, 120)
	d.SetLineWidth(0.2)
	d.Line(x, y, x+width, y)
}

// code draws a QR code with its quiet zone inside the square. Each row reaches a little into the next: viewers that
// smooth edges would show a pale line between the two.
func (d *document) code(c qr.Code, x, y, side float64) {
	const overlap = 0.02
	module := side / float64(c.Size+2*qr.Quiet)
	d.SetFillColor(0, 0, 0)
	for r := range c.Runs() {
		d.Rect(x+float64(r.X+qr.Quiet)*module, y+float64(r.Y+qr.Quiet)*module,
			float64(r.Length)*module, module*(1+overlap), "F")
	}
}

// groups sets blanks between groups of four, so that the eye does not lose its place.
func groups(key string) string {
	var parts []string
	for part := range slices.Chunk([]rune(key), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// writable makes of a text what the fonts can write: a box for a letter they lack, nothing for marks that are not
// seen. Some file systems take letters and accents apart; here they are one again.
func writable(text string) string {
	font := letters()
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		switch glyph, err := font.GlyphIndex(&buf, r); {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case err != nil || glyph == 0 || r > 0xFFFF:
			return '□'
		default:
			return r
		}
	}, norm.NFC.String(text))
}

// letters is the font that says which letters there are; the other fonts of the family have the same.
var letters = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic("paper: " + err.Error()) // the font is built in
	}
	return f
})
