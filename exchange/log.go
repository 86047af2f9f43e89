package exchange

import (
	stdcsv "encoding/csv"
	"io"
	"strconv"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// WriteLog writes lines of the log as a table.
func WriteLog(to io.Writer, t *lang.Texts, entries []vault.LogEntry) error {
	rows := [][]string{{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"), t.T("log-column-count"), t.T("log-column-by"),
	}}
	for _, e := range entries {
		count := ""
		if e.N > 0 {
			count = strconv.Itoa(e.N)
		}
		rows = append(rows, []string{e.At.Local().Format(time.DateTime), t.T("act-" + string(e.Act)), e.Name, count, e.By})
	}
	return WriteSheet(to, rows)
}

// WriteSheet writes a table as what a spreadsheet of a Hungarian office opens by a double click: UTF-8 with a mark,
// semicolons.
func WriteSheet(to io.Writer, rows [][]string) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := stdcsv.NewWriter(to)
	w.Comma = ';'
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = TextCell(text)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return w.Error()
}
