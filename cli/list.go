package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type listOptions struct {
	query, folder string
	duplicates    bool // only who may be in the vault twice
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
	cmd.Flags().BoolVar(&o.duplicates, "duplicates", false, "flag-duplicates")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

func (a *app) runList(ctx context.Context, o listOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	list := c.List
	if o.duplicates {
		list = c.Duplicates
	}
	clients, err := list(ctx, o.query, o.folder)
	if err != nil {
		return err
	}
	if s, err := c.Status(ctx); err == nil {
		a.sayLockedFolders(s)
	}
	if o.asJSON {
		return a.printJSON(clients)
	}
	if o.duplicates {
		return printCandidates(a.out, clients)
	}
	return printClients(a.out, clients)
}

// printCandidates prints clients between whom the person has to choose: by labels, with all that tells them apart.
func printCandidates(w io.Writer, clients []agent.Client) error {
	var rows [][]string
	for _, c := range clients {
		rows = append(rows, []string{c.Label(), c.TaxNumber, c.UserName, c.Folder, c.ID})
	}
	return printColumns(w, rows)
}

func printClients(w io.Writer, clients []agent.Client) error {
	var rows [][]string
	for _, c := range clients {
		rows = append(rows, []string{c.Label(), c.TaxNumber, c.Folder, c.ID})
	}
	return printColumns(w, rows)
}
