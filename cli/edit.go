package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) editCommand() *cobra.Command {
	var texts [7]string
	var favourite, key, deletionCode, note, asJSON bool
	cmd := &cobra.Command{
		Use: "edit QUERY", Short: "help-edit", Args: args(1, 1), ValidArgsFunction: a.completeClients,
	}
	f := cmd.Flags()
	f.StringVar(&texts[0], "name", "", "flag-name")
	f.StringVar(&texts[1], "tax-number", "", "flag-tax-number")
	f.StringVar(&texts[2], "folder", "", "flag-folder")
	f.StringVar(&texts[3], "service", "", "flag-service")
	f.StringVar(&texts[4], "user-name", "", "flag-user-name")
	f.StringVar(&texts[5], "mandate-until", "", "flag-mandate")
	f.StringVar(&texts[6], "password-until", "", "flag-password-until")
	f.BoolVar(&favourite, "favourite", false, "flag-favourite")
	f.BoolVar(&key, "key", false, "flag-key")
	f.BoolVar(&deletionCode, "deletion-code", false, "flag-deletion-code")
	f.BoolVar(&note, "note", false, "flag-note")
	jsonFlag(cmd, &asJSON)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, client, err := a.oneClient(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		e := agent.Edit{ID: client.ID}
		fields := []**string{&e.Name, &e.TaxNumber, &e.Folder, &e.Service, &e.UserName, &e.MandateUntil, &e.PasswordUntil}
		for i, name := range []string{"name", "tax-number", "folder", "service", "user-name", "mandate-until", "password-until"} {
			if f.Changed(name) {
				*fields[i] = &texts[i]
			}
		}
		if f.Changed("favourite") {
			e.Favourite = &favourite
		}
		for _, secret := range []struct {
			wanted bool
			ask    string
			field  **string
		}{{key, "ask-key", &e.Key}, {deletionCode, "ask-deletion-code", &e.DeletionCode}, {note, "ask-note", &e.Note}} {
			if secret.wanted {
				text, err := a.askSecret(secret.ask)
				if err != nil {
					return err
				}
				*secret.field = &text
			}
		}
		after, err := c.Edit(cmd.Context(), e)
		if err != nil {
			return err
		}
		if asJSON {
			return a.printJSON(after)
		}
		a.say("edited", "Client", after.Name)
		return nil
	}
	return cmd
}

// oneClient finds the one client that a query means, and lists the candidates where there are several.
func (a *app) oneClient(ctx context.Context, query string) (*agent.Conn, agent.Client, error) {
	c, err := a.unlocked(ctx)
	if err != nil {
		return nil, agent.Client{}, err
	}
	client, err := c.Find(ctx, query)
	if errors.Is(err, agent.ErrAmbiguous) {
		a.listMatches(ctx, c, query)
	}
	return c, client, err
}
