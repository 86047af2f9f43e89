package panel

import (
	"context"
	"strings"
	"time"

	"kapu/agent"
	"kapu/exchange"
)

// todo is a line of the work list, and a client by which its account is changed.
type todo struct {
	agent.OfficeTodo
	Client string `json:"client"` // id
}

func officeKeysRoutes(r *routes, c *agent.Conn) {
	api(r, "office-keys", func(ctx context.Context, _ struct{}) ([]todo, error) {
		list, err := c.OfficeWorklist(ctx)
		if err != nil {
			return nil, err
		}
		clients, err := c.List(ctx, "", "")
		of := map[string]string{}
		for i := range clients {
			of[clients[i].Account] = clients[i].ID
		}
		todos := make([]todo, len(list))
		for i, t := range list {
			todos[i] = todo{t, of[t.Account]}
		}
		return todos, err
	})
	api(r, "office-keys-csv", func(ctx context.Context, _ struct{}) (string, error) {
		list, err := c.OfficeWorklist(ctx)
		t := r.panel.texts()
		table := [][]string{{
			t.T("page-name"), t.T("page-service"), t.T("page-user-name"), t.T("page-office-knows"), t.T("page-office-machine"), t.T("page-office-since"),
		}}
		for _, l := range list {
			table = append(table, []string{strings.Join(l.Clients, ", "), l.Service, l.User, l.Member, l.Device, l.Since.Local().Format(time.DateTime)})
		}
		return sheetOf(table, err)
	})
}

// journalRange is what the page asks for as a file: what it shows.
type journalRange struct {
	logRange
	Member string `json:"member"` // id
}

// journalRow is a line of the journal, a data transfer object (JournalRow in static/types.d.ts).
type journalRow struct {
	At     int64  `json:"at"` // seconds since 1970
	Act    string `json:"act"`
	Name   string `json:"name"`
	Member string `json:"member"` // name of who did it
	Device string `json:"device"`
	Many   string `json:"many"` // how many clients, in words; "" of one
}

// shownJournal is the journal, and where it has gaps.
type shownJournal struct {
	Lines []journalRow      `json:"lines"`
	Gaps  []agent.OfficeGap `json:"gaps"`
}

func officeJournalRoutes(r *routes, c *agent.Conn) {
	// All of it at once, as the log: then it is searched as one types.
	api(r, "office-journal", func(ctx context.Context, _ struct{}) (shownJournal, error) {
		journal, err := c.OfficeJournal(ctx, agent.OfficeJournalRequest{})
		t := r.panel.texts()
		rows := make([]journalRow, len(journal.Lines))
		for i, l := range journal.Lines {
			many := ""
			if l.N > 0 {
				many = t.N("clients", l.N)
			}
			rows[i] = journalRow{
				At: l.At.Unix(), Act: t.T("act-" + l.Act), Name: l.Name, Member: l.Member, Device: l.Device, Many: many,
			}
		}
		return shownJournal{rows, journal.Gaps}, err
	})
	api(r, "office-journal-csv", func(ctx context.Context, q journalRange) (string, error) {
		asked, err := agent.LogOf(q.Query, q.From, q.Until)
		if err != nil {
			return "", err
		}
		journal, err := c.OfficeJournal(ctx, agent.OfficeJournalRequest{LogRequest: asked, Member: q.Member})
		t := r.panel.texts()
		table := [][]string{{
			t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"), t.T("log-column-count"), t.T("page-office-member"), t.T("page-office-machine"),
		}}
		for _, l := range journal.Lines {
			table = append(table, []string{l.At.Local().Format(time.DateTime), t.T("act-" + l.Act), l.Name, exchange.Count(l.N), l.Member, l.Device})
		}
		for _, g := range journal.Gaps {
			table = append(table, []string{"", t.T("page-office-gap-line", "From", g.From, "Until", g.To), "", "", g.Member, g.Device})
		}
		return sheetOf(table, err)
	})
}

func sheetOf(table [][]string, err error) (string, error) {
	var b strings.Builder
	if err == nil {
		err = exchange.WriteSheet(&b, table)
	}
	return b.String(), err
}
