package keeper

import (
	"strings"

	"kapu/agent"
	"kapu/lang"
)

// resolve returns the only client a query means. The first of these that any client matches decides: the id, the name
// or label as it is written, either in another dress, the whole tax number, the words. So "Alfa Kft." can be asked for
// though there is an "Alfa Kft. Pécs" too; what several match is ambiguous and never chosen from.
func (x *index) resolve(query string) (indexedClient, error) {
	folded := lang.Fold(query)
	if folded == "" {
		return indexedClient{}, lang.E("query-empty").Kind(agent.ErrNotFound)
	}
	found := x.whole(query, folded)
	if len(found) == 0 {
		found = x.search(query)
	}
	switch len(found) {
	case 0:
		return indexedClient{}, lang.E("client-not-found", "Query", query).Kind(agent.ErrNotFound)
	case 1:
		return found[0], nil
	default:
		return indexedClient{}, ambiguous(query, found)
	}
}

// whole are the clients of whose id, name, label or tax number a query is the whole.
func (x *index) whole(query, folded string) (found []indexedClient) {
	q := lang.NewQuery(query)
	labelled := func(r *indexedClient, is func(label string) bool) bool { return r.Beside != "" && is(r.Label()) }
	for _, fits := range []func(*indexedClient) bool{
		func(r *indexedClient) bool { return r.ID == query },
		func(r *indexedClient) bool {
			return r.folded == folded || labelled(r, func(label string) bool { return lang.Fold(label) == folded })
		},
		func(r *indexedClient) bool {
			return q.Names(&r.key) || labelled(r, func(label string) bool {
				key := lang.NewSearchKey(label, "")
				return q.Names(&key)
			})
		},
		func(r *indexedClient) bool { return q.Numbers(&r.key) },
	} {
		for i := range x.clients {
			if fits(&x.clients[i]) {
				found = append(found, x.clients[i])
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// mostNamed is how many candidates a sentence lists.
const mostNamed = 5

// ambiguous is the error that lists what a query may mean, and says how to choose.
func ambiguous(query string, found []indexedClient) error {
	labels := make([]string, 0, mostNamed)
	for _, r := range found[:min(len(found), mostNamed)] {
		labels = append(labels, r.Label())
	}
	list, n := strings.Join(labels, "; "), len(found)
	if more := n - mostNamed; more > 0 {
		return lang.E("client-ambiguous-more", "Query", query, "N", n, "Clients", list, "More", more).Kind(agent.ErrAmbiguous)
	}
	return lang.E("client-ambiguous", "Query", query, "N", n, "Clients", list).Kind(agent.ErrAmbiguous)
}
