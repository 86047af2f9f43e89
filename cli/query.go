package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kapu/agent"
)

// oneClient finds the one client that a query means, and lists the candidates where there are several.
func (a *app) oneClient(ctx context.Context, query string) (*agent.Conn, agent.Client, error) {
	c, err := a.unlocked(ctx)
	if err != nil {
		return nil, agent.Client{}, err
	}
	client, err := c.Find(ctx, query)
	if errors.Is(err, agent.ErrAmbiguous) {
		a.listMatches(ctx, c, query)
	}
	return c, client, err
}

// listMatches shows what an ambiguous query matched, so that the person can choose.
func (a *app) listMatches(ctx context.Context, c *agent.Conn, query string) {
	if matches, err := c.List(ctx, query, ""); err == nil {
		_ = printCandidates(a.err, matches)
	}
}

// completeClients offers client names to the shell while the vault is unlocked.
func (a *app) completeClients(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	var names []string
	if c, err := a.unlocked(ctx); err == nil {
		if clients, err := c.List(ctx, typed, ""); err == nil {
			for _, client := range clients {
				names = append(names, client.Label())
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
