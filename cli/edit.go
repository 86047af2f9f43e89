package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type editOptions struct {
	query                   string
	edit                    agent.Edit // what options say; a secret is never in them
	key, deletionCode, note bool       // ask for these
	confirmed               bool       // change what is doubtful too
	asJSON                  bool
}

func (a *app) editCommand() *cobra.Command {
	var o editOptions
	var favourite bool
	cmd := &cobra.Command{
		Use: "edit QUERY", Short: "help-edit", Args: args(1, 1), ValidArgsFunction: a.completeClients,
	}
	f := cmd.Flags()
	f.String("name", "", "flag-name")
	f.String("tax-number", "", "flag-tax-number")
	f.String("folder", "", "flag-folder")
	f.String("service", "", "flag-service")
	f.String("user-name", "", "flag-user-name")
	f.String("mandate-until", "", "flag-mandate")
	f.String("password-until", "", "flag-password-until")
	f.BoolVar(&favourite, "favourite", false, "flag-favourite")
	f.BoolVar(&o.key, "key", false, "flag-key")
	f.BoolVar(&o.deletionCode, "deletion-code", false, "flag-deletion-code")
	f.BoolVar(&o.note, "note", false, "flag-note")
	f.BoolVar(&o.confirmed, "accept-doubtful", false, "flag-accept-doubtful")
	jsonFlag(cmd, &o.asJSON)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o.query = args[0]
		o.edit = agent.Edit{
			Name: given(f, "name"), TaxNumber: given(f, "tax-number"), Folder: given(f, "folder"),
			Service: given(f, "service"), UserName: given(f, "user-name"),
			MandateUntil: given(f, "mandate-until"), PasswordUntil: given(f, "password-until"),
		}
		if m := o.edit.MandateUntil; m != nil {
			*m = a.saidMandate(*m)
		}
		if f.Changed("favourite") {
			o.edit.Favourite = &favourite
		}
		return a.runEdit(cmd.Context(), o)
	}
	return cmd
}

func (a *app) runEdit(ctx context.Context, o editOptions) error {
	c, client, err := a.oneClient(ctx, o.query)
	if err != nil {
		return err
	}
	e := o.edit
	e.ID, e.Confirmed = client.ID, o.confirmed
	for _, secret := range []struct {
		wanted bool
		ask    string
		field  **string
	}{{o.key, "ask-key", &e.Key}, {o.deletionCode, "ask-deletion-code", &e.DeletionCode}, {o.note, "ask-note", &e.Note}} {
		if secret.wanted {
			text, err := a.askSecret(secret.ask)
			if err != nil {
				return err
			}
			*secret.field = &text
		}
	}
	after, err := c.Edit(ctx, e)
	if e.Confirmed, err = a.affirmed(err); e.Confirmed {
		after, err = c.Edit(ctx, e)
	}
	if err != nil {
		return err
	}
	if o.asJSON {
		return a.printJSON(after)
	}
	a.say("edited", "Client", after.Label())
	return nil
}
