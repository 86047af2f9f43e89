package cli

import (
	"context"

	"github.com/spf13/cobra"
)

type officeLeaveOptions struct {
	keep bool // keep copies of the office's clients
	yes  bool
}

func (a *app) officeLeaveCommand() *cobra.Command {
	var o officeLeaveOptions
	cmd := &cobra.Command{
		Use: "leave", Short: "help-office-leave", Long: "help-office-leave-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeLeave(cmd.Context(), o) },
	}
	cmd.Flags().BoolVar(&o.keep, "keep", false, "flag-office-keep")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	return cmd
}

func (a *app) runOfficeLeave(ctx context.Context, o officeLeaveOptions) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	question := "ask-office-leave"
	if o.keep {
		question = "ask-office-leave-keep"
	}
	if !o.yes && !a.confirm(question, "Office", v.Name) {
		a.say("office-stayed")
		return nil
	}
	if err := c.OfficeLeave(ctx, o.keep); err != nil {
		return err
	}
	a.say("office-left-it", "Office", v.Name)
	return nil
}
