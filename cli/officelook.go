package cli

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
)

func (a *app) officeStatusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "help-office-status", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			v, err := c.OfficeView(cmd.Context())
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(v)
			case !v.In:
				a.say("office-none")
				return nil
			}
			a.printOffice(v)
			return nil
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) printOffice(v agent.OfficeView) {
	a.say("office-status", "Office", v.Name, "Store", v.Store)
	switch {
	case v.Expelled:
		a.say("office-expelled", "Office", v.Name)
	case v.Joining:
		a.say("office-words", "Office", v.Name, "Words", v.Words)
	default:
		role := office.Staff
		if v.Admin {
			role = office.Admin
		}
		a.say("office-you", "Role", a.texts.T("office-role-"+string(role)), "Members", len(v.Members), "Accounts", v.Accounts, "Own", v.Own)
	}
	if !v.Synced.IsZero() {
		a.say("office-synced", "Time", localTime(v.Synced))
	}
	for _, r := range v.Asking {
		a.say("office-asks", "Name", r.Name, "Machine", r.Machine, "Words", r.Words, "Time", localTime(r.At))
	}
	if v.Left > 0 {
		fmt.Fprintln(a.out, a.texts.N("office-left", v.Left))
	}
	for _, name := range v.Unfit {
		fmt.Fprintln(a.err, a.texts.T("office-unfit", "Client", name))
	}
	if v.Failing != nil {
		fmt.Fprintln(a.err, a.texts.T("office-failing", "Time", localTime(v.Since), "Reason", v.Failing))
	}
}

