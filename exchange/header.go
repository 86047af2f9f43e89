package exchange

import (
	"slices"
	"strings"

	"kapu/internal/lazy"
	"kapu/lang"
	"kapu/vault"
)

// header is the row that names the columns, and what they mean.
type header struct {
	at     int // its place among the rows; -1 if there is none
	fields []field
	by     []By // what has decided about each
	key    bool // whether a column holds the keys
	known  int  // how many headings are understood
}

// headerWithin is how far down the header may be: titles, a logo and an address stand above it.
const headerWithin = 50

// header finds the row that names the columns: the first with a heading for the keys and another one, else one for the
// keys alone, else the one of which most is understood. A heading alone in its row is a title, unless it names the only
// column there is.
func (d dialect) header(rows []row, chosen chosen) header {
	best := header{at: -1}
	alone, title := false, false // best has a heading for the keys, and no other that is understood; or even no other
	for at, r := range rows[:min(len(rows), headerWithin)] {
		h, filled := d.headings(r, chosen)
		h.at = at
		switch {
		case h.key && h.known > 1:
			return h
		case h.key && !alone && best.known < 2:
			best, alone, title = h, true, filled == 1
		case (!alone || title) && h.known > best.known:
			best, alone = h, false
		}
	}
	return best
}

// headings reads a row as if it were the header.
func (d dialect) headings(r row, chosen chosen) (h header, filled int) {
	h.widen(len(r.cells))
	for i := range r.cells {
		cell := r.cell(i)
		if cell != "" {
			filled++
		}
		if len(cell) > maxHeading {
			continue
		}
		f, ok := chosen.byHeading(cell, i)
		switch {
		case ok:
			h.set(i, f, ByPerson)
		case cell != "":
			h.set(i, d.field(cell), "")
		}
		if cell != "" && h.fields[i] != unknownField {
			h.known++
			h.key = h.key || h.fields[i] == keyField
		}
	}
	return h, filled
}

// maxHeading is the longest text, in bytes, that is looked at as a heading.
const maxHeading = 4 * vault.MaxName

// widen makes room for so many columns.
func (h *header) widen(width int) {
	for len(h.fields) < width {
		h.fields, h.by = append(h.fields, unknownField), append(h.by, "")
	}
}

// choose takes over what the person says of columns by their places, whatever stands there. Where no header has been
// found, what they say of letters is of places too.
func (h *header) choose(rows []row, chosen chosen) {
	width := len(h.fields)
	for _, r := range rows[:min(len(rows), headerWithin)] {
		width = max(width, len(r.cells))
	}
	h.widen(width)
	for i := range width {
		f, ok := chosen[atPlace(columnLetters(i))]
		if !ok && h.at < 0 {
			f, ok = chosen.byHeading("", i)
		}
		if !ok {
			continue
		}
		if h.set(i, f, ByPerson); f == keyField && h.at < 0 {
			h.top(rows, i)
		}
	}
	h.key = slices.Contains(h.fields, keyField)
}

// guess finds the columns that every table of clients has, the keys and the names, by what stands in them, where no
// heading says it. A table need not even have headings.
func (h *header) guess(rows []row) {
	width := 0
	for _, r := range rows[h.at+1 : min(len(rows), h.at+1+sample)] {
		width = max(width, len(r.cells))
	}
	h.widen(width)
	if h.key && h.has(nameField, personField) {
		return
	}
	all := make([]statistics, len(h.fields))
	for i, f := range h.fields {
		if f == unknownField || f == otherField || f == ownerField {
			all[i] = statisticsOf(rows[h.at+1:], i)
		}
	}
	if !h.key {
		column := keysAmong(all)
		if column < 0 || h.known == 0 && all[column].keys < 2 {
			return // of one row nothing can be told
		}
		h.set(column, keyField, ByContent)
		if h.key = true; h.at < 0 {
			h.top(rows, column)
			for i := range all {
				all[i] = statisticsOf(rows[h.at+1:], i)
			}
		}
	}
	if !h.has(nameField, personField) {
		if column := namesAmong(h.fields, all); column >= 0 {
			h.set(column, nameField, ByContent)
		}
	}
	if !h.has(taxField) {
		if column := taxNumbersAmong(h.fields, all); column >= 0 {
			h.set(column, taxField, ByContent)
		}
	}
}

