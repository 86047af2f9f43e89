package keeper

import (
	"context"
	"slices"

	"kapu/agent"
)

// officeReach says to which clients a right to some scopes is one now. A right to a client is one to its account, and
// one to a folder is to the accounts of all who are in it: so others come along who share these.
func (k *keeper) officeReach(_ context.Context, r agent.OfficeScopes) (agent.OfficeReach, error) {
	if _, err := k.desk.reading(); err != nil {
		return agent.OfficeReach{}, err
	}
	return reach(k.index.of(k.contents()), r, k.groups.locked()), nil
}

// reach counts the office's clients that scopes are about, also in groups that are locked: those it does not name.
func reach(x *index, r agent.OfficeScopes, locked map[int]bool) agent.OfficeReach {
	ids := make(map[string]bool, len(r.Clients))
	for _, id := range r.Clients {
		ids[id] = true
	}
	named := func(c *indexedClient) bool {
		return c.Right != "" && (r.All || ids[c.ID] || c.Folder != "" && slices.Contains(r.Folders, c.Folder))
	}
	accounts := map[string]bool{}
	for i := range x.clients {
		if c := &x.clients[i]; named(c) {
			accounts[c.Account] = true
		}
	}
	found := agent.OfficeReach{More: []string{}}
	for i := range x.clients {
		c := &x.clients[i]
		if !accounts[c.Account] {
			continue
		}
		found.Clients++
		if !named(c) && !intersects(c.groups, locked) {
			found.More = append(found.More, c.Label())
		}
	}
	return found
}
