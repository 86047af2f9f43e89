package cli

import (
	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/panel/browser"
)

// searchCommand shows the page's small window for a quick search.
func (a *app) searchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "search", Short: "help-search", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if agent.NoVault(a.paths) != nil {
				return agent.ErrLocked // there is nothing to be found, and the window is too small for the doors
			}
			return a.runOpen(cmd.Context(), "search", browser.Small, false)
		},
	}
}
