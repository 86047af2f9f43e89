package exchange

import (
	"strings"
	"unicode"

	"kapu/lang"
)

// DoubtChange is Doubt of a client that is there already, about what becomes different: of another key all of it, else
// of the texts that are not what they were.
func DoubtChange(before, after Entry) *lang.Error {
	if after.Key.Secret != before.Key.Secret {
		return Doubt(after)
	}
	for _, text := range [...]struct{ was, is *string }{
		{&before.Name, &after.Name},
		{&before.TaxNumber, &after.TaxNumber},
		{&before.Folder, &after.Folder},
		{&before.Service, &after.Service},
		{&before.UserName, &after.UserName},
		{&before.Note, &after.Note},
	} {
		if *text.is == *text.was {
			*text.is = ""
		}
	}
	if before.Note != "" && (strings.Contains(before.Note, after.Note) || looksLikeKey(before.Note)) {
		after.Note = "" // who adds to a note that has been confirmed is not asked again
	}
	return doubtTexts(after)
}

// doubtTexts says which of an entry's texts look like a key: everybody who looks at the screen would see it, in lists,
// in the menu and in details.
func doubtTexts(e Entry) *lang.Error {
	var fields []string
	for _, f := range [...]struct{ name, text string }{
		{"name", e.Name},
		{"tax-number", e.TaxNumber},
		{"folder", e.Folder},
		{"service", e.Service},
		{"user-name", e.UserName},
		{"note", e.Note},
	} {
		if looksLikeKey(f.text) || holdsSecret(f.text, e.Key.Secret) {
			fields = append(fields, f.name)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return lang.E("doubt-key-as-text", "Fields", fieldList(fields))
}

// holdsSecret says whether a key, however it is written, stands in a text of the same entry. That a short word of a
// name is the key is the other way round, and doubtKey's to say.
func holdsSecret(text, secret string) bool {
	return len(secret) >= portalKey && len(text) >= len(secret) && strings.Contains(strings.Map(func(r rune) rune {
		if !isKeyLetter(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text), secret)
}

// looksLikeKey says whether a text is a key or the address of one, or has it among its words: in one piece, or in
// groups of four.
func looksLikeKey(s string) bool {
	s = strings.Map(visible, s)
	switch {
	case len(s) < portalKey:
		return false
	case strings.Contains(strings.ToLower(s), scheme):
		return true
	case !strings.ContainsAny(s, "234567"): // of most names nothing more has to be looked at
		return false
	case isMixed(ungrouped(s)) && mayBeKey(s):
		return true
	}
	groups := "" // of four, one after the other
	for _, word := range strings.FieldsFunc(s, partsWords) {
		word = ungrouped(word)
		switch key := !strings.ContainsFunc(word, func(r rune) bool { return !isKeyLetter(r) }); {
		case key && len(word) >= portalKey && isMixed(word):
			return true
		case !key || len(word) != 4:
			groups = ""
			continue
		}
		if groups += word; len(groups) >= portalKey && isMixed(groups) {
			return true
		}
	}
	return false
}

// partsWords says whether a character may stand between a key and the words around it.
func partsWords(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`:=;,.()[]"„”“'`, r)
}

// ungrouped is a key without what parts its groups.
func ungrouped(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -=", r) {
			return -1
		}
		return r
	}, s)
}

func isKeyLetter(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '2' && r <= '7'
}

// isMixed says whether a text has letters and digits as a key has them: two digits at least, not more than letters, and
// not all at the end as in a word with a number behind it.
func isMixed(s string) bool {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	first := strings.IndexFunc(s, unicode.IsDigit)
	return digits > 1 && 2*digits <= len(s) && strings.ContainsFunc(s[first:], unicode.IsLetter)
}

// visible drops what nobody sees of a text, and makes one dash of all.
func visible(r rune) rune {
	switch {
	case r < unicode.MaxASCII:
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.Is(unicode.Pd, r):
		return '-'
	}
	return r
}
