package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kapu/tray"
)

// dialogCommand is how the tray asks for what it must not see itself. What it prints, the tray shows.
func (a *app) dialogCommand() *cobra.Command {
	return &cobra.Command{
		Use: tray.DialogCommand, Hidden: true, Args: args(1, 1), Annotations: map[string]string{anyConfig: "yes"},
		ValidArgs: []string{tray.DialogAdd, tray.DialogRecovery},
		RunE: func(cmd *cobra.Command, args []string) error {
			said, err := tray.Dialog(cmd.Context(), a.paths, a.texts, args[0], a.in)
			if said != "" {
				fmt.Fprintln(a.out, said)
			}
			return err
		},
	}
}
