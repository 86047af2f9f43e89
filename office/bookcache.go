package office

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// The book cache: the books for this device, as files beside the vault, so that a substitute has codes offline too.

// bookFile is the name of the file of a book.
func bookFile(name string) string {
	return "book-" + strings.ReplaceAll(strings.TrimPrefix(name, prefixBooks), "/", "-") + ".age"
}

// receiveBook caches a book that is for this device.
func (p *pass) receiveBook(name string, label bookLabel, sealed []byte) error {
	if len(sealed) > maxBookBytes {
		return errRefused
	}
	if _, err := p.openBook(name, label, sealed, signingKeys(p.state.Roster.admins())); err != nil {
		return err
	}
	if err := p.home.Write(bookFile(name), sealed); err != nil {
		return err
	}
	p.state.Books[name] = true
	p.dirty, p.vaultStale = true, true
	return nil
}

// openBook opens a book that one of some authors has made.
func (o *Office) openBook(name string, label bookLabel, sealed []byte, authors []string) (*book, error) {
	s := o.state
	body, _, err := o.box.open(bookContext(s.Office, name), sealed, o.id, authors...)
	if err != nil {
		return nil, err
	}
	b := &book{}
	if err := strict(body, b); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	return b, b.check(label)
}

// openCached opens a book that was accepted before: its author may have left since, or be away, and until those who
// remain have made another it is still good. The grant says whether it counts.
func (o *Office) openCached(name string, label bookLabel, sealed []byte) (*book, error) {
	r := o.state.Roster
	authors := signingKeys(r.admins())
	for i := range r.Devices {
		if d := &r.Devices[i]; !d.Away.IsZero() && r.roleOf(d) == Admin {
			authors = append(authors, d.Public.SigningKey())
		}
	}
	for _, f := range r.Former {
		if f.Admin {
			authors = append(authors, f.Signing)
		}
	}
	return o.openBook(name, label, sealed, authors)
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
		b, err := o.openCached(name, label, sealed)
		if err == nil && o.right(b.facts(), at).Covers(Codes) && (last == nil || b.Made.After(last.Made)) {
			last = b
		}
	}
	return last
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
		hours := o.state.Roster.Settings
		return vault.Code{}, lang.E("office-no-code-now", "From", hours.FromHour, "Until", hours.UntilHour).Kind(ErrUnknown)
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
			c.clients = append(c.clients, vault.Client{
				ID: client.ID, Name: client.Name, TaxNumber: client.Tax, Folder: client.Folder,
			})
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

// dropEndedBooks evicts the cached books that have ended or are no longer granted.
func (p *pass) dropEndedBooks() error {
	s := p.state
	for name := range s.Books {
		label, err := splitBookName(name)
		if err == nil && p.at.Before(label.until) && !s.Expelled {
			sealed, err := p.home.Read(bookFile(name))
			if err == nil {
				if b, err := p.openCached(name, label, sealed); err == nil && s.mayHaveBook(b.facts(), label) {
					continue
				}
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := p.dropBook(name); err != nil {
			return err
		}
	}
	return nil
}

// dropBook evicts a cached book.
func (p *pass) dropBook(name string) error {
	if err := p.home.Remove(bookFile(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	delete(p.state.Books, name)
	p.dirty, p.vaultStale = true, true
	return nil
}
