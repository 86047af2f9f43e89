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
	name, tax string // folded
	groups    []int
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
		rows[i] = indexedClient{redacted(contents, rights, c), names[i], digits(c.TaxNumber), groups(c)}
		rows[i].Beside, rows[i].Duplicate = beside[c.ID], duplicate[c.ID]
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

// search returns the clients that a query matches: its id, the digits of its tax number, or every word of the
// query somewhere in the name, all without accents and case. "" matches all.
func (x *index) search(query string) []indexedClient {
	words := strings.Fields(lang.Fold(query))
	if len(words) == 0 {
		return x.clients
	}
	tax := digits(query)
	if len(tax) < minTax || strings.Trim(query, "0123456789- ") != "" {
		tax = ""
	}
	var found []indexedClient
	for _, r := range x.clients {
		if r.ID == query || (tax != "" && strings.HasPrefix(r.tax, tax)) || hasAll(r.name, words) {
			found = append(found, r)
		}
	}
	return found
}

// minTax keeps "2" from matching every tax number that begins with it.
const minTax = 3

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
