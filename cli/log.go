package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type logOptions struct {
	query, from, until string // the days as the person wrote them, both whole
	asCSV, asJSON      bool
}

// logCommand shows the audit log: who took whose code and when, and what was changed. Where lines are missing, that is
// said on standard error.
func (a *app) logCommand() *cobra.Command {
	var o logOptions
	cmd := &cobra.Command{
		Use: "log [QUERY]", Short: "help-log", Long: "help-log-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = optional(args)
			return a.runLog(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "flag-from")
	f.StringVar(&o.until, "until", "", "flag-until")
	sheetFlags(cmd, &o.asCSV, &o.asJSON)
	return cmd
}

func (a *app) runLog(ctx context.Context, o logOptions) error {
	r, err := agent.LogOf(o.query, o.from, o.until)
	if err != nil {
		return usageError{err}
	}
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	log, err := c.Log(ctx, r)
	if err != nil {
		return err
	}
	for _, g := range log.Gaps {
		fmt.Fprintln(a.err, agent.GapSaid(a.texts, g))
	}
	switch {
	case o.asJSON:
		return a.printJSON(log.Lines)
	case o.asCSV:
		return agent.WriteLog(a.out, a.texts, log)
	}
	var rows [][]string
	for _, e := range log.Lines {
		rows = append(rows, []string{localTime(e.At), a.texts.T("act-" + string(e.Act)), a.about(e.N, e.Name), e.By})
	}
	return printColumns(a.out, rows)
}

// about says what a line of a log is about: one client, or n of them.
func (a *app) about(n int, name string) string {
	if n > 0 {
		return a.texts.N("clients", n) + " " + name
	}
	return name
}
