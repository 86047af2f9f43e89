package lang

import (
	"strings"
	"unicode"
)

// Onsets are consonants at the beginning of a word; these are read as one word even in capitals (STRABAG, SZTÁR).
const onsets = " fj fl fr lj ll ly nj ny rh sc sch schw sk skr sl sm sn sp spr sr st str sv sw " +
	"sz szf szk szl szm szp szt sztr szv "

// Spelt are abbreviations that could be read as words, and are not.
const spelt = " sap szte "

// article is the Hungarian definite article of a text: "az" if it is read with a vowel at its beginning, else "a".
// Quotes, brackets and other signs before the first letter or digit are not read. A number is read as one (5 "öt",
// 1 "egy", 1000 "ezer", 100 "száz"); an abbreviation by the names of its letters (MNB "em-en-bé", rt. "er-té") unless
// it can be read as a word (NAV). panel/static/article.js does the same; testdata/article.json holds both to it.
func article(text string) string {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !isDigit(r) })
	word := text
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }
	if i := strings.IndexFunc(text, apart); i >= 0 {
		word = text[:i]
	}
	if vowelInNumber(text) || vowelInWord(Fold(word), word == strings.ToUpper(word)) {
		return "az"
	}
	return "a"
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// vowelInNumber says whether a text begins with a number that is read with a vowel first: a five, or a one at the head
// of a group of three digits (egy, ezer, egymillió), but not ten and a hundred. 12 000 and 12.000 are one number.
func vowelInNumber(text string) bool {
	if text == "" || text[0] != '1' {
		return text != "" && text[0] == '5'
	}
	count := func(s string) int { return len(s) - len(strings.TrimLeftFunc(s, isDigit)) }
	n := count(text)
	for rest := text[n:]; ; n += 3 {
		next := strings.TrimLeft(rest, " .\u00a0\u2009\u202f")
		if next == rest || count(next) != 3 {
			return n%3 == 1
		}
		rest = next[3:]
	}
}

// vowelInWord says whether a folded word is read with a vowel first.
func vowelInWord(word string, capitals bool) bool {
	switch {
	case word == "":
		return false
	case word[0] == 'y': // Ybl, but not Yettel
		return strings.IndexAny(word, "aeiou") != 1
	}
	vowel := strings.IndexAny(word, "aeiou")
	sounded := strings.NewReplacer("gy", "", "ly", "", "ny", "", "ty", "").Replace(word) // consonants of two letters
	byLetters := vowel < 0 && !strings.Contains(sounded, "y")                            // nyrt, but not sky
	if capitals && vowel > 1 && !strings.Contains(onsets, " "+word[:vowel]+" ") {
		byLetters = true // MTA, FBI
	}
	byLetters = byLetters || capitals && strings.Contains(spelt, " "+word+" ")
	return vowel == 0 || byLetters && strings.ContainsRune("flmnrsx", rune(word[0]))
}
