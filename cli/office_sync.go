package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) officeSyncCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "sync", Short: "help-office-sync", Long: "help-office-sync-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeSync(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runOfficeSync(ctx context.Context, asJSON bool) error {
	c, _, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	s, err := a.syncOffice(ctx, c)
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(s)
	}
	if s.Left == 0 && s.Waiting == 0 {
		a.say("office-in-step")
	}
	if s.Requests > 0 {
		a.sayN("office-requests", s.Requests)
	}
	if s.Left > 0 {
		a.sayN("office-left", s.Left)
	}
	if s.Waiting > 0 {
		a.sayN("office-arriving", s.Waiting)
	}
	return nil
}
