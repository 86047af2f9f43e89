package agent

import (
	"context"
	"slices"
	"time"

	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// LogOf asks for what was done to the clients with a name from one day ("2026-12-31") to another, both as a whole;
// "" is any.
func LogOf(name, from, until string) (LogRequest, error) {
	r := LogRequest{Query: name}
	for _, d := range []struct {
		text string
		at   *time.Time
		add  int
	}{{from, &r.From, 0}, {until, &r.Until, 1}} {
		if d.text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, d.text, time.Local)
		if err != nil {
			return r, lang.E("date-wrong", "Value", d.text)
		}
		*d.at = day.AddDate(0, 0, d.add)
	}
	return r, nil
}

// covers says whether a time is one that is asked for.
func (r *LogRequest) covers(at time.Time) bool {
	return !at.Before(r.From) && (r.Until.IsZero() || at.Before(r.Until))
}

// log returns the lines that a person asks for.
func (k *keeper) log(ctx context.Context, r LogRequest) ([]vault.LogEntry, error) {
	if err := k.saveUsage(); err != nil { // what was taken a moment ago belongs to it
		return nil, err
	}
	all, err := k.vault.Log()
	if err != nil {
		return nil, err
	}
	query := lang.Fold(r.Query)
	contents := k.contents()
	all = slices.DeleteFunc(all, func(e vault.LogEntry) bool {
		if c, ok := contents.Client(e.Client); ok && k.mayTouch(&c) != nil {
			return true
		}
		return !r.covers(e.At) || !contains(e.Name, query)
	})
	return append([]vault.LogEntry{}, all...), nil
}

// details returns what a list does not show. A key or a deletion code is shown only to who can open the vault, and
// not before the log tells it.
func (k *keeper) details(ctx context.Context, r Reveal) (Details, error) {
	contents := k.contents()
	c, ok := contents.Client(r.ID)
	if !ok {
		return Details{}, lang.E("client-gone").Kind(ErrNotFound)
	}
	if err := k.mayTouch(&c); err != nil {
		return Details{}, err
	}
	secret := r.Key || r.URI || r.DeletionCode
	if secret {
		if err := k.maySee(contents, &c); err != nil {
			return Details{}, err
		}
		if err := k.door.Authenticate(ctx, k.vault, r.Current); err != nil {
			return Details{}, err
		}
	}
	if secret {
		if err := k.vault.Note(ctx, vault.LogEntry{Act: vault.Revealed, Client: c.ID, Name: c.Name}); err != nil {
			return Details{}, err
		}
	}
	a, _ := contents.Account(c.Account)
	d := Details{Client: view(contents, k.desk.rights(), &c), Note: a.Note, HasDeletionCode: a.DeletionCode != ""}
	if r.Key {
		d.Key = a.Key.Secret
	}
	if r.URI {
		d.URI = exchange.Entries(contents, map[string]bool{c.ID: true})[0].ShortURI()
	}
	if r.DeletionCode {
		d.DeletionCode = a.DeletionCode
	}
	return d, nil
}
