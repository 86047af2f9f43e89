package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type showOptions struct {
	query        string
	agent.Reveal // which secrets are asked for
	asJSON       bool
}

// showCommand shows what a list leaves out of a client. The key and the deletion code are asked for by name, and
// only who can open the vault sees them.
func (a *app) showCommand() *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use: "show QUERY", Short: "help-show", Long: "help-show-long", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = args[0]
			return a.runShow(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.Key, "key", false, "flag-show-key")
	cmd.Flags().BoolVar(&o.DeletionCode, "deletion-code", false, "flag-show-deletion-code")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

func (a *app) runShow(ctx context.Context, o showOptions) error {
	c, client, err := a.oneClient(ctx, o.query)
	if err != nil {
		return err
	}
	r := o.Reveal
	r.ID = client.ID
	if r.Key || r.DeletionCode {
		if err := a.askToReveal(ctx, c); err != nil {
			return err
		}
	}
	d, err := c.Details(ctx, r)
	if err != nil {
		return err
	}
	if o.asJSON {
		return a.printJSON(d)
	}
	return a.printDetails(d)
}

func (a *app) printDetails(d agent.Details) error {
	deletion := d.DeletionCode
	if deletion == "" && d.HasDeletionCode {
		deletion = a.texts.T("field-kept")
	}
	lastUsed := ""
	if !d.LastUsed.IsZero() {
		lastUsed = localTime(d.LastUsed)
	}
	var rows [][]string
	for _, f := range []struct{ label, text string }{
		{"field-name", d.Name},
		{"field-tax-number", d.TaxNumber},
		{"field-folder", d.Folder},
		{"field-service", d.Service},
		{"field-user-name", d.UserName},
		{"field-mandate-until", a.mandate(d.MandateUntil)},
		{"field-password-until", d.PasswordUntil},
		{"field-last-used", lastUsed},
		{"field-key", d.Key},
		{"field-deletion-code", deletion},
		{"field-note", d.Note},
	} {
		if f.text != "" {
			rows = append(rows, []string{a.texts.T(f.label), f.text})
		}
	}
	return printColumns(a.out, rows)
}
