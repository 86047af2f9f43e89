package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/panel/browser"
)

// openCommand shows the page.
func (a *app) openCommand() *cobra.Command {
	var link bool
	cmd := &cobra.Command{
		Use: "open [PAGE]", Short: "help-open", Long: "help-open-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOpen(cmd.Context(), optional(args), browser.Large, link)
		},
	}
	cmd.Flags().BoolVar(&link, "link", false, "flag-link")
	return cmd
}

// runOpen shows a view of the page in a window, or prints a link that opens it once.
func (a *app) runOpen(ctx context.Context, view string, w browser.Window, link bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	address, err := c.Link(ctx, view)
	switch {
	case err != nil:
		return err
	case link:
		fmt.Fprintln(a.out, address)
		return nil
	}
	return browser.Show(a.paths, address, w)
}
