package lang

import (
	"slices"
	"strings"
)

// SearchKey is an entry of the full-text index: what a client is found by, normalised and tokenised once, so that a
// query costs substring searches only. panel/static/words.js does the same; testdata/search.json holds both to it.
type SearchKey struct {
	name string // the whole name as words, in one dress
	text string // a line for each field, " word word ", and for each other way to write a part of it
	tax  string // digits
}

// The digits of a Hungarian tax number, and those of its first part, which alone says whose it is.
const (
	taxDigits     = 11
	taxCoreDigits = 8
)

// NewSearchKey makes the key of a client by its name, its tax number, and other texts that it is found by.
func NewSearchKey(name, taxNumber string, others ...string) SearchKey {
	words, tax := split(name), split(taxNumber)
	k := SearchKey{name: canonical(words), tax: Digits(joined(tax))}
	var b strings.Builder
	writeLines(&b, words)
	for _, other := range others {
		writeLines(&b, split(other))
	}
	if number(joined(tax)) == "" { // of another country, or in words
		writeLines(&b, tax)
	}
	k.text = b.String()
	return k
}

// Query is a parsed query: a conjunction of terms.
type Query struct {
	name  string // as in SearchKey
	tax   string // its digits, if it is nothing but a tax number
	terms []term
}

// term is a disjunction: one of the texts, all of the words, or a tax number's beginning.
type term struct {
	texts []string
	words []word
	tax   string
}

// NewQuery parses what a person looks for. Punctuation, accents, case and the dress of a tax number do not count.
func NewQuery(s string) Query {
	words := split(s)
	q := Query{name: canonical(words)}
	for len(words) > 0 {
		var c []word
		c, words = compound(words)
		q.terms = append(q.terms, termOf(c))
	}
	if len(q.terms) == 1 {
		q.tax = q.terms[0].tax
	}
	return q
}

func termOf(c []word) term {
	j := joined(c)
	t := term{texts: []string{j}, tax: number(j)}
	switch {
	case len(c) == 1 && c[0].text == "":
		return term{texts: []string{" & "}}
	case len(c) == 1:
		if connectives[j] { // the word, or how "Andrea" begins
			t.texts = append(t.texts, " & ")
		}
	case initials(c):
		end := "" // who types "e.v." does not look for Eve
		if c[len(c)-1].point {
			end = " "
		}
		t.texts = []string{" " + j + end, " " + phrase(c) + end}
	default:
		t.texts = append(t.texts, " "+phrase(c))
		if !slices.ContainsFunc(c, func(w word) bool { return isLetter(w.text) }) { // an a here and a b there are no "a-b"
			t.words = c
		}
	}
	return t
}

// Finds says whether a client has every term of the query somewhere. An empty query finds all.
func (q *Query) Finds(k *SearchKey) bool {
	for i := range q.terms {
		if !q.terms[i].in(k) {
			return false
		}
	}
	return true
}

// Names says whether the query is the client's whole name, in any dress.
func (q *Query) Names(k *SearchKey) bool { return q.name != "" && q.name == k.name }

// Numbers says whether the query is the client's whole tax number, or its core of 8 digits, in any dress.
func (q *Query) Numbers(k *SearchKey) bool {
	return q.tax != "" && (q.tax == k.tax || len(q.tax) == taxCoreDigits && len(k.tax) == taxDigits && k.numbered(q.tax))
}

func (t *term) in(k *SearchKey) bool {
	for _, text := range t.texts {
		if strings.Contains(k.text, text) {
			return true
		}
	}
	if k.numbered(t.tax) {
		return true
	}
	for _, w := range t.words {
		if !strings.Contains(k.text, w.canonical()) && !k.numbered(number(w.text)) {
			return false
		}
	}
	return len(t.words) > 0
}

// numbered says whether a client's tax number begins with these digits, or is the core of this whole one.
func (k *SearchKey) numbered(tax string) bool {
	return tax != "" && k.tax != "" && (strings.HasPrefix(k.tax, tax) ||
		len(tax) == taxDigits && len(k.tax) == taxCoreDigits && strings.HasPrefix(tax, k.tax))
}

// number returns the digits of what can be the beginning of a tax number, "HU" left out; else "". Two digits begin too
// many to be looked for.
func number(s string) string {
	s = strings.TrimPrefix(s, countryCode)
	if len(s) < 3 || !allDigits(s) {
		return ""
	}
	return s
}

const countryCode = "hu"

// writeLines writes a field as lines of an index entry: its words in order, then what else they can be written as.
func writeLines(b *strings.Builder, words []word) {
	if len(words) == 0 {
		return
	}
	line := func(s string) {
		b.WriteString("\n ")
		b.WriteString(s)
		b.WriteByte(' ')
	}
	line(canonical(words))
	for len(words) > 0 {
		var c []word
		c, words = compound(words)
		switch {
		case len(c) > 1 && initials(c):
			line(phrase(c))
		case len(c) > 1:
			line(joined(c))
		}
		for _, w := range c {
			if w.and && w.text != "" {
				line(w.text)
			}
		}
	}
}
