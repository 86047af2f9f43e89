package office

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
	"kapu/vault"
)

// A book holds the codes of every window of a span, made ahead by an admin's device and sealed to one device of a
// substitute. It holds no key, so when the span ends nothing is left to revoke.

// book is the body of one.
type book struct {
	Record string     `json:"record"`
	Device string     `json:"device"`
	Made   time.Time  `json:"made"` // of two for one moment the later counts: the key may have been renewed
	Card   bookCard   `json:"card"`
	Period int        `json:"period"` // seconds
	Digits int        `json:"digits"`
	Spans  []bookSpan `json:"spans"`
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

// bookSpan is a row of windows.
type bookSpan struct {
	First int64  `json:"first"` // number of the first window: Unix time divided by the period
	Codes []byte `json:"codes"` // 20 bits each, the first in the highest bits
}

const (
	codeBits     = 20 // enough for six digits
	bookDigits   = 6
	maxWindow    = 1 << 40 // far beyond every date
	maxBookBytes = 300 << 10
	// bookStep is how far books are rounded, so that all admins' devices make the same ones.
	bookStep = time.Hour
)

// pack writes numbers of 20 bits one after the other.
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

// codeAt reads the number at a place, or says that there is none.
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

// makeBook makes the codes of every window between two moments that lies in the hours of the office.
func makeBook(record, device string, f map[string]string, s Settings, from, until time.Time) (*book, error) {
	c, err := cardOf(f)
	if err != nil {
		return nil, err
	}
	key := c.account.Key
	if key.Kind != vault.TOTP || key.Digits != bookDigits {
		return nil, lang.E("office-no-book", "Client", nameOf(f))
	}
	b := &book{Record: record, Device: device, Period: key.Period, Digits: key.Digits}
	b.Card = bookCard{Service: c.account.Service, User: c.account.UserName}
	for _, client := range c.clients {
		b.Card.Clients = append(b.Card.Clients, bookClient{client.ID, client.Name, client.TaxNumber, client.Folder})
	}
	codes, err := key.Codes()
	if err != nil {
		return nil, err
	}
	period := int64(key.Period)
	var row []uint32
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

// code is the code of a moment.
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

func (b *book) check(label bookLabel) error {
	if b.Record != label.record || b.Device != label.device || b.Period < 1 || b.Digits != bookDigits || len(b.Card.Clients) == 0 {
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

// bookFile is where the file of a book lies beside the vault.
func bookFile(name string) string {
	return "book-" + strings.ReplaceAll(strings.TrimPrefix(name, prefixBooks), "/", "-") + ".age"
}

// takeBook keeps a book that is for this device.
func (o *Office) takeBook(name string, label bookLabel, sealed []byte) error {
	if len(sealed) > maxBookBytes {
		return errRefused
	}
	if _, err := o.openBook(name, label, sealed, nil); err != nil {
		return err
	}
	if err := o.home.Write(bookFile(name), sealed); err != nil {
		return err
	}
	o.state.Books[name] = true
	o.dirty, o.pulled = true, true
	return nil
}

// openBook opens a book that an admin's device has made, or one of the former devices that are given.
func (o *Office) openBook(name string, label bookLabel, sealed []byte, former []Former) (*book, error) {
	s := o.state
	var admins []string
	for _, d := range s.Roster.admins() {
		admins = append(admins, d.Public.SigningKey())
	}
	for _, f := range former {
		if f.Admin {
			admins = append(admins, f.Signing)
		}
	}
	body, _, err := o.box.open(bookContext(s.Office, name), sealed, o.id, admins...)
	if err != nil {
		return nil, err
	}
	b := &book{}
	if err := strict(body, b); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	return b, b.check(label)
}

// openKept opens a book that was taken before: its author may have left since, and until those who remain have made
// another it is still good. The grant says whether it counts.
func (o *Office) openKept(name string, label bookLabel, sealed []byte) (*book, error) {
	return o.openBook(name, label, sealed, o.state.Roster.Former)
}

// bookFor returns the book of a record for a moment, if the person may have it: of several the one made last.
func (o *Office) bookFor(record string, at time.Time) *book {
	var last *book
	for name := range o.state.Books {
		label, err := splitBookName(name)
		if err != nil || label.record != record || at.Before(label.from) || !at.Before(label.until) {
			continue
		}
		sealed, err := o.home.Read(bookFile(name))
		if err != nil {
			continue
		}
		b, err := o.openKept(name, label, sealed)
		if err == nil && o.right(b.facts(), at).Covers(Codes) && (last == nil || b.Made.After(last.Made)) {
			last = b
		}
	}
	return last
}

func (b *book) facts() facts {
	f := facts{record: b.Record}
	for _, c := range b.Card.Clients {
		if c.Folder != "" {
			f.folders = append(f.folders, c.Folder)
		}
	}
	return f
}

// Code is the code of a moment for an account that this person has only a book of.
func (o *Office) Code(account string, at time.Time) (vault.Code, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return vault.Code{}, err
	}
	b := o.bookFor(account, at)
	if b == nil {
		return vault.Code{}, lang.E("office-no-code").Kind(ErrUnknown)
	}
	c, ok := b.code(at)
	if !ok {
		return vault.Code{}, lang.E("office-no-code-now", "From", o.state.Roster.Settings.FromHour, "Until", o.state.Roster.Settings.UntilHour).Kind(ErrUnknown)
	}
	return c, nil
}

// bookCards are the cards of the books that count now.
func (o *Office) bookCards(now time.Time) []card {
	records := map[string]bool{}
	for name := range o.state.Books {
		if label, err := splitBookName(name); err == nil {
			records[label.record] = true
		}
	}
	var cards []card
	for record := range records {
		b := o.bookFor(record, now)
		if b == nil {
			continue
		}
		c := card{account: vault.Account{ID: record, Service: b.Card.Service, UserName: b.Card.User}}
		c.account.Key = vault.Key{Kind: vault.Book, Algorithm: "SHA1", Digits: b.Digits, Period: b.Period}
		for _, client := range b.Card.Clients {
			c.clients = append(c.clients, vault.Client{ID: client.ID, Name: client.Name, TaxNumber: client.Tax, Folder: client.Folder})
		}
		cards = append(cards, c)
	}
	slices.SortFunc(cards, func(a, b card) int { return strings.Compare(a.account.ID, b.account.ID) })
	return cards
}

// bookBoundary says whether a book has begun or ended between two moments.
func (o *Office) bookBoundary(after, now time.Time) bool {
	for name := range o.state.Books {
		if label, err := splitBookName(name); err == nil {
			for _, t := range []time.Time{label.from, label.until} {
				if t.After(after) && !t.After(now) {
					return true
				}
			}
		}
	}
	return false
}

// dropBooks removes the books of this device that have ended or are no longer granted.
func (o *Office) dropBooks(now time.Time) error {
	s := o.state
	for name := range s.Books {
		label, err := splitBookName(name)
		if err == nil && now.Before(label.until) && !s.Expelled {
			sealed, err := o.home.Read(bookFile(name))
			if err == nil {
				if b, err := o.openKept(name, label, sealed); err == nil && s.mayHaveBook(b.facts(), label) {
					continue
				}
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := o.dropBook(name); err != nil {
			return err
		}
	}
	return nil
}

// dropBook removes a book of this device.
func (o *Office) dropBook(name string) error {
	if err := o.home.Remove(bookFile(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	delete(o.state.Books, name)
	o.dirty, o.pulled = true, true
	return nil
}

// mayHaveBook says whether a device's member may have codes of a record at some time that a book is for.
func (s *state) mayHaveBook(f facts, label bookLabel) bool {
	d := s.Roster.device(label.device)
	if d == nil {
		return false
	}
	return slices.ContainsFunc(s.Roster.Grants, func(g Grant) bool {
		return g.Member == d.Member && g.Right == Codes && g.covers(f) && g.From.Before(label.until) && g.Until.After(label.from)
	})
}

// books sees to it that every substitute has codes for the next days: it makes books that are wanted and deletes those
// that are not.
func (o *Office) seeToBooks(ctx context.Context, now time.Time) error {
	s := o.state
	wanted := map[string]func() (*book, error){}
	keep := map[string]bool{}
	for i := range s.Roster.Grants {
		g := &s.Roster.Grants[i]
		if g.Right != Codes || !now.Before(g.Until) {
			continue
		}
		// A book begins with an hour and reaches to a midnight, so that the same one is wanted all day long.
		from := now.Truncate(24 * time.Hour)
		until := from.AddDate(0, 0, s.Roster.Settings.BookDays)
		if g.From.After(from) {
			from = g.From.Truncate(bookStep)
		}
		if g.Until.Before(until) {
			until = g.Until
		}
		if !from.Before(until) {
			continue
		}
		for id, r := range s.Records {
			f := r.edits.fields()
			if len(r.edits) == 0 || f[fieldGone] != "" || !g.covers(facts{id, foldersOf(f)}) {
				continue
			}
			print := bookPrint(f, s.Roster)
			for _, d := range s.Roster.Devices {
				if d.Member == g.Member {
					name := bookName(id, d.ID, from, until, print)
					wanted[name] = func() (*book, error) { return makeBook(id, d.ID, f, s.Roster.Settings, from, until) }
				}
			}
		}
	}
	there := map[string]bool{}
	for _, name := range o.books {
		there[name] = true
		label, err := splitBookName(name)
		keep[name] = err == nil && now.Before(label.until) && wanted[name] != nil
	}
	type making struct {
		name string
		none bool
		err  error
	}
	var todo []*making
	for name := range wanted {
		if !there[name] {
			todo = append(todo, &making{name: name})
		}
	}
	slices.SortFunc(todo, func(a, b *making) int { return strings.Compare(a.name, b.name) })
	// It is written down before what is to be announced: who is told of a book too early looks again, but who is told of
	// none, because this device was cut off in between, has no codes until it asks for the whole list.
	for _, m := range todo {
		s.Announce = append(s.Announce, m.name)
		o.dirty = true
	}
	if err := o.save(); err != nil {
		return err
	}
	store.Each(o.store, todo, func(m *making) {
		b, err := wanted[m.name]()
		if said := (*lang.Error)(nil); errors.As(err, &said) {
			m.none = true // there can be none; the page says so where the right is given
			return
		}
		if err == nil {
			m.err = o.putBook(ctx, m.name, b)
		} else {
			m.err = err
		}
	})
	for _, m := range todo {
		if m.err != nil {
			return m.err
		}
		o.books = append(o.books, m.name)
		if m.none {
			s.Announce = slices.DeleteFunc(s.Announce, func(name string) bool { return name == m.name })
			o.dirty = true
		}
	}
	var left []string
	for _, name := range o.books {
		if there[name] && !keep[name] {
			if err := o.store.Delete(ctx, name); err != nil {
				return err
			}
			continue
		}
		left = append(left, name)
	}
	o.books = left
	return nil
}

func (o *Office) putBook(ctx context.Context, name string, b *book) error {
	b.Made = stamp(o.now())
	sealed, err := sealBook(o.box, o.state.Office, name, b, o.id, o.state.Roster.device(b.Device).Public)
	if err == nil {
		err = o.store.Put(ctx, name, sealed)
	}
	if errors.Is(err, store.ErrExists) {
		return nil // another admin's device was quicker
	}
	return err
}

func sealBook(x box, office, name string, b *book, author *seal.Identity, to *seal.Public) ([]byte, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return x.seal(bookContext(office, name), body, author, to)
}

// bookPrint tells whether a book is still right: it changes with the key, the names and the hours, and with who the
// admins are, because what somebody made who no longer is one is not taken. Who does not have the key cannot work it
// out.
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
