package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a token of a text: a run of letters and digits, folded, or a sign that means "and".
type word struct {
	text  string // "" of a sign
	and   bool   // a connective that stands between two words
	joins bool   // it is of one compound with the word before: "Kovács-Nagy", "k.f.t.", "e. v.", "22 345 678"
	point bool   // a point follows
	end   int    // while the text is made: where it ends
}

func (w *word) canonical() string {
	if w.and {
		return "&"
	}
	return w.text
}

// connectives are the words that stand for "&" between two words.
var connectives = map[string]bool{"es": true, "and": true, "und": true}

// legalForms are the abbreviations that are spelt with points and spaces too.
var legalForms = map[string]bool{
	"bt": true, "ec": true, "ev": true, "gmk": true, "kft": true, "kht": true, "kkt": true, "nyrt": true,
	"rt": true, "zrt": true,
}

// strokes are the letters that have no canonical decomposition, in the letters that people type for them.
var strokes = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ł': "l", 'ƚ': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t",
	'ŋ': "n", 'ı': "i", 'ɨ': "i", 'ȷ': "j", 'ƶ': "z", 'ǥ': "g", 'ƀ': "b", 'ɍ': "r", 'ɏ': "y", 'ʉ': "u", 'ə': "e",
	'ς': "σ",
}

// apostrophes are dropped: "Pál’s" is one word. Quotation marks that look like them stand at a word's edge.
const apostrophes = "'`‘’‚‛′‵ʹʻʼʽˈ"

// split tokenises a text: compatibility decomposition (NFKD) without accents, case, invisible characters and
// apostrophes; whatever else is neither letter nor digit parts words. A text without any, "???", is one word as it
// stands.
func split(s string) []word {
	t := tokeniser{words: make([]word, 0, 8), text: make([]byte, 0, len(s)+8)}
	for _, r := range decomposed(s) {
		switch {
		case r < utf8.RuneSelf && isASCIIWord(r):
			t.text = append(t.text, byte(r)|caseBit(r))
		case strings.ContainsRune(apostrophes, r),
			r >= utf8.RuneSelf && unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)):
			r = unicode.ToLower(r)
			if plain, ok := strokes[r]; ok {
				t.text = append(t.text, plain...)
			} else {
				t.text = utf8.AppendRune(t.text, r)
			}
		default:
			t.end()
			t.space = t.space || unicode.Is(unicode.Z, r) || unicode.Is(unicode.Cc, r)
			t.point = t.point || r == '.'
			t.and = t.and || r == '&' || r == '+'
		}
	}
	t.end()
	if len(t.words) == 0 {
		if folded := Fold(s); folded != "" {
			return []word{{text: folded}}
		}
		return nil
	}
	t.words[len(t.words)-1].point = t.point
	text, from := string(t.text), 0
	for i := range t.words {
		w := &t.words[i]
		w.text, from = text[from:w.end], w.end
	}
	markCompounds(t.words)
	return t.words
}

// tokeniser is the state between two words: the text so far, and what stood before its last token.
type tokeniser struct {
	words             []word
	text              []byte
	ended             int // of the text, that is in words
	space, point, and bool
}

// end ends a word, if there is one.
func (t *tokeniser) end() {
	if len(t.text) == t.ended {
		return
	}
	n := len(t.words)
	if n > 0 {
		t.words[n-1].point = t.point
		if t.and {
			t.words = append(t.words, word{and: true, joins: !t.space, end: t.ended})
		}
	}
	t.ended = len(t.text)
	t.words = append(t.words, word{joins: n > 0 && !t.space, end: t.ended})
	t.space, t.point, t.and = false, false, false
}

// markCompounds finds what belongs together though white space parts it, and the words that mean "and".
func markCompounds(words []word) {
	for i := range words {
		w := &words[i]
		if i > 0 && allDigits(w.text) && (allDigits(words[i-1].text) || words[i-1].text == countryCode) {
			w.joins = true
		}
		if i > 0 && i+1 < len(words) && connectives[w.text] {
			w.and = true
		}
		form := w.text
		for n := i + 1; n < min(len(words), i+4) && words[n-1].point && isShort(w.text) && isShort(words[n].text); n++ {
			if form += words[n].text; legalForms[form] { // "e. v.", "Z. Rt."
				for j := i + 1; j <= n; j++ {
					words[j].joins = true
				}
				break
			}
		}
	}
}

// decomposed is NFKD. The acute accent, which some type for an apostrophe, would leave a space.
func decomposed(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFKD.String(strings.ReplaceAll(strings.ToValidUTF8(s, " "), "´", "'"))
		}
	}
	return s
}

func isASCIIWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// caseBit makes a letter of ASCII a small one.
func caseBit(r rune) byte {
	if r >= 'A' && r <= 'Z' {
		return 'a' - 'A'
	}
	return 0
}

// compound cuts the first compound off.
func compound(words []word) (first, rest []word) {
	n := 1
	for n < len(words) && words[n].joins {
		n++
	}
	return words[:n], words[n:]
}

// initials says whether a compound is an abbreviation with points, which is one word: "k.f.t.", "Ny. Rt."
func initials(c []word) bool {
	for i, w := range c {
		if w.and || !isShort(w.text) || i+1 < len(c) && !w.point {
			return false
		}
	}
	return len(c) > 1
}

// isShort says whether a word can be a part of an abbreviation: one or two letters.
func isShort(s string) bool {
	n := 0
	for _, r := range s {
		if n++; n > 2 || !unicode.IsLetter(r) {
			return false
		}
	}
	return n > 0
}

func isLetter(s string) bool { return isShort(s) && utf8.RuneCountInString(s) == 1 }

// joined is a compound without what parts it.
func joined(c []word) string {
	if len(c) == 1 {
		return c[0].text
	}
	var b strings.Builder
	for _, w := range c {
		b.WriteString(w.text)
	}
	return b.String()
}

// phrase is a compound as words.
func phrase(c []word) string {
	var b strings.Builder
	for i := range c {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c[i].canonical())
	}
	return b.String()
}

// canonical is a text as words in one dress: names that differ only in punctuation, or in how they write "and", are
// equal.
func canonical(words []word) string {
	var b strings.Builder
	for len(words) > 0 {
		var c []word
		c, words = compound(words)
		whole := initials(c)
		for i := range c {
			if b.Len() > 0 && (i == 0 || !whole) {
				b.WriteByte(' ')
			}
			b.WriteString(c[i].canonical())
		}
	}
	return b.String()
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Digits is what of a text is a digit 0 to 9: a tax number however it is written.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
