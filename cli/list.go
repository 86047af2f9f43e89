package cli

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) listCommand() *cobra.Command {
	var folder string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list [QUERY]", Short: "help-list", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			clients, err := c.List(cmd.Context(), first(args), folder)
			if err != nil {
				return err
			}
			if s, err := c.Status(cmd.Context()); err == nil {
				a.sayShut(s)
			}
			if asJSON {
				return a.printJSON(clients)
			}
			return table(a.out, clients)
		},
	}
	cmd.Flags().StringVar(&folder, "folder", "", "flag-folder-only")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// table prints clients in columns.
func table(w io.Writer, clients []agent.Client) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range clients {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.Name, c.TaxNumber, c.Folder, c.ID)
	}
	return t.Flush()
}

// listMatches shows what an ambiguous query matched, so that the person can choose.
func (a *app) listMatches(ctx context.Context, c *agent.Conn, query string) {
	if matches, err := c.List(ctx, query, ""); err == nil {
		_ = table(a.err, matches)
	}
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
