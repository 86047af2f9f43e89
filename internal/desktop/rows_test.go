//go:build linux

package desktop

import "testing"

func TestSolveFindsTheMetrics(t *testing.T) {
	t.Parallel()
	row, off, line := Item{Enabled: true}, Item{}, Item{Type: "separator"}
	want := metrics{row: 25, separator: 7, pad: 4}
	for _, c := range []struct {
		name        string
		rows        []Item
		first, last int
	}{
		{"a line between", []Item{row, line, row, row}, 0, 3},
		{"a line before only", []Item{off, line, row, row, row}, 2, 4},
		{"a line after only", []Item{row, row, line, off}, 0, 1},
		{"lines everywhere", []Item{off, line, row, line, line, row, line, off}, 2, 5},
	} {
		got, err := solve(want.height(c.rows), c.rows, c.first, want.span(c.rows, c.first), c.last, want.span(c.rows, c.last))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, err, want)
		}
	}
	// Lines that lie even around the rows leave their height open, but not where the rows are.
	even := []Item{off, line, row, row, line, off}
	got, err := solve(want.height(even), even, 2, want.span(even, 2), 3, want.span(even, 3))
	if err != nil || got.span(even, 2) != want.span(even, 2) || got.span(even, 3) != want.span(even, 3) || got.height(even) != want.height(even) {
		t.Errorf("even lines: %+v, %v", got, err)
	}
}

func TestLabelsAreAsShown(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"Alfa Kft.": "Alfa Kft.", "Béta__2": "Béta_2", "_Kilépés": "Kilépés", "a____b": "a__b", "vég_": "vég", "&": "&",
	} {
		if got := shown(label); got != want {
			t.Errorf("%q is shown as %q, want %q", label, got, want)
		}
	}
}
