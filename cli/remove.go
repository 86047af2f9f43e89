package cli

import "github.com/spf13/cobra"

func (a *app) removeCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "remove QUERY", Short: "help-remove", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, client, err := a.oneClient(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if !yes && isTerminal(a.in) && !a.confirm("ask-remove", "Client", client.Name) {
				a.say("not-removed")
				return nil
			}
			if _, err := c.Remove(cmd.Context(), client.ID); err != nil {
				return err
			}
			a.say("removed", "Client", client.Name)
			return nil
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-yes")
	return cmd
}
