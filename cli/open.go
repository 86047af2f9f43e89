package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/panel/browser"
)

// openCommand shows the page, searchCommand its small window for a quick search.
func (a *app) openCommand() *cobra.Command {
	var print bool
	cmd := &cobra.Command{
		Use: "open [PAGE]", Short: "help-open", Long: "help-open-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			view := ""
			if len(args) > 0 {
				view = args[0]
			}
			return a.show(cmd.Context(), view, browser.Large, print)
		},
	}
	cmd.Flags().BoolVar(&print, "link", false, "flag-link")
	return cmd
}

func (a *app) searchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "search", Short: "help-search", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.show(cmd.Context(), "search", browser.Small, false)
		},
	}
}

func (a *app) show(ctx context.Context, view string, w browser.Window, print bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	link, err := c.Link(ctx, view)
	switch {
	case err != nil:
		return err
	case print:
		fmt.Fprintln(a.out, link)
		return nil
	}
	return browser.Show(a.paths, link, w)
}
