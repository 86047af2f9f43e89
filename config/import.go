package config

import (
	"maps"
	"slices"
	"strings"

	"kapu/lang"
)

// Import says how tables are read.
type Import struct {
	// Columns are the headings to which the person has given a meaning: "Cégforma=folder; Kód=key". An import by which
	// they do so adds to it, so that the next file with such a heading is understood.
	Columns string `toml:"columns"`
}

// Fields are Columns as heading → field; "" is a column that is left out.
func (i Import) Fields() (map[string]string, error) {
	fields := map[string]string{}
	for pair := range strings.SplitSeq(i.Columns, ";") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		at := strings.LastIndexByte(pair, '=') // a heading may have one
		if at < 1 {
			return nil, lang.E("config-columns", "Value", pair)
		}
		fields[strings.TrimSpace(pair[:at])] = strings.TrimSpace(pair[at+1:])
	}
	return fields, nil
}

// maxRemembered is how many headings are remembered: beyond that, the file is edited by hand.
const maxRemembered = 100

// With adds what the person says of further headings.
func (i Import) With(fields map[string]string) Import {
	all, err := i.Fields()
	if err != nil {
		return i
	}
	for heading, field := range fields {
		// What separates the pairs is no part of how a heading is recognised.
		heading = strings.Join(strings.FieldsFunc(heading, func(r rune) bool { return r == ';' || r <= ' ' }), " ")
		if heading != "" && (len(all) < maxRemembered || all[heading] != "") {
			all[heading] = field
		}
	}
	var pairs []string
	for _, heading := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, heading+"="+all[heading])
	}
	return Import{strings.Join(pairs, "; ")}
}
