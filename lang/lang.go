// Package lang is the localisation: the message catalogue of every text that the program shows, in Hungarian and
// English, errors that are messages of it, and the collation by which lists are sorted and searched.
//
//	lang.go    what is said in a language, and Error
//	catalogue.go the catalogue, parsed message by message
//	wire.go    Error as JSON
//	order.go   collation and folding
//	search.go  the index entry of a client, and queries
//	words.go   tokens, by which both are compared
//	digits.go  one-time codes for the eye
//	template.go the functions in the templates of messages; article.go the article of a value
//	cause.go   what the system's errors mean; cause_*.go its codes
//	shell.go   arguments of commands, to be pasted
//	visible.go what of a text may be shown
//
// Its promise: a text has one id and two translations; an error is a sentence that says what failed, where,
// and what to do next, and it can be said in either language wherever it ends up.
package lang

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// The languages of the interface.
const (
	Hungarian = "hu"
	English   = "en"
)

// Language returns "hu" or "en".
func (t *Texts) Language() string { return t.language }

// T returns the message with an id, its placeholders filled; values come in pairs, name then value.
func (t *Texts) T(id string, values ...any) string {
	return t.say(id, pairs(values), nil)
}

// N is T for a message with a plural; it finds the number as {{.N}}.
func (t *Texts) N(id string, n int, values ...any) string {
	v := pairs(values)
	v["N"] = n
	return t.say(id, v, n)
}

// Template is the message with an id as it stands in the catalogue, for whoever fills its placeholders elsewhere.
func (t *Texts) Template(id string) string {
	s, _ := t.localize(&i18n.LocalizeConfig{MessageID: id, TemplateParser: template.IdentityParser{}})
	return s
}

func (t *Texts) say(id string, values map[string]any, count any) string {
	for k, v := range values {
		switch v := v.(type) {
		case error:
			values[k] = t.Error(v)
		case string: // a stranger's, perhaps
			values[k] = Visible(v)
		}
	}
	c := i18n.LocalizeConfig{MessageID: id, TemplateData: values, PluralCount: count}
	s, err := t.localize(&c)
	if err != nil && count != nil {
		// Hungarian says "1 ügyfél" and "2 ügyfél": such a text has one form, whatever is counted.
		c.PluralCount = nil
		s, err = t.localize(&c)
	}
	if err != nil {
		return id // a missing text is better shown as its id than not at all; a test finds it first
	}
	return s
}

func pairs(values []any) map[string]any {
	if len(values)%2 != 0 {
		panic("lang: values come in pairs")
	}
	m := make(map[string]any, len(values)/2+1)
	for i := 0; i < len(values); i += 2 {
		m[values[i].(string)] = values[i+1]
	}
	return m
}

// desktop is the locale of the interface, by the variables that gettext reads. Hungarian is the default: it is what a
// desktop that says nothing gets; any other language that is set gets English.
func desktop(getenv func(string) string) string {
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		v := strings.ToLower(getenv(name))
		switch {
		case v == "":
			continue
		case strings.HasPrefix(v, Hungarian):
			return Hungarian
		default:
			return English
		}
	}
	if runtime.GOOS == "windows" {
		return systemLanguage()
	}
	return Hungarian
}

// Error is a localisable error: a sentence for a person, kept as the id of its message and the values in it, so that it
// can cross a process border and be said in the reader's language there. The cause is kept for errors.Is.
type Error struct {
	ID     string
	Values map[string]any
	cause  error
}

// E makes an Error; values come in pairs, name then value. A value that is an error becomes the cause.
func E(id string, values ...any) *Error {
	e := &Error{ID: id, Values: pairs(values)}
	for _, v := range e.Values {
		if err, ok := v.(error); ok {
			e.cause = err
		}
	}
	return e
}

// Kind gives e the kind of a sentinel error: errors.Is(e.Kind(kind), kind) holds.
func (e *Error) Kind(kind error) *Error {
	if e.cause != nil {
		kind = fmt.Errorf("%w: %w", kind, e.cause)
	}
	e.cause = kind
	return e
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Error says the sentence in English, for logs and tests.
func (e *Error) Error() string { return english.Error(e) }

// Error says an error in this language: the outermost sentence of ours, or the cause that the system's error is.
func (t *Texts) Error(err error) string {
	e, ok := find(err)
	if !ok {
		e = causeAt(err)
	}
	values := e.said()
	if n, ok := values["N"]; ok {
		return t.say(e.ID, values, n)
	}
	return t.say(e.ID, values, nil)
}

// said are the values of a sentence, and those that are errors as messages. The place where the system failed is added
// to its cause if the sentence does not name one itself.
func (e *Error) said() map[string]any {
	values := make(map[string]any, len(e.Values))
	for k, v := range e.Values {
		if err, ok := v.(error); ok {
			inner, found := find(err)
			if !found && (e.Values["Path"] != nil || e.Values["Where"] != nil) {
				inner = cause(err)
			} else if !found {
				inner = causeAt(err)
			}
			v = inner
		}
		values[k] = v
	}
	return values
}

// find returns the outermost sentence of an error tree: of errors that were joined, the first that holds one. Whoever
// joins two puts first what the person is to read.
func find(err error) (*Error, bool) { return errors.AsType[*Error](err) }
