package lang

import "strings"

// Grouped formats a one-time code for the eye: its digits in threes, or in fours where that leaves no remainder. What
// is copied has no spaces.
func Grouped(code string) string {
	size := 3
	if len(code)%3 != 0 && len(code)%4 == 0 {
		size = 4
	}
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%size == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
