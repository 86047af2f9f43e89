package keeper

import (
	"context"
	"slices"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// The rights of members, translated from what a face knows (clients, days) to what the office knows (records, moments).
// What a right replaces is the office's business; each decision is one amendment.

func (k *keeper) officeSetRights(ctx context.Context, r agent.OfficeAssignment) (agent.OfficeRightsChange, error) {
	a, err := assignment(r)
	if err != nil {
		return agent.OfficeRightsChange{}, err
	}
	return k.changeRights(ctx, r.OfficeScopes, func(o *office.Office, to []office.Scope) (office.RightsChange, error) {
		a.Scopes = to
		return o.SetRights(ctx, a)
	}, k.rightLines(r.Right, r.Members, r.OfficeScopes)...)
}

// assignment is all of a face's assignment but its scopes.
func assignment(r agent.OfficeAssignment) (a office.Assignment, err error) {
	a = office.Assignment{Members: r.Members, AnyScope: r.AnyScope, Right: r.Right}
	a.From, a.Until, err = r.Span()
	return a, err
}

func (k *keeper) officeStandIn(ctx context.Context, r agent.OfficeSubstitution) (agent.OfficeRightsChange, error) {
	s := office.Substitution{Member: r.Member, For: r.For, Right: r.Right}
	var err error
	if s.From, s.Until, err = r.Span(); err != nil {
		return agent.OfficeRightsChange{}, err
	}
	lines := k.rightLines(r.Right, []string{r.Member}, r.OfficeScopes)
	if r.For != "" {
		lines = []vault.LogEntry{k.standInLine(s)}
	}
	return k.changeRights(ctx, r.OfficeScopes, func(o *office.Office, to []office.Scope) (office.RightsChange, error) {
		s.Scopes = to
		return o.StandIn(ctx, s)
	}, lines...)
}

func (k *keeper) officeRevoke(ctx context.Context, r agent.ByIDs) (agent.None, error) {
	return k.decide(ctx, func(o *office.Office) error { return o.Revoke(ctx, r.IDs...) })
}

// changeRights translates scopes and decides.
func (k *keeper) changeRights(
	ctx context.Context, to agent.OfficeScopes,
	change func(*office.Office, []office.Scope) (office.RightsChange, error), lines ...vault.LogEntry,
) (done agent.OfficeRightsChange, err error) {
	_, err = k.decide(ctx, func(o *office.Office) error {
		scopes, err := k.scopes(o, to)
		if err != nil {
			return err
		}
		c, err := change(o, scopes)
		done = agent.OfficeRightsChange{Given: c.Given, Ended: c.Ended, Scopes: len(scopes)}
		return err
	}, lines...)
	return done, err
}

// scopes are what a face's clients, folders and everything are for the office, each once.
func (k *keeper) scopes(o *office.Office, of agent.OfficeScopes) ([]office.Scope, error) {
	var scopes []office.Scope
	add := func(s office.Scope) {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	for _, id := range of.Clients {
		c, err := k.officeClient(id)
		if err != nil {
			return nil, err
		}
		record, err := o.Record(c.Account)
		if err != nil {
			return nil, err
		}
		add(office.Scope{Record: record})
	}
	for _, f := range of.Folders {
		folder := vault.CleanText(f)
		if folder == "" { // which would be everything
			return nil, lang.E("office-folder-nameless").Kind(office.ErrInvalid)
		}
		add(office.Scope{Folder: folder})
	}
	if of.All {
		add(office.Scope{})
	}
	return scopes, nil
}
