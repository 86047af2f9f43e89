package exchange

import "strings"

// spreadsheetText writes a text so that a spreadsheet which opens the CSV, and saves it, keeps it as it is. Left alone,
// Excel and LibreOffice make a number of 012345 (12345), a date of 1-2, a power of ten of 12E5, and cut the sixteenth
// digit of 1234567890123456. ="012345" is a formula to Excel, whose result is the text, and a text to LibreOffice;
// bareCell undoes both.
func spreadsheetText(s string) string {
	if likeNumber(s) {
		return `="` + s + `"`
	}
	return TextCell(s)
}

// likeNumber says whether a spreadsheet would take a text for something else and write it back otherwise. Whole numbers
// of up to eleven digits stay as they are, and so does what has a letter or an empty place in it, months apart.
func likeNumber(s string) bool {
	digits := strings.Count(s, "") - 1
	if s == "" || digits > 60 {
		return false
	}
	if strings.Trim(s, "0123456789") == "" {
		return s[0] == '0' && len(s) > 1 || len(s) > 11
	}
	folded := strings.ToLower(strings.TrimSpace(s))
	switch folded {
	case "true", "false", "igaz", "hamis":
		return true
	}
	if !strings.ContainsAny(folded, "0123456789") || strings.ContainsAny(s, "\"\n\r\t") {
		return false
	}
	if rest := strings.Trim(folded, "0123456789.,:/-+ %"); rest == "" || rest == "e" || rest == "ft" || rest == "am" || rest == "pm" {
		return !isTaxNumber(s)
	}
	letters := strings.Map(func(r rune) rune { // 5-jan, mar1, 2026. máj. 3.
		if strings.ContainsRune("0123456789.,:/-+ ", r) {
			return -1
		}
		return r
	}, folded)
	return len(letters) >= 3 && len(letters) <= 12 && isMonth(letters)
}

func isTaxNumber(s string) bool {
	return len(s) == len("12345678-1-42") && elevenDigits().MatchString(s)
}

// isMonth says whether a word is the name of a month, or begins one, in Hungarian, English or German.
func isMonth(word string) bool {
	for month := range strings.FieldsSeq("január február március április május június július augusztus szeptember október november december " +
		"january february march april may june july august september october december januar februar märz juni juli oktober dezember") {
		if strings.HasPrefix(month, word) {
			return true
		}
	}
	return false
}

// lostZeros says whether want is have without the zeros in front of it: what a spreadsheet makes of 012345, and no
// reason to replace the good one.
func lostZeros(have, want string) bool {
	return len(have) > len(want) && want != "" && have[0] == '0' && strings.TrimLeft(have, "0") == want && strings.Trim(want, "0123456789") == ""
}
