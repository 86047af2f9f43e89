package office

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kapu/vault"
)

// cleanName sanitizes the name of a person, a machine or an office. A joining machine names itself, and an admin
// decides by that name: nothing may hide, turn round or imitate the rest of a line. It is idempotent.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Co, r) {
			return -1
		}
		return r
	}, vault.CleanText(s))
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName])
	}
	return strings.TrimSpace(s)
}

// validName says whether a name may stand in a roster: one with control, format or private-use characters makes that
// invalid. What else cleanName takes away is not shown (agent/client.go), but was written once.
func validName(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
			return false
		}
	}
	return strings.Join(strings.Fields(s), " ") == s && utf8.RuneCountInString(s) <= maxName
}

const maxName = 100 // characters
