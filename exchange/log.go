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
	table := make([][]string, 0, len(entries)+1)
	table = append(table, []string{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"), t.T("log-column-count"), t.T("log-column-by"),
	})
	for _, e := range entries {
		table = append(table, []string{e.At.Local().Format(time.DateTime), t.T("act-" + string(e.Act)), e.Name, Count(e.N), e.By})
	}
	return WriteSheet(to, table)
}

// Count is a number in a cell, which is empty for none.
func Count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// WriteSheet writes a table as what a spreadsheet of a Hungarian office opens by a double click: UTF-8 with a mark,
// semicolons, no cell that is taken for a formula.
func WriteSheet(to io.Writer, table [][]string) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := stdcsv.NewWriter(to)
	w.Comma = ';'
	w.UseCRLF = true
	for _, row := range table {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = TextCell(cell)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return w.Error()
}
