package cli

import (
	"context"

	"github.com/spf13/cobra"
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
	if !yes && isTerminal(a.in) && !a.confirm("ask-remove", "Client", client.Label()) {
		a.say("not-removed")
		return nil
	}
	if _, err := c.Remove(ctx, client.ID); err != nil {
		return err
	}
	a.say("removed", "Client", client.Label())
	return nil
}
