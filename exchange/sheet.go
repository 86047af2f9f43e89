package exchange

import (
	stdcsv "encoding/csv"
	"io"
	"strconv"
)

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
