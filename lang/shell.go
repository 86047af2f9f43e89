package lang

import (
	"runtime"
	"strings"
	"unicode"
)

// Shell quotes a value as an argument of a command that a sentence tells a person to type, so that it can be pasted as
// it stands into a POSIX shell, on Windows into PowerShell and cmd alike. A value that looks like an option comes with
// the sign that options have ended, and so is a command's last. In a text the value's name begins with Shell, and it
// stands between backquotes; a test holds both to that.
func Shell(value string) string {
	quote := quotePOSIX
	if runtime.GOOS == "windows" {
		quote = quoteWindows
	}
	if strings.HasPrefix(value, "-") {
		return "-- " + quote(value)
	}
	return quote(value)
}

// plain says whether a value is one word to any shell: letters, digits, and what has no second meaning.
func plain(value string) bool {
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./:", r)
	})
}

func quotePOSIX(value string) string {
	if plain(value) {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// quoteWindows doubles what PowerShell takes for a quotation mark, and lets it expand nothing. Where cmd passes the
// added signs on, they do not matter: a query is compared by its words.
func quoteWindows(value string) string {
	if plain(value) {
		return value
	}
	return `"` + powerShell.Replace(value) + `"`
}

var powerShell = strings.NewReplacer(`"`, `""`, "“", "““", "”", "””", "„", "„„", "`", "``", "$", "`$")
