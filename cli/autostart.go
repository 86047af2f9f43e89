package cli

import (
	"github.com/spf13/cobra"

	"kapu/internal/autostart"
)

func (a *app) autostartCommand() *cobra.Command {
	always := map[string]string{anyConfig: "yes"}
	cmd := &cobra.Command{
		Use: "autostart", Short: "help-autostart", Args: args(0, 0), Annotations: always,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	turn := func(name, help string, change func() error) *cobra.Command {
		return &cobra.Command{
			Use: name, Short: help, Args: args(0, 0), Annotations: always,
			RunE: func(*cobra.Command, []string) error {
				if err := change(); err != nil {
					return err
				}
				return a.sayAutostart(false)
			},
		}
	}
	var asJSON bool
	status := &cobra.Command{
		Use: "status", Short: "help-autostart-status", Args: args(0, 0), Annotations: always,
		RunE: func(*cobra.Command, []string) error { return a.sayAutostart(asJSON) },
	}
	jsonFlag(status, &asJSON)
	cmd.AddCommand(
		turn("on", "help-autostart-on", autostart.On), turn("off", "help-autostart-off", autostart.Off), status,
	)
	return cmd
}

func (a *app) sayAutostart(asJSON bool) error {
	s, err := autostart.Now()
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(s)
	case !s.On:
		a.say("autostart-is-off")
	case s.Other:
		a.say("autostart-is-other", "Where", s.Where)
	default:
		a.say("autostart-is-on", "Where", s.Where)
	}
	return nil
}
