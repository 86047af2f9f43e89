package exchange

import (
	stdcsv "encoding/csv"
	"io"
	"strconv"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// WriteLog writes lines of the log as what a spreadsheet of a Hungarian office opens by a double click: UTF-8 with a
// mark, semicolons.
func WriteLog(to io.Writer, t *lang.Texts, entries []vault.LogEntry) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := stdcsv.NewWriter(to)
	w.Comma = ';'
	w.UseCRLF = true
	_ = w.Write([]string{
		t.T("log-column-time"), t.T("log-column-act"), t.T("log-column-name"), t.T("log-column-count"), t.T("log-column-by"),
	})
	for _, e := range entries {
		count := ""
		if e.N > 0 {
			count = strconv.Itoa(e.N)
		}
		_ = w.Write([]string{
			e.At.Local().Format(time.DateTime), t.T("act-" + string(e.Act)), TextCell(e.Name), count, TextCell(e.By),
		})
	}
	w.Flush()
	return w.Error()
}
