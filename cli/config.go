package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kapu/config"
)

func (a *app) configCommand() *cobra.Command {
	always := map[string]string{anyConfig: "yes"}
	cmd := &cobra.Command{
		Use: "config", Short: "help-config", Args: args(0, 0), Annotations: always,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "path", Short: "help-config-path", Args: args(0, 0), Annotations: always,
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprintln(a.out, a.paths.Config)
				return err
			},
		},
		&cobra.Command{
			Use: "check", Short: "help-config-check", Args: args(0, 0), Annotations: always,
			RunE: func(*cobra.Command, []string) error {
				if _, err := config.Load(a.paths.Config); err != nil {
					return err
				}
				a.say("config-good", "Path", a.paths.Config)
				return nil
			},
		},
	)
	return cmd
}
