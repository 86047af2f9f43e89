package cli

import (
	"github.com/spf13/cobra"

	"kapu/panel/browser"
)

// searchCommand shows the page's small window for a quick search.
func (a *app) searchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "search", Short: "help-search", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.runOpen(cmd.Context(), "search", browser.Small, false)
		},
	}
}
