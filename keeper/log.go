package keeper

import (
	"context"
	"slices"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// log returns the lines that a person asks for, and where in that time it is not whole.
func (k *keeper) log(ctx context.Context, r agent.LogRequest) (agent.Log, error) {
	if err := k.saveUsage(); err != nil { // what was taken a moment ago belongs to it
		return agent.Log{}, err
	}
	all, gaps, err := k.vault.Log()
	if err != nil {
		return agent.Log{}, err
	}
	gaps = slices.DeleteFunc(gaps, func(g vault.LogGap) bool { return !r.CoversMonth(g.Month) })
	named := namedLike(r.Query)
	contents := k.contents()
	all = slices.DeleteFunc(all, func(e vault.LogEntry) bool {
		if c, ok := contents.Client(e.Client); ok && k.mayTouch(&c) != nil {
			return true
		}
		return !r.Covers(e.At) || !named(e.Name)
	})
	return agent.Log{Lines: append([]vault.LogEntry{}, all...), Gaps: append([]vault.LogGap{}, gaps...)}, nil
}

// namedLike returns a predicate, memoized, of clients' names: whether every word of a query is in one.
func namedLike(query string) func(name string) bool {
	q := lang.NewQuery(query)
	known := map[string]bool{}
	return func(name string) bool {
		found, ok := known[name]
		if !ok {
			key := lang.NewSearchKey(name, "")
			found = q.Finds(&key)
			known[name] = found
		}
		return found
	}
}

// details returns what a list does not show. A key or a deletion code is shown only to who can open the vault, and
// not before the log tells it.
func (k *keeper) details(ctx context.Context, r agent.Reveal) (agent.Details, error) {
	contents := k.contents()
	c, ok := contents.Client(r.ID)
	if !ok {
		return agent.Details{}, lang.E("client-gone").Kind(agent.ErrNotFound)
	}
	if err := k.mayTouch(&c); err != nil {
		return agent.Details{}, err
	}
	secret := r.Key || r.URI || r.DeletionCode
	if secret {
		if err := k.maySee(contents, &c); err != nil {
			return agent.Details{}, err
		}
	}
	if secret {
		if err := k.vault.Note(ctx, vault.LogEntry{Act: vault.Revealed, Client: c.ID, Name: labelIn(contents, &c)}); err != nil {
			return agent.Details{}, err
		}
	}
	a, _ := contents.Account(c.Account)
	d := agent.Details{Client: redacted(contents, k.desk.rights(), &c), Note: a.Note, HasDeletionCode: a.DeletionCode != ""}
	d.Beside = besides(contents)[c.ID]
	for _, row := range k.visible().clients {
		if row.Account == c.Account && row.ID != c.ID {
			d.Others = append(d.Others, row.Label())
		}
	}
	if r.Key {
		d.Key = a.Key.Secret
	}
	for _, f := range contents.FormerKeys(a.ID) {
		former := agent.FormerKey{Until: f.Until}
		if r.Key {
			former.Key = f.Key.Secret
		}
		d.Formers = append(d.Formers, former)
	}
	if r.URI {
		d.URI = exchange.Entries(contents, map[string]bool{c.ID: true})[0].ShortURI()
	}
	if r.DeletionCode {
		d.DeletionCode = a.DeletionCode
	}
	return d, nil
}
