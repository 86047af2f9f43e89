package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type officeRemoveOptions struct {
	name   string // of a member, or of a device
	device bool
	yes    bool
}

// officeRemoveCommand removes a member, or one of their devices.
func (a *app) officeRemoveCommand() *cobra.Command {
	var o officeRemoveOptions
	cmd := &cobra.Command{
		Use: "remove NAME", Short: "help-office-remove", Long: "help-office-remove-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return a.runOfficeRemove(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.device, "device", false, "flag-office-one-device")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	return cmd
}

func (a *app) runOfficeRemove(ctx context.Context, o officeRemoveOptions) error {
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		name, remove, err := o.removal(ctx, c, v)
		if err != nil {
			return nil, err
		}
		if !o.yes && !a.confirm("ask-office-remove", "Name", name) {
			a.say("office-not-removed")
			return nil, nil
		}
		return func() {
			a.say("office-removed", "Name", name)
			a.remindWork(ctx, c)
		}, remove()
	})
}

// removal is what is to be removed, by its name for the person, and how.
func (o officeRemoveOptions) removal(
	ctx context.Context, c *agent.Conn, v agent.OfficeView,
) (name string, remove func() error, err error) {
	if o.device {
		d, err := findDevice(v, o.name)
		return d.Member + ", " + d.Name, func() error { return c.OfficeRemoveDevice(ctx, d.ID) }, err
	}
	m, err := findMember(v, o.name)
	return m.Name, func() error { return c.OfficeRemoveMember(ctx, m.ID) }, err
}
