package office

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/lang"
	"kapu/office/store"
)

// mayHaveBook says whether a device's member may have codes of a record at some time that a book is for.
func (s *state) mayHaveBook(f facts, label bookLabel) bool {
	d := s.Roster.device(label.device)
	if d == nil {
		return false
	}
	return slices.ContainsFunc(s.Roster.Grants, func(g Grant) bool {
		return g.Member == d.Member && g.Right == Codes && g.covers(f) &&
			g.From.Before(label.until) && g.Until.After(label.from)
	})
}

// bookMaker makes a book when it is called.
type bookMaker func() (*book, error)

// reconcileBooks makes the store hold exactly the books that the grants call for, so that every substitute has codes
// for the next days: what is desired and not there is published, what is there and not desired is deleted.
func (p *pass) reconcileBooks(ctx context.Context) error {
	desired := p.desiredBooks()
	there := map[string]bool{}
	for _, name := range p.storeBooks {
		there[name] = true
	}
	var missing []string
	for name := range desired {
		if !there[name] {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	if err := p.publishBooks(ctx, missing, desired); err != nil {
		return err
	}
	var left, old []string
	for _, name := range p.storeBooks {
		label, err := splitBookName(name)
		if current := err == nil && p.at.Before(label.until) && desired[name] != nil; there[name] && !current {
			old = append(old, name)
		} else {
			left = append(left, name)
		}
	}
	if err := store.DeleteAll(ctx, p.store, old); err != nil {
		return err
	}
	p.storeBooks = left
	for _, name := range old { // who has one that is no longer right learns that it is gone
		if label, err := splitBookName(name); err == nil && p.at.Before(label.until) {
			p.announceDeleted(name)
		}
	}
	return nil
}

// desiredBooks are the names of all books that the grants call for now, each with what makes it.
func (p *pass) desiredBooks() map[string]bookMaker {
	s := p.state
	desired := map[string]bookMaker{}
	for i := range s.Roster.Grants {
		g := &s.Roster.Grants[i]
		from, until := p.bookSpan(g)
		if g.Right != Codes || !p.at.Before(g.Until) || !from.Before(until) {
			continue
		}
		devices := s.Roster.devicesOf(g.Member)
		for id, r := range s.Records {
			f := r.edits.fields()
			if len(r.edits) == 0 || f[fieldGone] != "" || !g.covers(facts{id, foldersOf(f)}) {
				continue
			}
			print := bookPrint(f, s.Roster)
			for _, d := range devices {
				if !d.Away.IsZero() {
					continue
				}
				desired[bookName(id, d.ID, from, until, print)] = func() (*book, error) {
					return makeBook(s.Office, id, d.ID, f, s.Roster.Settings, from, until)
				}
			}
		}
	}
	return desired
}

// bookSpan is the span of the books that a grant calls for now. It begins with an hour and reaches to a midnight of
// UTC, so that the same one is desired all day long.
func (p *pass) bookSpan(g *Grant) (from, until time.Time) {
	from = p.at.Truncate(24 * time.Hour)
	until = from.AddDate(0, 0, p.state.Roster.Settings.BookDays)
	if g.From.After(from) {
		from = g.From.Truncate(bookStep)
	}
	if g.Until.Before(until) {
		until = g.Until
	}
	return from, until
}

// publishBooks makes books and puts them into the store. Their names are queued for the feed and saved before: a
// premature announcement is retried, a lost one leaves the substitute without codes until the next whole listing
// (listEvery).
func (p *pass) publishBooks(ctx context.Context, names []string, makers map[string]bookMaker) error {
	s := p.state
	type publication struct {
		name       string
		impossible bool // there can be none; the page says so where the right is given
		err        error
	}
	todo := []*publication{}
	for _, name := range names {
		todo = append(todo, &publication{name: name})
		s.Outbox = append(s.Outbox, name)
		p.dirty = true
	}
	if err := p.save(); err != nil {
		return err
	}
	store.Each(p.store, todo, func(b *publication) {
		made, err := makers[b.name]()
		if said := (*lang.Error)(nil); errors.As(err, &said) {
			b.impossible = true
			return
		}
		if b.err = err; err == nil {
			b.err = p.putBook(ctx, b.name, made)
		}
	})
	for _, b := range todo {
		if b.err != nil {
			return b.err
		}
		p.storeBooks = append(p.storeBooks, b.name)
		if b.impossible {
			s.Outbox = slices.DeleteFunc(s.Outbox, func(name string) bool { return name == b.name })
			p.dirty = true
		}
	}
	return nil
}

// putBook seals a book and puts it into the store.
func (p *pass) putBook(ctx context.Context, name string, b *book) error {
	b.Made = wireTime(p.now())
	sealed, err := sealBook(p.box, p.state.Office, name, b, p.id, p.state.Roster.device(b.Device).Public)
	if err == nil {
		err = p.store.Put(ctx, name, sealed)
	}
	if errors.Is(err, store.ErrExists) {
		return nil // another admin's device was quicker
	}
	return err
}
