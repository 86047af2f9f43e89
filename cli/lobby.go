package cli

import (
	"os"

	"github.com/spf13/cobra"

	"kapu/internal/process"
	"kapu/panel"
)

// lobbyCommand is how the program starts the lobby; panel.StartLobby and an agent that ends call it.
func (a *app) lobbyCommand() *cobra.Command {
	var heir bool
	cmd := &cobra.Command{
		Use: panel.LobbyCommand, Hidden: true, Args: args(0, 1), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			_ = process.KeepInRAM() // a recovery key may be typed here
			return panel.RunLobby(cmd.Context(), a.paths, optional(args), heir, a.in, os.Stdout)
		},
	}
	cmd.Flags().BoolVar(&heir, panel.FlagHeir, false, "")
	return cmd
}
