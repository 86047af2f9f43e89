package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

// undoCommand takes back the last import, removal or change of several clients.
func (a *app) undoCommand() *cobra.Command {
	var list, asJSON bool
	cmd := &cobra.Command{
		Use: "undo", Short: "help-undo", Long: "help-undo-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			if list {
				undos, err := c.Undos(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(undos)
				}
				for _, u := range undos {
					fmt.Fprintf(a.out, "%s  %s\n", localTime(u.At), a.describe(u))
				}
				return nil
			}
			undone, err := c.Undo(cmd.Context(), "")
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(undone)
			}
			a.say("undone", "What", a.describe(undone.Undoable))
			if undone.Kept > 0 {
				a.sayN("undone-kept", undone.Kept)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "flag-list-undo")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// describe says what a change was: "imported: 40 clients (Aegis)", "removed: Alfa Kft."
func (a *app) describe(u agent.Undoable) string {
	clients := u.Name
	if u.N != 1 || clients == "" {
		clients = a.texts.N("clients", u.N)
		if u.Name != "" {
			clients += " (" + u.Name + ")"
		}
	}
	return a.texts.T("act-"+string(u.Act)) + ": " + clients
}
