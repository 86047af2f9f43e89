package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/office"
)

func (a *app) officeStatusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "help-office-status", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeStatus(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runOfficeStatus is the one command of the office for which being in none is an answer, not an error.
func (a *app) runOfficeStatus(ctx context.Context, asJSON bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	v, err := c.OfficeView(ctx)
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(v)
	case !v.In:
		a.say("office-none")
	default:
		a.printOffice(v)
	}
	return nil
}

func (a *app) printOffice(v agent.OfficeView) {
	a.say("office-status", "Office", v.Name, "Store", v.Store)
	switch {
	case v.Expelled:
		a.say("office-expelled", "Office", v.Name)
	case v.Joining:
		a.say("office-words", "Office", v.Name, "Words", v.Words)
	case v.Away != "":
		a.say("office-away", "Office", v.Name, "Day", v.Away, "Words", v.Words)
	default:
		role := office.Staff
		if v.Admin {
			role = office.Admin
		}
		a.say("office-you", "Role", a.texts.T("office-role-"+string(role)), "Members", len(v.Members), "Accounts", v.Accounts,
			"Own", v.Own)
	}
	if !v.Synced.IsZero() {
		a.say("office-synced", "Time", localTime(v.Synced))
	}
	for _, r := range v.Asking {
		a.sayRequest(r)
	}
	if v.Left > 0 {
		a.sayN("office-left", v.Left)
	}
	if v.Waiting > 0 {
		a.sayN("office-arriving", v.Waiting)
	}
	for _, name := range v.Unfit {
		fmt.Fprintln(a.err, a.texts.T("office-unfit", "Client", name))
	}
	if v.Failing != nil {
		fmt.Fprintln(a.err, a.texts.T("office-failing", "Time", localTime(v.Since), "Reason", v.Failing))
	}
}
