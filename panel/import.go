package panel

import (
	"context"

	"kapu/agent"
	"kapu/exchange"
)

// importPage takes files in: what would become of each entry, which of them, and what became of them.
var importPage = page{path: "/import", title: "page-import", html: "import.html", routes: importRoutes}

func importRoutes(r *routes, c *agent.Conn) {
	upload(r, "stage", func(ctx context.Context, s agent.Stage, file []byte) (staged, error) {
		s.Data = file
		answer, err := c.Stage(ctx, s)
		said := staged{
			ID: answer.ID, Sealed: answer.Sealed, Format: answer.Format, File: answer.File, Read: answer.Read,
			Columns: answer.Columns, Hidden: answer.Hidden, Only: answer.Only, report: r.report(answer.Report),
		}
		if answer.Unread != nil {
			said.Unread = upright(r.site.texts().Error(answer.Unread))
		}
		return said, err
	})
	api(r, "import-formats", func(context.Context, struct{}) ([]string, error) { return exchange.Readable(), nil })
	sized(r, "take-staged", maxPlan, func(ctx context.Context, t agent.TakeStaged) (taken, error) {
		done, err := c.TakeStaged(ctx, t)
		return taken{r.report(done.Report), done.Undo}, err
	})
	api(r, "drop-staged", func(ctx context.Context, id string) (struct{}, error) { return struct{}{}, c.DiscardStaged(ctx, id) })
}

// maxPlan is the largest request about a plan: a decision about each of the 100,000 entries that an import may have,
// and which of them are taken.
const maxPlan = 8 << 20

// staged is what the agent has read of files, without a key. Only is the client that a single key is of.
type staged struct {
	ID     string `json:"id"`
	Sealed string `json:"sealed,omitempty"`
	Format string `json:"format"`
	// Of the file that was given: its number, the format as which it was read or why it was not, how its columns were
	// understood, and whether some of it is hidden. The page stages it anew to have it read in another way.
	File    int               `json:"file"`
	Read    string            `json:"read,omitempty"`
	Unread  string            `json:"unread,omitempty"`
	Columns []exchange.Column `json:"columns,omitempty"`
	Hidden  bool              `json:"hidden,omitempty"`
	Only    *agent.Client     `json:"only,omitempty"`
	report
}

type taken struct {
	report
	Undo string `json:"undo,omitempty"`
}

// report is an exchange.Report whose reasons are said.
type report struct {
	Rows   []reportRow           `json:"rows"`
	Counts map[exchange.Fate]int `json:"counts"`
}

type reportRow struct {
	Line      int                 `json:"line"`
	File      string              `json:"file,omitempty"`
	Sheet     string              `json:"sheet,omitempty"`
	Name      string              `json:"name"`
	TaxNumber string              `json:"tax_number,omitempty"`
	Fate      exchange.Fate       `json:"fate"`
	Reason    string              `json:"reason,omitempty"`
	Choices   []exchange.Decision `json:"choices,omitempty"`
}

func (r *routes) report(said exchange.Report) report {
	rows, t := make([]reportRow, len(said.Rows)), r.site.texts()
	for i, row := range said.Rows {
		rows[i] = reportRow{row.Line, row.File, row.Sheet, row.Name, row.TaxNumber, row.Fate, "", row.Choices}
		if row.Reason != nil {
			rows[i].Reason = upright(t.Error(row.Reason))
		}
	}
	return report{rows, said.Counts}
}
