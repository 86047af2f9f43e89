package keeper

import (
	"context"
	"slices"

	"kapu/agent"
	"kapu/office"
)

// officeReach says what a right comes to: to which clients it is one now and, of one member, how many keys they will
// know. A right to a client is one to its account, and one to a folder is to the accounts of all who are in it: so
// others come along who share these.
func (k *keeper) officeReach(_ context.Context, r agent.OfficeProspect) (agent.OfficeReach, error) {
	o, err := k.desk.reading()
	if err != nil {
		return agent.OfficeReach{}, err
	}
	x := k.index.of(k.contents())
	if r.OfficeScopes, err = k.prospectScopes(x, r); err != nil {
		return agent.OfficeReach{}, err
	}
	found := reach(x, r.OfficeScopes, k.groups.locked())
	if len(r.Members) != 1 {
		return found, nil
	}
	a, err := assignment(r.OfficeAssignment)
	if err == nil {
		a.Scopes, err = k.scopes(o, r.OfficeScopes)
	}
	if err == nil {
		found.Keys = &agent.OfficeKeys{}
		found.Keys.Now, found.Keys.Then, err = o.KeysAfter(a)
	}
	return found, err
}

// prospectScopes are the scopes of a right: those that it names, or those of the member who is stood in for.
func (k *keeper) prospectScopes(x *index, r agent.OfficeProspect) (agent.OfficeScopes, error) {
	s := k.desk.current.Load()
	if r.For == "" || s == nil || s.Roster == nil {
		return r.OfficeScopes, nil
	}
	from, until, err := r.Span()
	if err != nil {
		return agent.OfficeScopes{}, err
	}
	var to agent.OfficeScopes
	accounts := map[string]bool{}
	for _, scope := range (&office.Substitution{For: r.For, From: from, Until: until}).ScopesOf(s.Roster) {
		switch {
		case scope.Record != "":
			accounts[s.accounts[scope.Record]] = true
		case scope.Folder != "":
			to.Folders = append(to.Folders, scope.Folder)
		default:
			to.All = true
		}
	}
	for i := range x.clients {
		if accounts[x.clients[i].Account] {
			to.Clients = append(to.Clients, x.clients[i].ID)
		}
	}
	return to, nil
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
