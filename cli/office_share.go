package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeShareCommand() *cobra.Command {
	return &cobra.Command{
		Use: "share CLIENT...", Short: "help-office-share", Long: "help-office-share-long", Args: args(1, 1000),
		ValidArgsFunction: a.completeClients,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.runOfficeShare(cmd.Context(), args) },
	}
}

// runOfficeShare gives clients of the person's own to the office.
func (a *app) runOfficeShare(ctx context.Context, queries []string) error {
	return a.changeOffice(ctx, func(c *agent.Conn, _ agent.OfficeView) (func(), error) {
		ids, _, err := a.findClients(ctx, queries)
		if err != nil {
			return nil, err
		}
		return func() { a.sayN("office-shared", len(ids)) }, c.OfficeShare(ctx, ids...)
	})
}
