package keeper

import (
	"slices"
	"strings"

	"kapu/agent"
	"kapu/lang"
)

// resolve returns the only client a query means. An id, a whole name or a label goes before parts of names, so that
// "Alfa Kft." can be asked for though there is an "Alfa Kft. Pécs" too. Everything else that a query may mean counts
// alike: to choose between two meanings is the person's.
func (x *index) resolve(query string) (indexedClient, error) {
	folded := lang.Fold(query)
	if folded == "" {
		return indexedClient{}, lang.E("query-empty").Kind(agent.ErrNotFound)
	}
	found := x.exact(query, folded)
	if len(found) == 0 {
		found = x.search(query)
		for _, r := range x.clients {
			if r.isToldBy(folded) && !slices.ContainsFunc(found, func(f indexedClient) bool { return f.ID == r.ID }) {
				found = append(found, r)
			}
		}
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

// exact are the clients with an id or, if there is none, with a whole name or label.
func (x *index) exact(query, folded string) (found []indexedClient) {
	for _, r := range x.clients {
		if r.ID == query {
			return []indexedClient{r}
		}
		if r.name == folded || r.Beside != "" && lang.Fold(r.Label()) == folded {
			found = append(found, r)
		}
	}
	return found
}

// isToldBy says whether a folded query is the account's user name, or the client's name with what tells it from others
// of that name: the tax number or its beginning, the user name, the folder, or the beginning of the id.
func (r *indexedClient) isToldBy(folded string) bool {
	user := lang.Fold(r.UserName)
	if user != "" && user == folded {
		return true
	}
	mark, named := strings.CutPrefix(folded, r.name+" ")
	if !named {
		return false
	}
	mark = strings.TrimSuffix(strings.TrimPrefix(mark, "("), ")")
	if tax := digits(mark); len(tax) >= minTax && strings.Trim(mark, "0123456789- ") == "" && strings.HasPrefix(r.tax, tax) {
		return true
	}
	return mark != "" && (mark == user || mark == lang.Fold(r.Folder)) ||
		len(mark) >= shortestID && strings.HasPrefix(r.ID, mark)
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
