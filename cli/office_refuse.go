package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) officeRefuseCommand() *cobra.Command {
	return &cobra.Command{
		Use: "refuse [NAME]", Short: "help-office-refuse", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeRefuse(cmd.Context(), optional(args))
		},
	}
}

func (a *app) runOfficeRefuse(ctx context.Context, name string) error {
	c, _, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	r, err := a.findRequest(ctx, c, name)
	if err == nil {
		err = c.OfficeRefuse(ctx, r.Device)
	}
	if err != nil {
		return err
	}
	if r.Away != "" {
		a.say("office-refused-away", "Name", r.Name, "Machine", r.Machine)
		return nil
	}
	a.say("office-refused", "Name", r.Name, "Machine", r.Machine)
	return nil
}
