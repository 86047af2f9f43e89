package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type listOptions struct {
	query, folder string
	asJSON        bool
}

func (a *app) listCommand() *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use: "list [QUERY]", Short: "help-list", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = optional(args)
			return a.runList(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.folder, "folder", "", "flag-folder-only")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

func (a *app) runList(ctx context.Context, o listOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	clients, err := c.List(ctx, o.query, o.folder)
	if err != nil {
		return err
	}
	if s, err := c.Status(ctx); err == nil {
		a.sayLockedFolders(s)
	}
	if o.asJSON {
		return a.printJSON(clients)
	}
	return printClients(a.out, clients)
}

func printClients(w io.Writer, clients []agent.Client) error {
	var rows [][]string
	for _, c := range clients {
		rows = append(rows, []string{c.Name, c.TaxNumber, c.Folder, c.ID})
	}
	return printColumns(w, rows)
}
