package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Sort is a stable sort by the Hungarian collation of what name gives: cs after cz, ö after o, digits by value. Names
// are Hungarian whatever the language of the interface.
func Sort[T any](items []T, name func(T) string) {
	c := collate.New(language.Hungarian, collate.Numeric)
	var buf collate.Buffer
	type keyed struct {
		key  []byte
		item T
	}
	all := make([]keyed, len(items))
	for i, it := range items {
		all[i] = keyed{c.KeyFromString(&buf, name(it)), it}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return slices.Compare(a.key, b.key) })
	for i, k := range all {
		items[i] = k.item
	}
}

// Fold normalises a text for comparison: Unicode NFD without accents, case, surplus white space and what nobody sees.
// It is idempotent.
func Fold(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // beside bytes that are none, NFD leaves characters as they are
	}
	folded := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || invisible(r) && !unicode.IsSpace(r) { // Mn: the accents that NFD has split off
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.Join(strings.Fields(folded), " ")
}
