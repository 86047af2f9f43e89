package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeRecoverCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{
		Use: "recover STORE", Short: "help-office-recover", Long: "help-office-recover-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeRecover(cmd.Context(), args[0], keys)
		},
	}
	cmd.Flags().BoolVar(&keys, "keys", false, "flag-office-keys")
	return cmd
}

func (a *app) runOfficeRecover(ctx context.Context, address string, keys bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	var r agent.OfficeRecover
	if r.Store, r.Keys, err = a.storeAddress(address, keys); err != nil {
		return err
	}
	v, err := c.OfficeRecover(ctx, r)
	if err == nil {
		err = a.carryOut(ctx, c)
	}
	if err != nil {
		return err
	}
	a.say("office-joined", "Office", v.Name)
	return nil
}
