package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

func (a *app) removeCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "remove QUERY", Short: "help-remove", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runRemove(cmd.Context(), args[0], yes) },
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-yes")
	return cmd
}

func (a *app) runRemove(ctx context.Context, query string, yes bool) error {
	c, client, err := a.oneClient(ctx, query)
	if err != nil {
		return err
	}
	if sure, err := a.sureToRemove(ctx, c, client, yes); err != nil || !sure {
		return err
	}
	if _, err := c.Remove(ctx, client.ID); err != nil {
		return err
	}
	a.say("removed", "Client", client.Label())
	return nil
}

// sureToRemove asks at a terminal. What is the office's goes for everybody: that is said with for whom, and nobody who
// could not be asked does it without saying so.
func (a *app) sureToRemove(ctx context.Context, c *agent.Conn, client agent.Client, yes bool) (bool, error) {
	offices := client.Right != ""
	switch {
	case yes || !offices && !isTerminal(a.in):
		return true, nil
	case !isTerminal(a.in):
		return false, lang.E("remove-office-yes", "Client", client.Label()).Kind(vault.ErrInvalid)
	}
	question := []any{"Client", client.Label()}
	id := "ask-remove"
	if offices {
		plan, err := c.PlanRemoval(ctx, client.ID)
		if err != nil {
			return false, err
		}
		id, question = "ask-remove-office", append(question, "Members", strings.Join(plan.Members, ", "))
	}
	if !a.confirm(id, question...) {
		a.say("not-removed")
		return false, nil
	}
	return true, nil
}
