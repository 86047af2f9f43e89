package paper

import (
	"fmt"
	"time"

	"kapu/lang"
	"kapu/qr"
)

// Codes are clients' keys for a phone, or for a safe.
type Codes struct {
	Cards []Card
	Made  time.Time
}

// Card is a client's part of the page. An empty text is left out.
type Card struct {
	Name, TaxNumber, Service, UserName string
	Key                                string // as a person types it
	URI                                string // otpauth://…, the QR code
}

// The grid of the cards.
const (
	codesMargin = 12.0
	codesTop    = 33.0
	cardWidth   = (pageWidth - 2*codesMargin) / columns
	cardHeight  = 63.0
	columns     = 2
	rows        = 4
)

// The faces of the cards.
var (
	pageTitle = face{"go", "B", 14, 0}
	warning   = face{"go", "", 9, 0}
	cardName  = face{"go", "B", 11, 0}
	cardBody  = face{"go", "", 9, 0}
	cardLabel = face{"go", "", 7.5, 100}
	cardKey   = face{"mono", "", 9, 0}
)

// PDF is the pages in the language of the texts.
func (c Codes) PDF(texts *lang.Texts) ([]byte, error) {
	d := newDocument(texts, texts.T("paper-codes-title"), c.Made)
	pages := max(1, (len(c.Cards)+columns*rows-1)/(columns*rows))
	for page := range pages {
		cards := c.Cards[min(page*columns*rows, len(c.Cards)):]
		cards = cards[:min(columns*rows, len(cards))]
		d.AddPage()
		d.put(pageTitle, codesMargin, 17, 120, texts.T("paper-codes-title"))
		d.use(quiet)
		where := fmt.Sprintf("%s   %d / %d", c.Made.Format(texts.T("paper-date")), page+1, pages)
		d.Text(pageWidth-codesMargin-d.GetStringWidth(where), 17, where)
		d.wrap(warning, codesMargin, 23, pageWidth-2*codesMargin, 2, texts.T("paper-codes-warning"))
		d.cuts((len(cards) + columns - 1) / columns)
		for i, card := range cards {
			code, err := qr.Make(card.URI)
			if err != nil {
				return nil, lang.E("paper-code-long", "Name", card.Name)
			}
			d.card(card, code, codesMargin+float64(i%columns)*cardWidth, codesTop+float64(i/columns)*cardHeight)
		}
	}
	return d.bytes()
}

// cuts draws where the scissors go.
func (d *document) cuts(rows int) {
	d.SetDrawColor(150, 150, 150)
	d.SetLineWidth(0.2)
	d.SetDashPattern([]float64{2, 1.5}, 0)
	bottom := codesTop + float64(rows)*cardHeight
	for i := range rows + 1 {
		y := codesTop + float64(i)*cardHeight
		d.Line(codesMargin, y, pageWidth-codesMargin, y)
	}
	for i := range columns + 1 {
		x := codesMargin + float64(i)*cardWidth
		d.Line(x, codesTop, x, bottom)
	}
	d.SetDashPattern(nil, 0)
}

func (d *document) card(c Card, code qr.Code, x, y float64) {
	const side, pad = 45.0, 3.5
	d.code(code, x+1, y+1, side)

	left, width := x+side+3, cardWidth-side-3-pad
	line := d.wrap(cardName, left, y+9, width, 3, c.Name)
	for _, fact := range [][2]string{
		{"service", c.Service}, {"user", c.UserName}, {"tax", c.TaxNumber},
	} {
		if fact[1] == "" {
			continue
		}
		d.put(cardLabel, left, line, width, d.texts.T("paper-card-"+fact[0]))
		d.put(cardBody, left, line+4, width, fact[1])
		line += 9
	}
	d.put(cardLabel, x+pad+1, y+side+3.5, width, d.texts.T("paper-card-key"))
	d.wrap(cardKey, x+pad+1, y+side+8, cardWidth-2*pad-1, 3, groups(c.Key))
}
