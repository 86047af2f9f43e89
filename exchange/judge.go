package exchange

import (
	"strings"
	"unicode"

	"kapu/lang"
	"kapu/vault"
)

// judge says of keys whether they are plausible. A spreadsheet has "nincs" in its column of keys, a name where the key
// belongs, a key that was cut off; all of that decodes as Base32. Nothing is refused for it: the person decides.
type judge struct {
	users map[string]string // secret → the user name that the file states with it first, folded
}

func newJudge() judge { return judge{map[string]string{}} }

// doubt says why an entry is hardly what the person means; nil if nothing speaks against it.
func (j judge) doubt(e Entry) *lang.Error {
	user := lang.Fold(e.UserName)
	first, known := j.users[e.Key.Secret]
	if !known || first == "" {
		j.users[e.Key.Secret] = user
	}
	if known && first != "" && user != "" && first != user {
		return sentences(Doubt(e), lang.E("doubt-two-users"))
	}
	return Doubt(e)
}

// Doubt says why a single entry is hardly what the person means, by itself.
func Doubt(e Entry) *lang.Error { return sentences(doubtKey(e), doubtTexts(e)) }

// portalKey is the length of a key of Ügyfélkapu+, in Base32 characters.
const portalKey = 16

// minDistinct is how many different characters a key has at least. Of 16 random ones as few as that come once in a
// million keys.
const minDistinct = 6

func doubtKey(e Entry) *lang.Error {
	secret := e.Key.Secret
	switch {
	case isOneOf(secret, e.Name, e.UserName, e.Folder, e.Service):
		return lang.E("doubt-name-as-key")
	case distinct(secret) < min(minDistinct, len(secret)/2+1), ascends(secret):
		return lang.E("doubt-pattern")
	case isWord(secret):
		return lang.E("doubt-word")
	case e.Key.Kind != vault.TOTP || !isPortal(e.Service):
	case len(secret) < portalKey:
		return lang.E("doubt-short", "Length", len(secret), "Usual", portalKey)
	case len(secret) > portalKey && !(e.Foreign && e.Service == ""):
		return lang.E("doubt-long", "Length", len(secret), "Usual", portalKey)
	}
	return nil
}

// isPortal says whether a service is Ügyfélkapu+, which is what an entry without a service is of.
func isPortal(service string) bool {
	return service == "" || service == vault.DefaultService || strings.Contains(strings.ReplaceAll(lang.Fold(service), " ", ""), "ugyfelkapu")
}

// isOneOf says whether a secret reads as one of these texts.
func isOneOf(secret string, texts ...string) bool {
	for _, s := range texts {
		if written(s) == len(secret) && plain(s) == secret { // folding is dear, and the lengths seldom agree
			return true
		}
	}
	return false
}

// written counts the letters and digits of a text.
func written(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// plain is a text as it would look in Base32: upper case, without accents, spaces and punctuation.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, lang.Fold(s))
}

func distinct(s string) int {
	var seen [256]bool
	n := 0
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			n++
		}
	}
	return n
}

// ascends says whether a text is a walk through the alphabet, as ABCDEFGH234567 is.
func ascends(s string) bool {
	steps := 0
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1]+1 {
			steps++
		}
	}
	return len(s) > 4 && steps*4 >= (len(s)-1)*3
}

// isWord says whether a secret reads as words: letters only, none that Hungarian hardly uses, with vowels where a
// person needs them to speak. One in thirty random keys of 16 characters has letters only; of ten thousand keys two
// pass for words.
func isWord(secret string) bool {
	if strings.ContainsAny(secret, "234567QWX") {
		return false
	}
	longest := 3 // consonants in a row; in a text as long as a key chance is better at words than people are
	if len(secret) >= portalKey {
		longest = 2
	}
	vowels, run, before := 0, 0, byte(0)
	letters := digraphs.Replace(secret)
	for i := range len(letters) {
		switch c := letters[i]; {
		case strings.IndexByte("AEIOU", c) >= 0:
			vowels++
			run = 0
		case c != before: // a double letter is one
			if run++; run > longest {
				return false
			}
		}
		before = letters[i]
	}
	return vowels*5 >= len(letters) && vowels*5 <= len(letters)*3
}

// digraphs are the Hungarian letters that are written with two.
var digraphs = strings.NewReplacer("CS", "C", "SZ", "S", "ZS", "Z", "GY", "G", "LY", "L", "NY", "N", "TY", "T")
