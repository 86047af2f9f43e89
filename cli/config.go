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
	var asJSON bool
	show := &cobra.Command{
		Use: "show", Short: "help-config-show", Args: args(0, 0), Annotations: always,
		RunE: func(*cobra.Command, []string) error { return a.runConfigShow(asJSON) },
	}
	jsonFlag(show, &asJSON)
	cmd.AddCommand(
		show,
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
				if _, err := config.Load(a.paths); err != nil {
					return err
				}
				a.say("config-good", "Path", a.paths.Config)
				return nil
			},
		},
	)
	return cmd
}

// runConfigShow prints the settings that count, and where each comes from.
func (a *app) runConfigShow(asJSON bool) error {
	list, ignored, err := config.Explain(a.paths)
	if err != nil {
		return err
	}
	if ignored != nil {
		fmt.Fprintln(a.err, a.texts.Error(ignored))
	}
	if asJSON {
		return a.printJSON(list)
	}
	rows := make([][]string, len(list))
	for i, s := range list {
		rows[i] = []string{s.Key, s.Value, a.texts.T("config-from-" + s.From)}
	}
	return printColumns(a.out, rows)
}
