package keeper

import (
	"slices"
	"strings"
	"sync"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// index is the search index of one state of the vault: its clients in Hungarian collation order, with folded keys. It
// is immutable.
type index struct {
	contents *vault.Contents
	rights   *rights
	clients  []indexedClient
}

type indexedClient struct {
	agent.Client
	folded string // the name
	key    lang.SearchKey
	groups []int
}

// cache holds the index of the newest contents, rebuilt when the contents or the rights are others.
type cache struct {
	groups  func(*vault.Client) []int
	rights  func() *rights
	mu      sync.Mutex
	current *index
}

func (c *cache) of(contents *vault.Contents) *index {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rights := c.rights(); c.current == nil || c.current.contents != contents || c.current.rights != rights {
		c.current = newIndex(contents, rights, c.groups)
	}
	return c.current
}

// carry keeps the index over a save that changed nothing but when clients were used, which no index has to know.
func (c *cache) carry(before, after *vault.Contents) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.contents == before && after.Generation == before.Generation+1 {
		c.current = &index{after, c.current.rights, c.current.clients}
	}
}

func newIndex(contents *vault.Contents, rights *rights, groups func(*vault.Client) []int) *index {
	rows := make([]indexedClient, len(contents.Clients))
	names := foldedNames(contents)
	beside, duplicate := besidesOf(contents, names), duplicates(contents, names)
	for i := range contents.Clients {
		c := &contents.Clients[i]
		r := redacted(contents, rights, c)
		r.Beside, r.Duplicate = beside[c.ID], duplicate[c.ID]
		key := lang.NewSearchKey(r.Name, r.TaxNumber, r.Folder, r.UserName, r.Service)
		rows[i] = indexedClient{r, names[i], key, groups(c)}
	}
	lang.Sort(rows, func(r indexedClient) string { return r.Name })
	return &index{contents, rights, rows}
}

// without is the index of the clients that are in none of these groups.
func (x *index) without(groups map[int]bool) *index {
	if len(groups) == 0 {
		return x
	}
	return &index{x.contents, x.rights, slices.DeleteFunc(slices.Clone(x.clients), func(r indexedClient) bool { return intersects(r.groups, groups) })}
}

// redacted is a client as it may leave the agent: without key, deletion code and note.
func redacted(contents *vault.Contents, rights *rights, c *vault.Client) agent.Client {
	a, _ := contents.Account(c.Account)
	return agent.Client{
		ID: c.ID, Name: c.Name, TaxNumber: c.TaxNumber, Folder: c.Folder, Service: a.Service, UserName: a.UserName,
		Account: c.Account, MandateUntil: c.MandateUntil, PasswordUntil: a.PasswordUntil, Favourite: c.Favourite, LastUsed: c.LastUsed,
		Right: rights.right(&a),
	}
}

// filter returns the clients in a folder that a query matches; "" is every folder.
func (x *index) filter(folder, query string) []indexedClient {
	found := x.search(query)
	if folder == "" {
		return found
	}
	folder = lang.Fold(folder)
	var filed []indexedClient
	for _, r := range found {
		if lang.Fold(r.Folder) == folder {
			filed = append(filed, r)
		}
	}
	return filed
}

// search returns the clients that a query matches: its id, or every word of it somewhere in what they are found by. ""
// matches all.
func (x *index) search(query string) []indexedClient {
	if strings.TrimSpace(query) == "" {
		return x.clients
	}
	q := lang.NewQuery(query)
	var found []indexedClient
	for i := range x.clients {
		if r := &x.clients[i]; r.ID == query || q.Finds(&r.key) {
			found = append(found, *r)
		}
	}
	return found
}
