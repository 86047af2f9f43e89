package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeMembersCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "members", Short: "help-office-members", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeMembers(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runOfficeMembers(ctx context.Context, asJSON bool) error {
	return a.readOffice(ctx, asJSON, func(_ *agent.Conn, v agent.OfficeView) (any, [][]string, error) {
		var rows [][]string
		for _, m := range v.Members {
			rows = append(rows, []string{
				m.Name, a.texts.T("office-role-" + string(m.Role)), a.texts.N("office-machines", len(m.Devices)), m.EMail,
			})
		}
		return nonNil(v.Members), rows, nil
	})
}
