package cli

import (
	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) addCommand() *cobra.Command {
	var n agent.New
	var withDeletionCode, asJSON bool
	cmd := &cobra.Command{
		Use: "add NAME", Short: "help-add", Long: "help-add-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			n.Client.Name = args[0]
			if n.Key, err = a.askSecret("ask-key"); err != nil {
				return err
			}
			if withDeletionCode {
				if n.DeletionCode, err = a.askSecret("ask-deletion-code"); err != nil {
					return err
				}
			}
			c, err := a.unlockedOrNew(cmd.Context())
			if err != nil {
				return err
			}
			client, err := c.Add(cmd.Context(), n)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(client)
			}
			a.say("added", "Client", client.Name)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&n.Client.TaxNumber, "tax-number", "", "flag-tax-number")
	f.StringVar(&n.Client.Folder, "folder", "", "flag-folder")
	f.StringVar(&n.Client.Service, "service", "", "flag-service")
	f.StringVar(&n.Client.UserName, "user-name", "", "flag-user-name")
	f.StringVar(&n.Client.MandateUntil, "mandate-until", "", "flag-mandate")
	f.BoolVar(&n.Client.Favourite, "favourite", false, "flag-favourite")
	f.BoolVar(&withDeletionCode, "deletion-code", false, "flag-deletion-code")
	jsonFlag(cmd, &asJSON)
	return cmd
}
