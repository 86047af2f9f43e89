package exchange

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kapu/internal/lazy"
	"kapu/lang"
	"kapu/vault"
)

// The first days of a spreadsheet's calendar: the usual one, and that of old Macs.
var (
	since1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) // Excel counts a 29 February 1900
	since1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

// dayOrder is the order in which the dates of one column are written: 03/04 is a day of April to a Hungarian and
// one of March to a spreadsheet set up for the United States.
type dayOrder struct{ dayFirst, monthFirst bool }

var (
	timeOfDay  = lazy.Regexp(`[ t]\d{1,2}:\d\d(:\d\d(\.\d+)?)?z?$`)
	yearFirst  = lazy.Regexp(`^(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?$`)
	compactDay = lazy.Regexp(`^(\d{4})(\d\d)(\d\d)$`)
	yearLast   = lazy.Regexp(`^(\d{1,2})([-./]) ?(\d{1,2})[-./] ?(\d{4})\.?$`)
	monthNamed = lazy.Regexp(`^(\d{4})[-./]? ?([a-z]{3})[a-z]*[-./]? ?(\d{1,2})\.?$`)
	monthLast  = lazy.Regexp(`^(\d{1,2})(?:st|nd|rd|th)?[-./]? ?([a-z]{3})[a-z]*[-./,]? ?(\d{4})\.?$`)
	monthFirst = lazy.Regexp(`^([a-z]{3})[a-z]*\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})\.?$`)
	// untilDay is what people write around a day: "2026.12.31-ig", "31.12.2026-án", "lejár: 2026.12.31.".
	untilDay = lazy.Regexp(`^(?:(?:lejar|lejarat|ervenyes|eddig|until|valid until|expires)(?: on)?:? )?(.*?)[. ]?(?:-(?:ig|jeig|aig|eig|an|en|jan|jen|i)|(?: (?:napjaig|napig|ejfelig|eddig)))?\.?$`)
	serial   = lazy.Regexp(`^\d{5}(\.\d+)?$`)
)

var monthNames = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
	"sze": 9, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}

// saysNothing says whether a text says nothing of a day: it is nothing, or a dash.
func saysNothing(text string) bool { return strings.Trim(text, "-–—./ ") == "" }

// endless says whether a text means that there is no last day (visszavonásig), or that nothing is known of one. A
// mandate without an end is "nincs lejárat", one that does not exist "nincs": the word alone says nothing.
func endless(text string) (indefinite, unknown bool) {
	if strings.ContainsAny(text, "0123456789") {
		return false, false
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	ending := slices.ContainsFunc(words, func(w string) bool {
		return strings.Contains(" lejarat lejarata lejar hatarido hatarideje vege until idobeli idokorlat ", " "+w+" ")
	})
	kept := slices.DeleteFunc(words, func(w string) bool {
		return strings.Contains(" ideig ideju ido idore tartamu idotartamra lejarat lejarata lejar hatarido hatarideje vege ervenyesseg "+
			"idobeli idokorlat ervenyessegu ervenyes meghatalmazas allando until a az date ", " "+w+" ")
	})
	switch strings.Join(kept, " ") {
	case "nincs", "nem", "nelkul", "none":
		return ending, !ending
	case "revoked":
		return ending, false
	case "nem jar le", "hatarozatlan", "hatarozatlanig", "korlatlan", "korlatlanul", "korlatozas nelkul",
		"orok", "orokke", "orokos", "vegtelen", "visszavonasig", "visszavonas", "visszavonasaig", "visszavonhato",
		"visszavonasig hatalyos", "never", "no end", "no expiry", "indefinite", "indefinitely", "further notice", "unlimited",
		"permanent", "forever", "open ended":
		return true, false
	}
	return false, false
}

// learn looks at a date of the column.
func (o *dayOrder) learn(s string) {
	if strings.IndexByte(s, '/') < 0 && strings.IndexByte(s, '-') < 0 || len(s) > 4 && s[4] == '-' {
		return
	}
	if m := yearLast().FindStringSubmatch(clean(s)); m != nil && m[2] != "." {
		o.dayFirst = o.dayFirst || number(m[1]) > 12
		o.monthFirst = o.monthFirst || number(m[3]) > 12
	}
}

// day reads a date as people and spreadsheets write it, as "2026-12-31"; vault.Indefinite of one that never comes.
func (o dayOrder) day(s string, epoch time.Time) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return s, nil
	}
	text := clean(s)
	if saysNothing(text) {
		return "", nil
	}
	switch indefinite, unknown := endless(text); {
	case indefinite:
		return vault.Indefinite, nil
	case unknown:
		return "", nil
	}
	if p := untilDay().FindStringSubmatch(text); p != nil && strings.ContainsAny(p[1], "0123456789") {
		text = strings.TrimSpace(p[1])
	}
	var y, m, d int
	if p := yearFirst().FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), number(p[2]), number(p[3])
	} else if p := compactDay().FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), number(p[2]), number(p[3])
	} else if p := monthNamed().FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), monthNames[p[2]], number(p[3])
	} else if p := monthLast().FindStringSubmatch(text); p != nil {
		d, m, y = number(p[1]), monthNames[p[2]], number(p[3])
	} else if p := monthFirst().FindStringSubmatch(text); p != nil {
		m, d, y = monthNames[p[1]], number(p[2]), number(p[3])
	} else if p := yearLast().FindStringSubmatch(text); p != nil {
		d, m, y = number(p[1]), number(p[3]), number(p[4])
		switch {
		case p[2] == ".": // nobody writes the month first with dots
		case o.monthFirst && !o.dayFirst:
			d, m = m, d
		case o.monthFirst == o.dayFirst && d != m:
			return "", lang.E("date-order", "Value", shorten(text, 40))
		}
	} else if serial().MatchString(text) {
		n, _, _ := strings.Cut(text, ".")
		return epoch.AddDate(0, 0, number(n)).Format(time.DateOnly), nil
	}
	if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); y > 0 && t.Month() == time.Month(m) && t.Day() == d {
		return t.Format(time.DateOnly), nil
	}
	return "", lang.E("date-wrong", "Value", shorten(hidden(s), 40)) // who knows what slipped into this column
}

// clean folds a date and cuts off its time of day, which a spreadsheet may add.
func clean(s string) string { return timeOfDay().ReplaceAllString(lang.Fold(s), "") }

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
