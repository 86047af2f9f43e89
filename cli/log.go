package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/vault"
)

// logCommand shows who took whose code and when, and what was changed.
func (a *app) logCommand() *cobra.Command {
	var from, until string
	var asCSV, asJSON bool
	cmd := &cobra.Command{
		Use: "log [QUERY]", Short: "help-log", Long: "help-log-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := agent.LogOf(first(args), from, until)
			if err != nil {
				return usageError{err}
			}
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			entries, err := c.Log(cmd.Context(), r)
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(entries)
			case asCSV:
				return agent.WriteLog(a.out, a.texts, entries)
			default:
				return a.logTable(a.out, entries)
			}
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "flag-from")
	f.StringVar(&until, "until", "", "flag-until")
	f.BoolVar(&asCSV, "csv", false, "flag-csv")
	jsonFlag(cmd, &asJSON)
	cmd.MarkFlagsMutuallyExclusive("csv", "json")
	return cmd
}

func (a *app) logTable(w io.Writer, entries []vault.LogEntry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", localTime(e.At), a.texts.T("act-"+string(e.Act)), a.about(e), e.By)
	}
	return t.Flush()
}

// about says what a line is about.
func (a *app) about(e vault.LogEntry) string {
	if e.N > 0 {
		return a.texts.N("clients", e.N) + " " + e.Name
	}
	return e.Name
}
