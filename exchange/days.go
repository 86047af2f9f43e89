package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kapu/lang"
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
	timeOfDay  = regexp.MustCompile(`[ t]\d{1,2}:\d\d(:\d\d(\.\d+)?)?z?$`)
	yearFirst  = regexp.MustCompile(`^(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?$`)
	compactDay = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)$`)
	yearLast   = regexp.MustCompile(`^(\d{1,2})([-./]) ?(\d{1,2})[-./] ?(\d{4})\.?$`)
	monthNamed = regexp.MustCompile(`^(\d{4})\.? ?([a-z]{3})[a-z]*\.? ?(\d{1,2})\.?$`)
	serial     = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

var monthNames = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
	"sze": 9, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}

// noDay are the ways to say that there is no such day.
var noDay = map[string]bool{
	"": true, "-": true, "–": true, "nincs": true,
	"hatarozatlan": true, "hatarozatlan ideig": true, "hatarozatlan ideju": true,
	"visszavonasig": true, "none": true, "indefinite": true, "until revoked": true, "unlimited": true,
}

// learn looks at a date of the column.
func (o *dayOrder) learn(s string) {
	if m := yearLast.FindStringSubmatch(clean(s)); m != nil && m[2] != "." {
		o.dayFirst = o.dayFirst || number(m[1]) > 12
		o.monthFirst = o.monthFirst || number(m[3]) > 12
	}
}

// day reads a date as people and spreadsheets write it, as "2026-12-31".
func (o dayOrder) day(s string, epoch time.Time) (string, error) {
	text := clean(s)
	if noDay[text] {
		return "", nil
	}
	var y, m, d int
	if p := yearFirst.FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), number(p[2]), number(p[3])
	} else if p := compactDay.FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), number(p[2]), number(p[3])
	} else if p := monthNamed.FindStringSubmatch(text); p != nil {
		y, m, d = number(p[1]), monthNames[p[2]], number(p[3])
	} else if p := yearLast.FindStringSubmatch(text); p != nil {
		d, m, y = number(p[1]), number(p[3]), number(p[4])
		switch {
		case p[2] == ".": // nobody writes the month first with dots
		case o.monthFirst && !o.dayFirst:
			d, m = m, d
		case o.monthFirst == o.dayFirst && d != m:
			return "", lang.E("date-order", "Value", text)
		}
	} else if serial.MatchString(text) {
		n, _, _ := strings.Cut(text, ".")
		return epoch.AddDate(0, 0, number(n)).Format(time.DateOnly), nil
	}
	if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); y > 0 && t.Month() == time.Month(m) && t.Day() == d {
		return t.Format(time.DateOnly), nil
	}
	if strings.Trim(text, "0123456789-./: ") != "" { // who knows what slipped into this column
		text = "…"
	}
	return "", lang.E("date-wrong", "Value", shorten(text, 20))
}

// clean folds a date and cuts off its time of day, which a spreadsheet may add.
func clean(s string) string { return timeOfDay.ReplaceAllString(lang.Fold(s), "") }

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
