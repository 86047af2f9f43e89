package panel

import (
	"context"
	"io"

	"kapu/agent"
	"kapu/office"
)

// logPage shows who took whose code and when, and what was changed.
var logPage = page{path: "/log", title: "page-log", html: "log.html", routes: logRoutes}

// logRange is what the page asks for as a file: what it shows.
type logRange struct {
	Query string `json:"query"`
	From  string `json:"from"`
	Until string `json:"until"`
}

// logRow is a line of the log, a data transfer object (LogRow in static/types.d.ts).
type logRow struct {
	At   int64  `json:"at"`  // seconds since 1970
	Day  string `json:"day"` // of that moment, in the office's calendar
	Act  string `json:"act"`
	Name string `json:"name"`
	By   string `json:"by"`
	Many string `json:"many"` // how many clients, in words; "" of one
}

// shownLog is the log, and in a sentence each where it has gaps.
type shownLog struct {
	Lines []logRow `json:"lines"`
	Gaps  []string `json:"gaps"`
}

func logRoutes(r *routes, c *agent.Conn) {
	// All of it at once: the lines of a year are less than a picture, and are then searched as one types.
	api(r, "log", func(ctx context.Context, _ struct{}) (shownLog, error) {
		log, err := c.Log(ctx, agent.LogRequest{})
		t := r.site.texts()
		rows, gaps := make([]logRow, len(log.Lines)), []string{}
		for _, g := range log.Gaps {
			gaps = append(gaps, agent.GapSaid(t, g))
		}
		for i, e := range log.Lines {
			many := ""
			if e.N > 0 {
				many = t.N("clients", e.N)
			}
			rows[i] = logRow{
				At: e.At.Unix(), Day: office.DayOf(e.At), Act: t.T("act-" + string(e.Act)), Name: e.Name, By: e.By, Many: many,
			}
		}
		return shownLog{rows, gaps}, err
	})
	api(r, "log-csv", func(ctx context.Context, q logRange) (string, error) {
		asked, err := agent.LogOf(q.Query, q.From, q.Until)
		if err != nil {
			return "", err
		}
		log, err := c.Log(ctx, asked)
		return sheetOf(err, func(to io.Writer) error { return agent.WriteLog(to, r.site.texts(), log) })
	})
}
