package exchange

import (
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// worksheet is one sheet of a workbook, whatever the file's format.
type worksheet struct {
	name   string
	hidden bool
	rows   []row // those with something in them
	merged []area
	last   int // the line of the last row that was read, if the format counts them so
}

// area is a merged range of cells, of which a person sees the first. Rows are counted from 1, columns from 0.
type area struct{ top, bottom, left, right int }

const (
	maxSheets = 500
	// rowCost is what a row costs beside its cells, in cells.
	rowCost = 4
)

// put writes a cell. Empty ones at the end of a row are none.
func (r *row) put(column int, text string, b *Budget) error {
	if text == "" || column < 0 || column >= maxColumns {
		return nil
	}
	if err := b.spend(max(1, column+1-len(r.cells))); err != nil {
		return err
	}
	if missing := column + 1 - len(r.cells); missing > 0 {
		before := len(r.cells)
		r.cells = slices.Grow(r.cells, missing)[:column+1]
		clear(r.cells[before:])
	}
	r.cells[column] = text
	return nil
}

// spread gives the first cell of a merged range to all rows of it: a key that stands once for three businesses is the
// key of all three. What lies hidden under the range, and beside it in other columns, is nothing a person sees.
func (s *worksheet) spread(b *Budget) error {
	for _, m := range s.merged {
		first, _ := slices.BinarySearchFunc(s.rows, m.top, func(r row, line int) int { return r.line - line })
		if first == len(s.rows) || s.rows[first].line > m.bottom {
			continue
		}
		var text string
		unstored := false
		if r := &s.rows[first]; r.line == m.top && m.left < len(r.cells) {
			text, unstored = r.cells[m.left], slices.Contains(r.unstored, m.left)
		}
		for i := first; i < len(s.rows) && s.rows[i].line <= m.bottom; i++ {
			r := &s.rows[i]
			if err := b.spend(1 + min(m.right, len(r.cells)) - min(m.left, len(r.cells))); err != nil {
				return err
			}
			for column := m.left; column <= min(m.right, len(r.cells)-1); column++ {
				r.cells[column] = ""
			}
			if err := r.put(m.left, text, b); err != nil {
				return err
			}
			if unstored && r.line > m.top {
				r.unstored = append(r.unstored, m.left)
			}
		}
	}
	return nil
}

// add appends a row unless nothing is in it.
func (s *worksheet) add(r row, b *Budget) error {
	if r.blank() && len(r.unstored) == 0 {
		return b.err()
	}
	s.rows = append(s.rows, r)
	return b.spend(rowCost)
}

func (r row) blank() bool {
	return !slices.ContainsFunc(r.cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// readSheets makes entries of the sheets of a workbook. Those without a column of keys are left out and said, and so
// are hidden ones.
func readSheets(sheets []worksheet, epoch time.Time, o ReadOptions) ([]Entry, error) {
	var entries, without []Entry
	var reason error
	counted, b := 0, o.Budget
	for i := range sheets {
		s := &sheets[i]
		if err := s.spread(b); err != nil {
			return nil, err
		}
		if len(s.rows) > 0 {
			counted++
		}
	}
	for _, s := range sheets {
		if len(s.rows) == 0 {
			continue
		}
		where := ""
		if counted > 1 {
			where = s.name
		}
		if s.hidden && !o.Hidden {
			without = append(without, Entry{Line: s.rows[0].line, Sheet: where, Name: hidden(s.name), Skip: lang.E("table-hidden-sheet", "Rows", len(s.rows))})
			continue
		}
		more, err := office.read(s.rows, epoch, where, o)
		if err != nil {
			without = append(without, Entry{Line: s.rows[0].line, Sheet: where, Name: hidden(s.name), Skip: sentence(err)})
			if reason == nil {
				reason = err
			}
			continue
		}
		if entries = append(entries, more...); len(entries) > maxEntries+maxUnread {
			return nil, tooMany()
		}
	}
	switch onlyHidden := slices.ContainsFunc(without, func(e Entry) bool { return e.Skip.ID == "table-hidden-sheet" }); {
	case len(entries) > 0 || onlyHidden:
	case reason != nil:
		return nil, reason
	default:
		return nil, lang.E("xlsx-empty")
	}
	return append(entries, without...), nil
}
