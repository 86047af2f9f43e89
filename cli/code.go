package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) codeCommand() *cobra.Command {
	var next, asJSON bool
	cmd := &cobra.Command{
		Use: "code QUERY", Short: "help-code", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			code, err := c.Code(cmd.Context(), args[0], next)
			if errors.Is(err, agent.ErrAmbiguous) {
				a.listMatches(cmd.Context(), c, args[0])
			}
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(code)
			}
			fmt.Fprintln(a.out, code.Code)
			if isTerminal(a.out) && !code.Until.IsZero() {
				fmt.Fprintln(a.err, a.texts.N("code-valid", code.Remaining, "Client", code.Name))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&next, "next", false, "flag-next")
	jsonFlag(cmd, &asJSON)
	return cmd
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
				names = append(names, client.Name)
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
