package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kapu/agent"
)

// showCommand shows what a list leaves out of a client. The key and the deletion code are asked for by name, and
// only who can open the vault sees them.
func (a *app) showCommand() *cobra.Command {
	var r agent.Reveal
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show QUERY", Short: "help-show", Long: "help-show-long", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, client, err := a.oneClient(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			r.ID = client.ID
			if r.Key || r.DeletionCode {
				if r.Current, err = a.askCurrent(cmd.Context(), c); err != nil {
					return err
				}
			}
			d, err := c.Details(cmd.Context(), r)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(d)
			}
			return a.printDetails(d)
		},
	}
	cmd.Flags().BoolVar(&r.Key, "key", false, "flag-show-key")
	cmd.Flags().BoolVar(&r.DeletionCode, "deletion-code", false, "flag-show-deletion-code")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) printDetails(d agent.Details) error {
	t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	deletion := d.DeletionCode
	if deletion == "" && d.HasDeletionCode {
		deletion = a.texts.T("field-kept")
	}
	lastUsed := ""
	if !d.LastUsed.IsZero() {
		lastUsed = localTime(d.LastUsed)
	}
	for _, f := range []struct{ label, text string }{
		{"field-name", d.Name},
		{"field-tax-number", d.TaxNumber},
		{"field-folder", d.Folder},
		{"field-service", d.Service},
		{"field-user-name", d.UserName},
		{"field-mandate-until", d.MandateUntil},
		{"field-password-until", d.PasswordUntil},
		{"field-last-used", lastUsed},
		{"field-key", d.Key},
		{"field-deletion-code", deletion},
		{"field-note", d.Note},
	} {
		if f.text != "" {
			fmt.Fprintf(t, "%s\t%s\n", a.texts.T(f.label), f.text)
		}
	}
	return t.Flush()
}
