package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// logCommand shows who took whose code and when, and what was changed.
func (a *app) logCommand() *cobra.Command {
	var from, until string
	var asCSV, asJSON bool
	cmd := &cobra.Command{
		Use: "log [QUERY]", Short: "help-log", Long: "help-log-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := agent.LogRequest{Query: first(args)}
			for _, d := range []struct {
				text string
				day  *time.Time
				add  int // the last day is asked for as a whole
			}{{from, &r.From, 0}, {until, &r.Until, 1}} {
				if d.text == "" {
					continue
				}
				day, err := time.ParseInLocation(time.DateOnly, d.text, time.Local)
				if err != nil {
					return usageError{lang.E("date-wrong", "Value", d.text)}
				}
				*d.day = day.AddDate(0, 0, d.add)
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
				return a.logCSV(entries)
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

// logCSV is what a spreadsheet of a Hungarian office opens by a double click: UTF-8 with a mark, semicolons.
func (a *app) logCSV(entries []vault.LogEntry) error {
	if _, err := io.WriteString(a.out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(a.out)
	w.Comma = ';'
	w.UseCRLF = true
	_ = w.Write([]string{
		a.texts.T("log-column-time"), a.texts.T("log-column-act"), a.texts.T("log-column-name"),
		a.texts.T("log-column-count"), a.texts.T("log-column-by"),
	})
	for _, e := range entries {
		count := ""
		if e.N > 0 {
			count = strconv.Itoa(e.N)
		}
		_ = w.Write([]string{localTime(e.At), a.texts.T("act-" + string(e.Act)), exchange.TextCell(e.Name), count, exchange.TextCell(e.By)})
	}
	w.Flush()
	return w.Error()
}
