package panel

import (
	"context"
	"io"
	"strings"

	"kapu/agent"
	"kapu/office"
)

// todo is a line of the work list, and a client by which its account is changed.
type todo struct {
	agent.OfficeTodo
	Client string `json:"client"` // id
	Day    string `json:"day"`    // of Since
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
			todos[i] = todo{t, of[t.Account], office.DayOf(t.Since)}
		}
		return todos, err
	})
	api(r, "office-keys-csv", func(ctx context.Context, _ struct{}) (string, error) {
		list, err := c.OfficeWorklist(ctx)
		return sheetOf(err, func(to io.Writer) error { return agent.WriteWorklist(to, r.site.texts(), list) })
	})
}

// journalRange is what the page asks for as a file: what it shows.
type journalRange struct {
	logRange
	Member string `json:"member"` // id
}

// journalRow is a line of the journal, a data transfer object (JournalRow in static/types.d.ts).
type journalRow struct {
	At     int64  `json:"at"`  // seconds since 1970
	Day    string `json:"day"` // of that moment, in the office's calendar
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
		t := r.site.texts()
		rows := make([]journalRow, len(journal.Lines))
		for i, l := range journal.Lines {
			many := ""
			if l.N > 0 {
				many = t.N("clients", l.N)
			}
			rows[i] = journalRow{
				At: l.At.Unix(), Day: office.DayOf(l.At), Act: t.T("act-" + l.Act), Name: l.Name, Member: l.Member, Device: l.Device, Many: many,
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
		return sheetOf(err, func(to io.Writer) error { return agent.WriteJournal(to, r.site.texts(), journal) })
	})
}

// sheetOf is what write writes, unless there was an error before.
func sheetOf(err error, write func(io.Writer) error) (string, error) {
	var b strings.Builder
	if err == nil {
		err = write(&b)
	}
	return b.String(), err
}
