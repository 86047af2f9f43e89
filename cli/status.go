package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "help-status", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runStatus(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runStatus(ctx context.Context, asJSON bool) error {
	s, err := agent.StatusOf(ctx, a.paths)
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(s)
	case s.Method == "":
		a.say("status-none", "Path", s.Vault)
	case s.Locked:
		a.say("status-locked", "Path", s.Vault)
		a.remindRecovery(s)
	default:
		a.sayN("status-unlocked", s.Clients, "Accounts", s.Accounts, "Path", s.Vault)
		a.sayWarning(s)
		a.remindRecovery(s)
		a.sayLockedFolders(s)
		a.remindOffice(s.Office)
	}
	return nil
}

// remindRecovery asks for the recovery key to be put on paper, until it has been.
func (a *app) remindRecovery(s agent.Status) {
	if !s.RecoveryKept {
		fmt.Fprintln(a.err, a.texts.T("recovery-remind"))
	}
}

// remindOffice says what in the office waits for the person.
func (a *app) remindOffice(o *agent.OfficeStatus) {
	switch {
	case o == nil:
	case o.Expelled:
		fmt.Fprintln(a.err, a.texts.T("office-expelled", "Office", o.Name))
	case o.Joining:
		fmt.Fprintln(a.err, a.texts.T("office-words", "Office", o.Name, "Words", o.Words))
	case o.Away != "":
		fmt.Fprintln(a.err, a.texts.T("office-away", "Office", o.Name, "Day", o.Away, "Words", o.Words))
	case o.Requests > 0:
		fmt.Fprintln(a.err, a.texts.N("office-requests", o.Requests))
	}
	if o != nil && o.Failing != nil && !o.Expelled {
		fmt.Fprintln(a.err, a.texts.T("office-failing", "Time", localTime(o.Since), "Reason", o.Failing))
	}
}
