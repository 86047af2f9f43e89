package exchange

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// shownNumber is a number as a person sees it in the cell, in so far as that is part of it: zeros in front ("012345")
// and the groups of a tax number. What else a format does, rounding above all, is none of ours.
func shownNumber(value, shown string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-/ .", r) {
			return -1
		}
		return r
	}, shown)
	if digits != value && strings.TrimLeft(digits, "0") == value && value != "" && strings.Trim(digits, "0123456789") == "" {
		return shown
	}
	return value
}

// masked shows a whole number by a number format that is nothing but zeros and what stands between them:
// 00000000-0-00. Of any other format the number is returned as it is.
func masked(value, format string) string {
	zeros, quoted, escaped := 0, false, false
	for _, r := range format {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '0':
			zeros++
		case !strings.ContainsRune("-/ ", r):
			return value
		}
	}
	if zeros < 2 || value == "" || strings.Trim(value, "0123456789") != "" {
		return value
	}
	if missing := zeros - len(value); missing > 0 {
		value = strings.Repeat("0", min(missing, 100)) + value
	}
	over := len(value) - zeros // digits for the first place
	var shown strings.Builder
	shown.WriteString(value[:max(over, 0)])
	rest := value[max(over, 0):]
	quoted, escaped = false, false
	for _, r := range format {
		switch {
		case escaped:
			escaped = false
			shown.WriteRune(r)
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == '0' && !quoted && rest != "":
			shown.WriteByte(rest[0])
			rest = rest[1:]
		default:
			shown.WriteRune(r)
		}
	}
	return shown.String()
}

// plainNumber writes a number without the dress of floating point: 1.2345678142E10 is 12345678142. What has more digits
// than a spreadsheet keeps is left for wholeNumber to judge.
func plainNumber(s string) string {
	if strings.Trim(s, "0123456789") == "" || !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) >= 1e15 || math.IsNaN(f) {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// isDateFormat says whether a number format shows days: one with a year or a day in it, outside of quotes and brackets.
func isDateFormat(format string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && strings.IndexByte("ydYD", c) >= 0:
			return true
		case c == ';': // what follows is for negative numbers
			return false
		}
	}
	return false
}

// serialDay is the day of a spreadsheet's day number, "2026-12-31".
func serialDay(s string, epoch time.Time) (string, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 1 || f > 2_958_465 { // 9999-12-31
		return "", false
	}
	return epoch.AddDate(0, 0, int(f)).Format(time.DateOnly), true
}
