package config

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"

	"kapu/internal/lazy"
	"kapu/lang"
)

// faultOf is the sentence for what the TOML library says, which knows its own errors by their texts only. Of a value it
// names the key; what is wrong with the writing itself is where the line says.
func faultOf(err error) error {
	message, key := withoutPosition(err), lastKey(err)
	if syntax, ok := errors.AsType[toml.ParseError](err); ok {
		message, key = syntax.Message, syntax.LastKey
	}
	if text, ok := strings.CutPrefix(message, notDuration); ok {
		return lang.E("config-duration", "Key", key, "Value", text)
	}
	if got, want, ok := wrongType(message); ok {
		return lang.E("config-type", "Key", key, "Right", typeName(want), "Wrong", typeName(got))
	}
	for _, f := range faults {
		if strings.Contains(message, f.words) {
			return lang.E(f.id)
		}
	}
	return lang.E("config-fault", "Reason", errors.New(message))
}

// notDuration begins the message of a Duration that is none.
const notDuration = "not a duration: "

// faults are the library's words by which a message is known, the more particular first.
var faults = []struct{ words, id string }{
	{"has already been defined", "config-fault-twice"},
	{"already created", "config-fault-twice"},
	{"is not a table", "config-fault-twice"},
	{"key separator '='", "config-fault-equals"},
	{"expected '.' or '='", "config-fault-equals"},
	{"unexpected '='", "config-fault-key"},
	{"unexpected '.'", "config-fault-key"},
	{"table name", "config-fault-table"},
	{"table array name", "config-fault-table"},
	{"table separator", "config-fault-table"},
	{"strings cannot contain newlines", "config-fault-quote"},
	{`unexpected EOF; expected '"`, "config-fault-quote"},
	{`unexpected EOF; expected "'`, "config-fault-quote"},
	{"escape", "config-fault-escape"},
	{"hexadecimal digits after", "config-fault-escape"},
	{"top-level item to end", "config-fault-rest"},
	{"expected a comma", "config-fault-list"},
	{"unexpected comma", "config-fault-list"},
	{"inline table", "config-fault-list"},
	{"UTF-8", "config-fault-letters"},
	{"control characters", "config-fault-letters"},
	{"expected value", "config-fault-value"},
	{"number", "config-fault-value"},
	{"digit", "config-fault-value"},
	{"nvalid", "config-fault-value"},
	{"unexpected EOF", "config-fault-value"},
}

// wrongType takes the types out of "incompatible types: TOML value has type X; destination has type Y", and of "type
// mismatch for config.T: expected table but found X".
func wrongType(message string) (got, want string, ok bool) {
	if rest, found := strings.CutPrefix(message, "incompatible types: TOML value has type "); found {
		return strings.Cut(rest, "; destination has type ")
	}
	_, got, ok = strings.Cut(message, "expected table but found ")
	return got, "", ok
}

// typeName is the message that names one of the library's types.
func typeName(t string) *lang.Error {
	switch t {
	case "string", "primitive (string-like)":
		return lang.E("config-type-text")
	case "boolean", "bool":
		return lang.E("config-type-bool")
	case "integer", "int64", "float", "float64":
		return lang.E("config-type-number")
	case "slice", "array", "[]any", "[]interface":
		return lang.E("config-type-list")
	}
	return lang.E("config-type-table")
}

// The library puts the key and a position, not always the right one, in front of its message.
var position = lazy.Regexp(`^toml: (?:line \d+ )?(?:\(last key "([^"]*)"\): )?`)

func lastKey(err error) string {
	if m := position().FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return ""
}

func withoutPosition(err error) string { return position().ReplaceAllString(err.Error(), "") }