// taxNumbersAmong is the first unknown column of which at least four in five are tax numbers, or -1.
func taxNumbersAmong(fields []field, all []statistics) int {
	for i, s := range all {
		if fields[i] == unknownField && s.filled > 0 && s.taxes*5 >= s.filled*4 {
			return i
		}
	}
	return -1
}

func (h *header) set(column int, f field, by By) { h.fields[column], h.by[column] = f, by }

func (h *header) has(fields ...field) bool {
	for _, f := range h.fields {
		for _, wanted := range fields {
			if f == wanted {
				return true
			}
		}
	}
	return false
}

// top finds the header of a table of whose headings none is understood: the row above the first key, if it has
// something to say about the column. Where there is no key there is no telling.
func (h *header) top(rows []row, keys int) {
	above := h.at
	for at, r := range rows[:min(len(rows), headerWithin)] {
		if mayBeKey(r.cell(keys)) || isURI(r.cell(keys)) {
			h.at = above
			return
		}
		if r.cell(keys) != "" {
			above = at
		}
	}
}

// statistics say what stands in a column.
type statistics struct {
	filled, keys, digits, words, firms, taxes, distinct int
}

// sample is how many rows are looked at to tell what a column is.
const sample = 500

func statisticsOf(rows []row, column int) statistics {
	var s statistics
	seen := map[string]bool{}
	for _, r := range rows[:min(len(rows), sample)] {
		text := r.cell(column)
		if text == "" {
			continue
		}
		s.filled++
		switch {
		case isURI(text) || hasPrefixFold(text, "key="):
			s.keys++
			s.digits++
		case mayBeKey(text):
			s.keys++
			if strings.ContainsAny(text, "234567") {
				s.digits++
			}
		case elevenDigits().MatchString(text):
			s.taxes++
		case isWords(text):
			s.words++
			if firm().MatchString(lang.Fold(text)) {
				s.firms++
			}
		}
		if !seen[text] {
			seen[text] = true
			s.distinct++
		}
	}
	return s
}

// mayBeKey says whether a text looks like a key of sixteen characters or more, however it is grouped.
func mayBeKey(s string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567"
	length := 0
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte(alphabet, c) >= 0:
			length++
		case c != ' ' && c != '-' && c != '=':
			return false
		}
	}
	if length < 16 || length > 200 {
		return false
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' })
	for _, g := range groups[:len(groups)-1] { // words are of any length, groups of one
		if len(g) != len(groups[0]) {
			return false
		}
	}
	_, err := vault.ParseKey(s)
	return err == nil
}

// isWords says whether a text may be a name: most of it letters, and no address of a mailbox.
func isWords(s string) bool {
	letters, all := 0, 0
	for _, r := range s {
		if all++; r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xc0 {
			letters++
		}
	}
	return letters*2 > all && letters > 1 && !strings.Contains(s, "@") && all <= vault.MaxName
}

// firm is what the names of businesses end with.
var firm = lazy.Regexp(`\b(kft|bt|zrt|nyrt|rt|kkt|e\.? ?v|ev|kht|nonprofit|egyesulet|alapitvany|tarsashaz|szovetkezet|ugyvedi iroda|ltd|gmbh|llc)\b`)

// keysAmong finds the column of keys, of which most cells may be one; words of capitals alone are none.
func keysAmong(all []statistics) int {
	best := -1
	for i, s := range all {
		if s.keys*3 >= s.filled*2 && s.digits*2 >= s.keys && s.keys > 0 && (best < 0 || s.keys > all[best].keys) {
			best = i
		}
	}
	return best
}

// namesAmong finds the column of names among those whose headings say nothing, or only whose account it is: one in
// which businesses stand, else the one with most different texts.
func namesAmong(fields []field, all []statistics) int {
	best, most := -1, 0
	for i, s := range all {
		if f := fields[i]; f != unknownField && f != ownerField || s.words*2 < s.filled || s.words == 0 {
			continue
		}
		score := 1 + 4*s.firms + s.distinct
		if fields[i] == ownerField {
			score = 1
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}