func (a *app) officeSyncCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "sync", Short: "help-office-sync", Long: "help-office-sync-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			done := a.busy("office-syncing")
			s, err := c.OfficeSync(cmd.Context())
			done()
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(s)
			}
			a.say("office-in-step")
			if s.Requests > 0 {
				fmt.Fprintln(a.out, a.texts.N("office-requests", s.Requests))
			}
			if s.Left > 0 {
				fmt.Fprintln(a.out, a.texts.N("office-left", s.Left))
			}
			return nil
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) officeSettingsCommand() *cobra.Command {
	var days int
	var hours string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "settings", Short: "help-office-settings", Long: "help-office-settings-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			if v.Settings == nil {
				return lang.E("office-not-yet", "Words", v.Words, "Office", v.Name).Kind(office.ErrNotYet)
			}
			s := *v.Settings
			if cmd.Flags().Changed("days") {
				s.BookDays = days
			}
			if cmd.Flags().Changed("hours") {
				from, until, ok := strings.Cut(hours, "-")
				var err1, err2 error
				s.FromHour, err1 = strconv.Atoi(from)
				s.UntilHour, err2 = strconv.Atoi(until)
				if !ok || err1 != nil || err2 != nil {
					return usageError{lang.E("office-hours-wrong", "Value", hours)}
				}
			}
			if s != *v.Settings {
				if err := c.OfficeConfigure(cmd.Context(), s); err != nil {
					return err
				}
				if err := a.carryOut(cmd.Context(), c); err != nil {
					return err
				}
			}
			if asJSON {
				return a.printJSON(s)
			}
			a.say("office-books", "Days", s.BookDays, "From", s.FromHour, "Until", s.UntilHour)
			return nil
		},
	}
	cmd.Flags().IntVar(&days, "days", 0, "flag-office-book-days")
	cmd.Flags().StringVar(&hours, "hours", "", "flag-office-hours")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) officeHistoryCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "history CLIENT", Short: "help-office-history", Long: "help-office-history-long", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, _, err := a.inOffice(cmd.Context()); err != nil {
				return err
			}
			c, client, err := a.oneClient(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			list, err := c.OfficeHistory(cmd.Context(), client.ID)
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(list)
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, h := range list {
				field := h.Client
				if field != "" {
					field += ", "
				}
				field += a.fieldName(h.Field)
				lost := ""
				if h.Lost {
					lost = a.texts.T("office-lost")
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", localTime(h.At), h.Member+", "+h.Device, field, h.Value, lost)
			}
			return t.Flush()
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// fieldName is what a field of a record is called.
func (a *app) fieldName(field string) string {
	id, ok := map[string]string{
		"name": "field-name", "tax_number": "field-tax-number", "folder": "field-folder", "service": "field-service",
		"user_name": "field-user-name", "mandate_until": "field-mandate-until", "password_until": "field-password-until",
		"key": "field-key", "counter": "field-counter", "gone": "field-gone",
	}[field]
	if !ok {
		return field // of a newer program
	}
	return a.texts.T(id)
}

func (a *app) officeWorklistCommand() *cobra.Command {
	var asCSV, asJSON bool
	cmd := &cobra.Command{
		Use: "worklist", Short: "help-office-worklist", Long: "help-office-worklist-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			list, err := c.OfficeWorklist(cmd.Context())
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(list)
			case asCSV:
				return exchange.WriteSheet(a.out, a.workRows(list))
			case len(list) == 0:
				a.say("office-work-none")
				return nil
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, w := range list {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", strings.Join(w.Clients, ", "), w.Service, w.User, w.Member+", "+w.Device, w.Since.Local().Format(time.DateOnly))
			}
			if err := t.Flush(); err != nil {
				return err
			}
			fmt.Fprintln(a.err, a.texts.T("office-work-steps"))
			return nil
		},
	}
	cmd.Flags().BoolVar(&asCSV, "csv", false, "flag-csv")
	jsonFlag(cmd, &asJSON)
	cmd.MarkFlagsMutuallyExclusive("csv", "json")
	return cmd
}

func (a *app) workRows(list []agent.OfficeTodo) [][]string {
	t := a.texts
	rows := [][]string{{
		t.T("log-column-name"), t.T("field-service"), t.T("field-user-name"), t.T("office-column-member"), t.T("office-column-device"), t.T("office-column-since"),
	}}
	for _, w := range list {
		rows = append(rows, []string{strings.Join(w.Clients, ", "), w.Service, w.User, w.Member, w.Device, w.Since.Local().Format(time.DateOnly)})
	}
	return rows
}

func (a *app) officeJournalCommand() *cobra.Command {
	var r agent.OfficeJournalRequest
	var client, from, until string
	var asCSV, asJSON bool
	cmd := &cobra.Command{
		Use: "journal", Short: "help-office-journal", Long: "help-office-journal-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if r.LogRequest, err = agent.LogOf(client, from, until); err != nil {
				return usageError{err}
			}
			c, _, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			j, err := c.OfficeJournal(cmd.Context(), r)
			if err != nil {
				return err
			}
			for _, g := range j.Gaps {
				fmt.Fprintln(a.err, a.texts.T("office-gap", "Member", g.Member, "Device", g.Device, "From", g.From, "To", g.To))
			}
			switch {
			case asJSON:
				return a.printJSON(j)
			case asCSV:
				return exchange.WriteSheet(a.out, a.journalRows(j.Lines))
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, l := range j.Lines {
				about := l.Name
				if l.N > 0 {
					about = a.texts.N("clients", l.N) + " " + l.Name
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", localTime(l.At), a.texts.T("act-"+l.Act), about, l.Member+", "+l.Device)
			}
			return t.Flush()
		},
	}
	f := cmd.Flags()
	f.StringVar(&client, "client", "", "flag-office-journal-client")
	f.StringVar(&r.Member, "member", "", "flag-office-journal-member")
	f.StringVar(&from, "from", "", "flag-from")
	f.StringVar(&until, "until", "", "flag-until")
	f.BoolVar(&asCSV, "csv", false, "flag-csv")
	jsonFlag(cmd, &asJSON)
	cmd.MarkFlagsMutuallyExclusive("csv", "json")
	return cmd
}

func (a *app) journalRows(lines []agent.OfficeLine) [][]string {
	t := a.texts
	rows := [][]string{{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"), t.T("log-column-count"), t.T("office-column-member"), t.T("office-column-device"),
	}}
	for _, l := range lines {
		count := ""
		if l.N > 0 {
			count = strconv.Itoa(l.N)
		}
		rows = append(rows, []string{l.At.Local().Format(time.DateTime), a.texts.T("act-" + l.Act), l.Name, count, l.Member, l.Device})
	}
	return rows
}
