package exchange

import (
	"strings"

	"kapu/internal/lazy"
	"kapu/lang"
	"kapu/vault"
)

// bareCell cuts off what spreadsheets know: ="123" and '123 keep a number from being one, and '= a text from being a
// formula. Any other apostrophe in front is part of a name.
func bareCell(s string) string {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '=' && s[0] != '\'' {
		return s
	}
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) > 3 {
		return s[2 : len(s)-1]
	}
	if rest := s[1:]; s[0] == '\'' && (strings.IndexByte("=+-@\t\r'", rest[0]) >= 0 || likeNumber(rest) || strings.Trim(rest, "0123456789") == "") {
		return rest
	}
	return s
}

// formulaError are the values of a formula that went wrong, as spreadsheets show them.
var formulaError = lazy.Regexp(`^(#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|` +
	`HIÁNYZIK|HIV!|NÉV\?|ÉRTÉK!|ZÉRÓOSZTÓ!|NULLA!|SZÁM!)|Err:\d{3})$`)

// rounded is a number as a spreadsheet shows it when the column is narrow: 1,23E+10.
var rounded = lazy.Regexp(`^(\d)[.,](\d+)[Ee]\+?(\d{1,2})$`)

// wholeNumber reads a number that should have been a text. What has lost its last digits is no number any more.
func wholeNumber(s, what string) (string, error) {
	m := rounded().FindStringSubmatch(s)
	if m == nil {
		return strings.TrimSuffix(s, ".0"), nil
	}
	if zeros := number(m[3]) - len(m[2]); zeros > 0 {
		return "", lang.E("table-rounded", "Value", s, "Column", lang.E("import-field-"+what))
	} else if zeros < 0 {
		return s, nil // "1.25E1" is none that a spreadsheet made of a whole one
	}
	return m[1] + m[2], nil
}

var elevenDigits = lazy.Regexp(`^(\d{8})-?(\d)-?(\d\d)$`)

// taxNumber writes the eleven digits of a tax number in the usual groups; anything else stays as it is.
func taxNumber(s string) (string, error) {
	s, err := wholeNumber(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u2010\u2011\u2012\u2013\u2212", r) { // a word processor's dashes
			return '-'
		}
		return r
	}, s), "tax-number")
	if m := elevenDigits().FindStringSubmatch(strings.Join(strings.Fields(s), "")); m != nil {
		s = m[1] + "-" + m[2] + "-" + m[3]
	}
	return s, err
}

var yes = map[string]bool{
	"igen": true, "i": true, "x": true, "1": true, "igaz": true, "true": true, "yes": true, "y": true, "kedvenc": true,
	"✓": true, "✔": true, "*": true, "★": true, "⭐": true,
}

// hidden keeps a key out of sight that stands where a name should be, in a table whose columns are mixed up, or in
// what is no table at all.
func hidden(s string) string {
	bare := strings.TrimSpace(s)
	k, err := vault.ParseKey(s)
	if isURI(bare) || err == nil && len(k.Secret) >= 16 && !strings.ContainsAny(bare, ".,") {
		return "…"
	}
	return keyLike().ReplaceAllString(withoutSecret(vault.CleanText(s)), "…")
}

// keyLike is what may be a key within a longer text.
var keyLike = lazy.Regexp(`[A-Za-z2-7]{16,}`)
