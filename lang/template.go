package lang

import (
	"fmt"
	"strings"
	"text/template"

	i18n "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// parser parses the messages' templates. Beside text/template's own functions they have
//
//	az, Az            the Hungarian article of a value: {{az .Folder}} „{{.Folder}}” mappa
//	clause, sentence  a cause, which may be either, in the middle of a sentence and as one: Nem írható: {{clause .Reason}}.
type parser struct{ i18n.TextParser }

// Cacheable is true, other than of a TextParser with functions of its own: these are the same for every text.
func (parser) Cacheable() bool { return true }

func newParser() *parser {
	return &parser{i18n.TextParser{Funcs: template.FuncMap{
		"az":       func(value any) string { return article(fmt.Sprint(value)) },
		"Az":       func(value any) string { return "A" + article(fmt.Sprint(value))[1:] },
		"clause":   func(cause any) string { return strings.TrimSuffix(fmt.Sprint(cause), ".") },
		"sentence": func(cause any) string { return ended(fmt.Sprint(cause)) },
	}}}
}

// ended is a text with a full stop at its end, if it has no other sign there.
func ended(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}
