package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/office"
)

func (a *app) officeApproveCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "approve [NAME]", Short: "help-office-approve", Long: "help-office-approve-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeApprove(cmd.Context(), optional(args), yes)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-office-words")
	return cmd
}

// runOfficeApprove admits the device of a request whose words the person has compared.
func (a *app) runOfficeApprove(ctx context.Context, name string, yes bool) error {
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		r, err := a.findRequest(ctx, c, name)
		if err != nil {
			return nil, err
		}
		a.sayRequest(r)
		if !yes && !a.confirm("ask-office-words") {
			a.say("office-not-approved")
			return nil, nil
		}
		done := func() { a.say("office-approved", "Name", r.Name, "Machine", r.Machine) }
		switch {
		case r.Away != "":
			done = func() { a.say("office-back", "Name", r.Name, "Machine", r.Machine) }
		case hasClients(v, r.Member):
			done = func() { a.say("office-approved-machine", "Name", r.Name, "Machine", r.Machine) }
		}
		return done, c.OfficeApprove(ctx, r.Device)
	})
}

// hasClients says whether a member has a right to some clients already.
func hasClients(v agent.OfficeView, member string) bool {
	return slices.ContainsFunc(v.Members, func(m agent.OfficeMember) bool { return m.ID == member && m.Role == office.Admin }) ||
		slices.ContainsFunc(v.Grants, func(g agent.OfficeGrant) bool { return g.Member == member })
}

// sayRequest says who asks, to be let in or to be approved again.
func (a *app) sayRequest(r agent.OfficeRequest) {
	if r.Away == "" {
		a.say("office-asks", "Name", r.Name, "Machine", r.Machine, "Words", r.Words, "Time", localTime(r.At))
		return
	}
	a.say("office-asks-again", "Name", r.Name, "Machine", r.Machine, "Words", r.Words, "Day", r.Away)
}
