package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/panel"
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

// runOpen shows a view of the page in a window, or prints a link that opens it once. Where there is no vault, or it is
// locked, that is the lobby's, which leads to the view.
func (a *app) runOpen(ctx context.Context, view string, w browser.Window, link bool) error {
	address, err := a.linkTo(ctx, view)
	if isLocked(err) && (link || browser.Screen()) {
		address, err = panel.StartLobby(view)
	}
	switch {
	case err != nil:
		return err
	case link:
		fmt.Fprintln(a.out, address)
		return nil
	}
	return browser.Show(a.paths, address, w)
}

func (a *app) linkTo(ctx context.Context, view string) (string, error) {
	c, err := a.unlocked(ctx)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return c.Link(ctx, view)
}
