package lang

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Sort puts items into Hungarian order by the text that name gives: cs after cz, ö after o, digits by value.
// Names are Hungarian whatever the language of the interface.
func Sort[T any](items []T, name func(T) string) {
	c := collate.New(language.Hungarian, collate.Numeric)
	var buf collate.Buffer
	type keyed struct {
		key  []byte
		item T
	}
	rows := make([]keyed, len(items))
	for i, it := range items {
		rows[i] = keyed{c.KeyFromString(&buf, name(it)), it}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int { return slices.Compare(a.key, b.key) })
	for i, r := range rows {
		items[i] = r.item
	}
}

// Fold makes text comparable for a search: without accents, case and surplus spaces.
func Fold(s string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) { // the accents that NFD has split off
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.Join(strings.Fields(folded), " ")
}
