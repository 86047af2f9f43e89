package office

import (
	"strings"
	"unicode"

	"kapu/vault"
)

// cleanName sanitizes the name of a person, a machine or an office. A joining machine names itself, and an admin
// decides by that name: no control, format or private-use character may hide, turn round or imitate the rest of a line.
// It is idempotent. A name that says otherwise makes a roster invalid.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, vault.CleanText(s))
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName])
	}
	return strings.TrimSpace(s)
}

const maxName = 100 // characters
