//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// table is what was measured. Its rows are printed together at the end, so that they line up.
type table struct{ rows, before []row }

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
	line := func(what, before, measured, goal, how string) {
		if len(t.before) > 0 {
			measured = before + "\t| " + measured
		}
		fmt.Fprintf(w, "%s\t| %s\t| %s\t| %s\n", what, measured, goal, how)
	}
	line("what", "before", "measured", "goal", "how")
	line("----", "------", "--------", "----", "---")
	for _, r := range t.rows {
		before := row{}
		if i := slices.IndexFunc(t.before, func(older row) bool { return older.what == r.what }); i >= 0 {
			before = t.before[i]
		}
		line(r.what, before.measured, r.measured, r.goal, r.how)
	}
	w.Flush()
}
