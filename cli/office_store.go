package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeStoreCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{
		Use: "store STORE", Short: "help-office-store", Long: "help-office-store-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeStore(cmd.Context(), args[0], keys)
		},
	}
	cmd.Flags().BoolVar(&keys, "keys", false, "flag-office-keys")
	return cmd
}

func (a *app) runOfficeStore(ctx context.Context, address string, keys bool) error {
	return a.changeOffice(ctx, func(c *agent.Conn, _ agent.OfficeView) (done func(), err error) {
		var r agent.OfficeStore
		if r.Store, r.Keys, err = a.storeAddress(address, keys); err != nil {
			return nil, err
		}
		v, err := c.OfficeSetStore(ctx, r)
		return func() { a.say("office-store-set", "Office", v.Name, "Store", v.Store) }, err
	})
}
