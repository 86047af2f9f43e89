package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/office"
)

func (a *app) officeWorklistCommand() *cobra.Command {
	var asCSV, asJSON bool
	cmd := &cobra.Command{
		Use: "worklist", Short: "help-office-worklist", Long: "help-office-worklist-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeWorklist(cmd.Context(), asCSV, asJSON) },
	}
	sheetFlags(cmd, &asCSV, &asJSON)
	return cmd
}

// runOfficeWorklist lists the keys that are known to somebody who should not know them any more.
func (a *app) runOfficeWorklist(ctx context.Context, asCSV, asJSON bool) error {
	c, _, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	list, err := c.OfficeWorklist(ctx)
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(list)
	case asCSV:
		return agent.WriteWorklist(a.out, a.texts, list)
	case len(list) == 0:
		a.say("office-work-none")
		return nil
	}
	var rows [][]string
	for _, w := range list {
		rows = append(rows, []string{
			strings.Join(w.Clients, ", "), w.Service, w.User, w.Member + ", " + w.Device, office.DayOf(w.Since),
		})
	}
	if err := printColumns(a.out, rows); err != nil {
		return err
	}
	fmt.Fprintln(a.err, a.texts.T("office-work-steps"))
	return nil
}
