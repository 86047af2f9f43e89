package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

func (a *app) officeRevokeCommand() *cobra.Command {
	var of scope
	cmd := &cobra.Command{
		Use: "revoke MEMBER", Short: "help-office-revoke", Long: "help-office-revoke-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := of.check(cmd); err != nil {
				return err
			}
			return a.runOfficeRevoke(cmd.Context(), args[0], of)
		},
	}
	of.flags(cmd)
	return cmd
}

func (a *app) runOfficeRevoke(ctx context.Context, name string, of scope) error {
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		m, err := findMember(v, name)
		if err != nil {
			return nil, err
		}
		within, err := a.within(ctx, c, of)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, g := range v.Grants {
			if g.Member == m.ID && within(g) {
				ids = append(ids, g.ID)
			}
		}
		if len(ids) == 0 {
			return nil, lang.E("office-grant-unknown").Kind(agent.ErrNotFound)
		}
		return func() {
			a.sayN("office-revoked", len(ids), "Name", m.Name)
			a.remindWork(ctx, c)
		}, c.OfficeRevoke(ctx, ids...)
	})
}

// within is the predicate whether a grant lies in a scope. One for a client is one for all clients of its account.
func (a *app) within(ctx context.Context, c *agent.Conn, of scope) (func(agent.OfficeGrant) bool, error) {
	clients, err := a.findClients(ctx, of.clients)
	if err != nil {
		return nil, err
	}
	accounts, folders := map[string]bool{}, map[string]bool{}
	for _, client := range clients {
		accounts[client.Account] = true
	}
	for _, f := range of.folders {
		folders[lang.Fold(f)] = true
	}
	all, err := c.List(ctx, "", "")
	accountOf := make(map[string]string, len(all))
	for _, client := range all {
		accountOf[client.ID] = client.Account
	}
	return func(g agent.OfficeGrant) bool {
		return of.all || accounts[accountOf[g.Client]] || g.Folder != "" && folders[lang.Fold(g.Folder)]
	}, err
}
