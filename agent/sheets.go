package agent

import (
	"io"
	"strings"
	"time"

	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// The CSV sheets that a person takes away, for a spreadsheet. One writer each, so that the page and the command line
// hand out the same columns. Days and times are those of the office's calendar, whatever the machine's clock is set to.

// WriteLog writes lines of the log, and below them where lines are missing.
func WriteLog(to io.Writer, t *lang.Texts, log Log) error {
	sheet := [][]string{{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"),
		t.T("log-column-count"), t.T("log-column-by"),
	}}
	for _, e := range log.Lines {
		sheet = append(sheet, []string{office.TimeOf(e.At), t.T("act-" + string(e.Act)), e.Name, exchange.Count(e.N), e.By})
	}
	for _, g := range log.Gaps {
		sheet = append(sheet, []string{g.Month, GapSaid(t, g), "", "", ""})
	}
	return exchange.WriteSheet(to, sheet)
}

// EveryKey is the work list of a vault whose identity somebody may have: the keys of all clients.
func EveryKey(clients []Client, now time.Time) []OfficeTodo {
	list := []OfficeTodo{}
	at := map[string]int{}
	for i := range clients {
		c := &clients[i]
		if n, ok := at[c.Account]; ok {
			list[n].Clients = append(list[n].Clients, c.Label())
			continue
		}
		at[c.Account] = len(list)
		list = append(list, OfficeTodo{
			Account: c.Account, Clients: []string{c.Label()}, Service: c.Service, User: c.UserName, Since: now,
		})
	}
	return list
}

// WriteWorklist writes the keys that have to be registered anew.
func WriteWorklist(to io.Writer, t *lang.Texts, list []OfficeTodo) error {
	sheet := [][]string{{
		t.T("sheet-clients"), t.T("field-service"), t.T("field-user-name"), t.T("sheet-knows"),
		t.T("office-column-device"), t.T("office-column-since"),
	}}
	for _, w := range list {
		clients := strings.Join(w.Clients, ", ")
		sheet = append(sheet, []string{clients, w.Service, w.User, w.Member, w.Device, office.DayOf(w.Since)})
	}
	return exchange.WriteSheet(to, sheet)
}

// WriteDeadlines writes what runs out, in the order of the list.
func WriteDeadlines(to io.Writer, t *lang.Texts, list []Deadline) error {
	sheet := [][]string{{
		t.T("sheet-last-day"), t.T("sheet-runs-out"), t.T("field-name"), t.T("field-tax-number"), t.T("field-folder"),
		t.T("sheet-others"),
	}}
	for _, d := range list {
		what := t.T("sheet-mandate")
		if d.Kind == PasswordEnds {
			what = t.T("sheet-password")
		}
		sheet = append(sheet, []string{
			d.Day, what, d.Client.Label(), d.Client.TaxNumber, d.Client.Folder, exchange.Count(d.Others),
		})
	}
	return exchange.WriteSheet(to, sheet)
}

// GapSaid says what is missing from a month of the log.
func GapSaid(t *lang.Texts, g vault.LogGap) string {
	switch {
	case g.Found == 0:
		return t.T("log-gap-month", "Month", g.Month, "Known", g.Known)
	case g.Found < g.Known:
		return t.T("log-gap-lines", "Month", g.Month, "Known", g.Known, "Found", g.Found)
	default:
		return t.T("log-gap-others", "Month", g.Month, "Known", g.Known)
	}
}

// WriteJournal writes the office's journal, and below it where pages of it are missing.
func WriteJournal(to io.Writer, t *lang.Texts, j OfficeJournal) error {
	sheet := [][]string{{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"),
		t.T("log-column-count"), t.T("office-column-member"),
		t.T("office-column-device"),
	}}
	for _, l := range j.Lines {
		sheet = append(sheet, []string{
			office.TimeOf(l.At), t.T("act-" + l.Act), l.Name, exchange.Count(l.N), l.Member, l.Device,
		})
	}
	for _, g := range j.Gaps {
		sheet = append(sheet, []string{"", t.T("sheet-gap", "From", g.From, "Until", g.To), "", "", g.Member, g.Device})
	}
	return exchange.WriteSheet(to, sheet)
}
