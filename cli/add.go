package cli

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

type addOptions struct {
	agent.New               // without its key, which is asked for or read from a QR code
	where            string // of the QR code; "" is none
	withDeletionCode bool
	asJSON           bool
}

func (a *app) addCommand() *cobra.Command {
	var o addOptions
	cmd := &cobra.Command{
		Use: "add [NAME]", Short: "help-add", Long: "help-add-long",
		Args: func(cmd *cobra.Command, names []string) error {
			if o.where != "" || a.canAssist(o.asJSON) { // the code says a name too, and the assistant asks for one
				return args(0, 1)(cmd, names)
			}
			return args(1, 1)(cmd, names)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Client.Name, o.Client.MandateUntil = optional(args), a.saidMandate(o.Client.MandateUntil)
			if len(args) == 0 && o.where == "" {
				return a.assist(cmd.Context(), o.New)
			}
			return a.runAdd(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.where, "qr", "", "flag-qr")
	f.StringVar(&o.Client.TaxNumber, "tax-number", "", "flag-tax-number")
	f.StringVar(&o.Client.Folder, "folder", "", "flag-folder")
	f.StringVar(&o.Client.Service, "service", "", "flag-service")
	f.StringVar(&o.Client.UserName, "user-name", "", "flag-user-name")
	f.StringVar(&o.Client.MandateUntil, "mandate-until", "", "flag-mandate")
	f.BoolVar(&o.Client.Favourite, "favourite", false, "flag-favourite")
	f.BoolVar(&o.withDeletionCode, "deletion-code", false, "flag-deletion-code")
	f.BoolVar(&o.Confirmed, "accept-doubtful", false, "flag-accept-doubtful")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

// affirmed asks the person at a terminal whether what the agent finds doubtful is meant so. Its error says why it is
// not to be done; one that is none of doubt is passed on.
func (a *app) affirmed(err error) (bool, error) {
	switch {
	case !errors.Is(err, agent.ErrDoubtful):
		return false, err
	case !isTerminal(a.in):
		return false, lang.E("doubt-option", "Reason", err)
	case !a.confirm("ask-doubtful", "Reason", a.texts.Error(err)):
		return false, lang.E("doubt-declined").Kind(agent.ErrCancelled)
	}
	return true, nil
}

// runAdd asks for everything before the agent is spoken to: a vault that is yet to be made is made only when there is
// something to put in.
func (a *app) runAdd(ctx context.Context, o addOptions) error {
	n := o.New
	err := a.keyOf(ctx, o.where, &n)
	if err == nil && o.withDeletionCode {
		n.DeletionCode, err = a.askSecret("ask-deletion-code")
	}
	if err != nil {
		return err
	}
	c, err := a.unlockedOrNew(ctx)
	if err != nil {
		return err
	}
	client, err := c.Add(ctx, n)
	if n.Confirmed, err = a.affirmed(err); n.Confirmed {
		client, err = c.Add(ctx, n)
	}
	if err != nil {
		return err
	}
	if o.asJSON {
		return a.printJSON(client)
	}
	a.say("added", "Client", client.Label())
	return nil
}

// keyOf fills in the key, and what a QR code says besides unless an option has said it.
func (a *app) keyOf(ctx context.Context, where string, n *agent.New) (err error) {
	if where == "" {
		n.Key, err = a.askSecret("ask-key")
		return err
	}
	e, err := a.scan(ctx, where, n.Client.Name)
	if err != nil {
		return err
	}
	n.Scanned = &e
	n.Client.Name = cmp.Or(n.Client.Name, e.Name)
	n.Client.Service = cmp.Or(n.Client.Service, e.Service)
	return nil
}

// canAssist says whether there is somebody to be led.
func (a *app) canAssist(asJSON bool) bool { return !asJSON && isTerminal(a.in) && isTerminal(a.err) }
