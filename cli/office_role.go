package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/lang"
	"kapu/office"
)

type officeRoleOptions struct {
	name  string
	role  office.Role
	usage string // how the command is called right
}

func (a *app) officeRoleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "role NAME admin|staff", Short: "help-office-role", Args: args(2, 2), ValidArgs: []string{"admin", "staff"},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeRole(cmd.Context(), officeRoleOptions{args[0], office.Role(args[1]), usage(cmd)})
		},
	}
}

// runOfficeRole says what was decided before it has been carried out: a role holds at once, for everybody.
func (a *app) runOfficeRole(ctx context.Context, o officeRoleOptions) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	m, err := findMember(v, o.name)
	if err != nil {
		return err
	}
	if o.role != office.Admin && o.role != office.Staff {
		return usageError{lang.E("usage-args", "Usage", o.usage)}
	}
	if err := c.OfficeSetRole(ctx, m.ID, o.role); err != nil {
		return err
	}
	a.say("office-role-set", "Name", m.Name, "Role", a.texts.T("office-role-"+string(o.role)))
	if o.role == office.Staff { // what they were granted before they became an admin is not remembered
		fmt.Fprintln(a.err, a.texts.T("office-role-no-rights", "Name", m.Name))
	}
	return a.carryOut(ctx, c)
}
