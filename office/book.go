package office

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault"
)

// book is precomputed one-time codes: those of every window of a span, made by an admin's device and sealed to one
// device of a substitute. It holds no key, so when the span ends nothing is left to revoke.
type book struct {
	Record string     `json:"record"`
	Device string     `json:"device"`
	Made   time.Time  `json:"made"` // of two for one moment the later counts: the key may have been renewed
	Card   bookCard   `json:"card"`
	Period int        `json:"period"` // seconds
	Digits int        `json:"digits"`
	Spans  []bookSpan `json:"spans"`
	// Turn is the key of the account's turns.
	Turn []byte `json:"turn"`
}

// bookCard is what the substitute sees of the account.
type bookCard struct {
	Service string       `json:"service"`
	User    string       `json:"user_name,omitempty"`
	Clients []bookClient `json:"clients"`
}

type bookClient struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Tax    string `json:"tax_number,omitempty"`
	Folder string `json:"folder,omitempty"`
}

// bookSpan is the codes of consecutive windows.
type bookSpan struct {
	First int64  `json:"first"` // number of the first window: Unix time divided by the period
	Codes []byte `json:"codes"` // 20 bits each, the first in the highest bits
}

const (
	codeBits     = 20 // enough for six digits
	bookDigits   = 6
	maxWindow    = 1 << 40 // far beyond every date
	maxBookBytes = 300 << 10
	// bookStep is what the beginnings of books are rounded to, so that all admins' devices make the same ones.
	bookStep = time.Hour
)

// packCodes writes numbers of 20 bits one after the other, the highest bit first.
func packCodes(codes []uint32) []byte {
	packed := make([]byte, (len(codes)*codeBits+7)/8)
	for i, c := range codes {
		for b := range codeBits {
			if c>>(codeBits-1-b)&1 == 1 {
				at := i*codeBits + b
				packed[at/8] |= 0x80 >> (at % 8)
			}
		}
	}
	return packed
}

// codeAt is the number at an index of what packCodes wrote; false if there is none.
func codeAt(packed []byte, i int) (uint32, bool) {
	if i < 0 || i >= len(packed)*8/codeBits {
		return 0, false
	}
	var c uint32
	for b := range codeBits {
		at := i*codeBits + b
		c = c<<1 | uint32(packed[at/8]>>(7-at%8)&1)
	}
	return c, true
}

// makeBook computes the codes of every window between two moments that lies in the hours of the office.
func makeBook(
	office, record, device string, f map[string]string, s Settings, from, until time.Time,
) (*book, error) {
	c, err := cardOf(f)
	if err != nil {
		return nil, err
	}
	key := c.account.Key
	if key.Kind != vault.TOTP || key.Digits != bookDigits {
		return nil, lang.E("office-no-book", "Client", nameOf(f))
	}
	b := &book{Record: record, Device: device, Period: key.Period, Digits: key.Digits}
	b.Turn = turnKey(office, record, key.Secret)
	b.Card = bookCard{Service: c.account.Service, User: c.account.UserName}
	for _, client := range c.clients {
		b.Card.Clients = append(b.Card.Clients, bookClient{client.ID, client.Name, client.TaxNumber, client.Folder})
	}
	codes, err := key.Codes()
	if err != nil {
		return nil, err
	}
	period := int64(key.Period)
	var row []uint32 // codes of the span that is being made
	first := int64(0)
	end := func() {
		if len(row) > 0 {
			b.Spans = append(b.Spans, bookSpan{first, packCodes(row)})
			row = nil
		}
	}
	for w := from.Unix() / period; w*period < until.Unix(); w++ {
		if !s.open(time.Unix(w*period, 0)) {
			end()
			continue
		}
		if len(row) == 0 {
			first = w
		}
		row = append(row, codes(uint64(w)))
	}
	end()
	return b, nil
}

// open says whether a moment lies in the hours that books are made for.
func (s Settings) open(at time.Time) bool {
	h := hourOf(at)
	return h >= s.FromHour && h < s.UntilHour
}

// code is the code of a moment; false if the book has none.
func (b *book) code(at time.Time) (vault.Code, bool) {
	period := int64(b.Period)
	w := at.Unix() / period
	for _, span := range b.Spans {
		if n, ok := codeAt(span.Codes, int(w-span.First)); ok && w >= span.First {
			return vault.Code{
				Digits: fmt.Sprintf("%0*d", b.Digits, n), From: time.Unix(w*period, 0), Until: time.Unix((w+1)*period, 0),
			}, true
		}
	}
	return vault.Code{}, false
}

// check validates a book that was opened against its name.
func (b *book) check(label bookLabel) error {
	if b.Record != label.record || b.Device != label.device || b.Period < 1 || b.Digits != bookDigits ||
		len(b.Card.Clients) == 0 || len(b.Turn) != turnKeyLength {
		return fmt.Errorf("%w: not what its name says", errRefused)
	}
	for _, span := range b.Spans {
		if span.First < 0 || span.First > maxWindow {
			return fmt.Errorf("%w: codes of no time", errRefused)
		}
		for i := range len(span.Codes) * 8 / codeBits {
			if n, _ := codeAt(span.Codes, i); n >= 1_000_000 {
				return fmt.Errorf("%w: a code with too many digits", errRefused)
			}
		}
	}
	return nil
}

func bookContext(office string, name string) string { return "office/" + office + "/" + name }

// facts are what the rights to a book depend on, as the book itself says.
func (b *book) facts() facts {
	f := facts{record: b.Record}
	for _, c := range b.Card.Clients {
		if c.Folder != "" {
			f.folders = append(f.folders, c.Folder)
		}
	}
	return f
}

func sealBook(x box, office, name string, b *book, author *seal.Identity, to *seal.Public) ([]byte, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return x.seal(bookContext(office, name), body, author, to)
}

// bookPrint is a keyed fingerprint (HMAC) of all that a book depends on: the key, the names, the hours, and who the
// admins are, because what somebody made who no longer is one is not accepted. A book is right while its name has this
// fingerprint; who does not have the key cannot work it out.
func bookPrint(f map[string]string, r *Roster) string {
	c, err := cardOf(f)
	if err != nil {
		return ""
	}
	text, _ := json.Marshal([]any{f, r.Settings.FromHour, r.Settings.UntilHour, deviceIDs(r.admins())})
	mac := hmac.New(sha256.New, []byte(c.account.Key.Secret))
	mac.Write(text)
	return base32Lower.EncodeToString(mac.Sum(nil))[:printLength]
}
