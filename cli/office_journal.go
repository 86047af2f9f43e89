package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type officeJournalOptions struct {
	client, member, from, until string
	asCSV, asJSON               bool
}

func (a *app) officeJournalCommand() *cobra.Command {
	var o officeJournalOptions
	cmd := &cobra.Command{
		Use: "journal", Short: "help-office-journal", Long: "help-office-journal-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeJournal(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.client, "client", "", "flag-office-journal-client")
	f.StringVar(&o.member, "member", "", "flag-office-journal-member")
	f.StringVar(&o.from, "from", "", "flag-from")
	f.StringVar(&o.until, "until", "", "flag-until")
	sheetFlags(cmd, &o.asCSV, &o.asJSON)
	return cmd
}

// runOfficeJournal lists what was done with the office's clients, and by whom. Where pages of a device's log are
// missing, the gap is said on standard error.
func (a *app) runOfficeJournal(ctx context.Context, o officeJournalOptions) error {
	r := agent.OfficeJournalRequest{Member: o.member}
	var err error
	if r.LogRequest, err = agent.LogOf(o.client, o.from, o.until); err != nil {
		return usageError{err}
	}
	c, _, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	j, err := c.OfficeJournal(ctx, r)
	if err != nil {
		return err
	}
	for _, g := range j.Gaps {
		fmt.Fprintln(a.err, a.texts.T("office-gap", "Member", g.Member, "Device", g.Device, "From", g.From, "To", g.To))
	}
	switch {
	case o.asJSON:
		return a.printJSON(j)
	case o.asCSV:
		return agent.WriteJournal(a.out, a.texts, j)
	}
	var rows [][]string
	for _, l := range j.Lines {
		rows = append(rows, []string{
			localTime(l.At), a.texts.T("act-" + l.Act), a.about(l.N, l.Name), l.Member + ", " + l.Device,
		})
	}
	return printColumns(a.out, rows)
}
