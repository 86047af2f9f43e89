package cli

import (
	"cmp"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) addCommand() *cobra.Command {
	var n agent.New
	var where string
	var withDeletionCode, asJSON bool
	cmd := &cobra.Command{
		Use: "add [NAME]", Short: "help-add", Long: "help-add-long",
		Args: func(cmd *cobra.Command, names []string) error {
			if where != "" || a.canAssist(asJSON) { // the code says a name too, and the assistant asks for one
				return args(0, 1)(cmd, names)
			}
			return args(1, 1)(cmd, names)
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) > 0 {
				n.Client.Name = args[0]
			} else if where == "" {
				return a.assist(cmd.Context(), n)
			}
			if where != "" {
				e, err := a.scan(cmd.Context(), where, n.Client.Name)
				if err != nil {
					return err
				}
				n.Scanned = e.Key
				n.Client.Name = cmp.Or(n.Client.Name, e.Name)
				n.Client.Service = cmp.Or(n.Client.Service, e.Service)
			} else if n.Key, err = a.askSecret("ask-key"); err != nil {
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
	f.StringVar(&where, "qr", "", "flag-qr")
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

// canAssist says whether there is somebody to be led.
func (a *app) canAssist(asJSON bool) bool { return !asJSON && isTerminal(a.in) && isTerminal(a.err) }
