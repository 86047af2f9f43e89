//go:build linux

package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table is what was measured. Its rows are printed together at the end, so that they line up.
type table struct{ rows []row }

type row struct{ what, measured, goal, how string }

func (t *table) add(r row) { t.rows = append(t.rows, r) }

// skip adds a row for what could not be measured.
func (t *table) skip(what, goal string, why error) {
	text := strings.Join(strings.Fields(why.Error()), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	t.add(row{what, "not measured", goal, text})
}

func (t *table) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "what\t| measured\t| goal\t| how")
	fmt.Fprintln(w, "----\t| --------\t| ----\t| ---")
	for _, r := range t.rows {
		fmt.Fprintf(w, "%s\t| %s\t| %s\t| %s\n", r.what, r.measured, r.goal, r.how)
	}
	w.Flush()
}
