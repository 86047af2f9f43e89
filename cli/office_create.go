package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

type officeCreateOptions struct {
	agent.OfficeCreate      // the store as the person wrote it
	keys               bool // ask for the store's credentials
}

func (a *app) officeCreateCommand() *cobra.Command {
	var o officeCreateOptions
	cmd := &cobra.Command{
		Use: "create STORE", Short: "help-office-create", Long: "help-office-create-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Store = args[0]
			return a.runOfficeCreate(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Office, "office", "", "flag-office-name")
	f.StringVar(&o.Name, "name", "", "flag-office-person")
	f.StringVar(&o.EMail, "email", "", "flag-office-email")
	f.BoolVar(&o.keys, "keys", false, "flag-office-keys")
	return cmd
}

func (a *app) runOfficeCreate(ctx context.Context, o officeCreateOptions) error {
	c, err := a.unlockedOrNew(ctx)
	if err != nil {
		return err
	}
	r := o.OfficeCreate
	if r.Store, r.Keys, err = a.storeAddress(o.Store, o.keys); err != nil {
		return err
	}
	if err = a.askName(&r.Office, "ask-office-name"); err == nil {
		err = a.askName(&r.Name, "ask-office-person")
	}
	if err != nil {
		return err
	}
	v, err := c.OfficeCreate(ctx, r)
	if err != nil {
		return err
	}
	if err := a.carryOut(ctx, c); err != nil {
		return err
	}
	a.say("office-created", "Office", v.Name, "Store", v.Store)
	fmt.Fprintln(a.err, a.texts.T("office-second-admin"))
	return nil
}

// askName asks for a name that no option has given.
func (a *app) askName(name *string, ask string) (err error) {
	switch {
	case strings.TrimSpace(*name) != "":
		return nil
	case !isTerminal(a.in):
		return usageError{lang.E("office-names")}
	}
	if *name, err = newDialogue(a).line(ask); err != nil {
		return context.Canceled
	}
	return nil
}
