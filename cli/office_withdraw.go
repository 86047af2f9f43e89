package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

func (a *app) officeWithdrawCommand() *cobra.Command {
	return &cobra.Command{
		Use: "withdraw NAME", Short: "help-office-withdraw", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.runOfficeWithdraw(cmd.Context(), args[0]) },
	}
}

// runOfficeWithdraw takes back every open invitation of a name, or the one with an id.
func (a *app) runOfficeWithdraw(ctx context.Context, name string) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, i := range v.Invites {
		if i.ID == name || lang.Fold(i.Name) == lang.Fold(name) {
			if err := c.OfficeWithdraw(ctx, i.ID); err != nil {
				return err
			}
			n++
		}
	}
	if n == 0 {
		return lang.E("office-no-invite", "Name", name).Kind(agent.ErrNotFound)
	}
	a.say("office-withdrawn", "Name", name)
	return nil
}
