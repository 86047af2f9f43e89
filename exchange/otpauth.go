package exchange

import (
	"iter"
	"strings"
)

// otpauth reads a list of otpauth URIs, one a line: what most programs write when they are asked for something
// that others can read.
type otpauth struct{}

func (otpauth) Name() string { return "otpauth" }

func (otpauth) Detect(data []byte) bool { return isList(plainText(data)) }

// isList looks at the first lines only: a list may begin with a few that are none.
func isList(text string) bool {
	looked := 0
	for _, s := range uris(text) {
		if isURI(s) {
			return true
		}
		if looked++; looked == 10 {
			break
		}
	}
	return false
}

func (otpauth) Read(data []byte, o ReadOptions) ([]Entry, error) {
	var entries []Entry
	for line, s := range uris(plainText(data)) {
		if entries = append(entries, readLine(line, s)...); len(entries) > maxEntries {
			return nil, tooMany()
		}
		if err := o.Budget.err(); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// readLine makes entries of what a list says in one place: of one otpauth URI one, of a transfer code several.
func readLine(line int, s string) []Entry {
	if hasPrefixFold(s, migration) {
		return readMigration(line, s)
	}
	e, _ := readURI(line, s)
	return []Entry{e}
}

// uris yields what a list says with the number of its line: each line that is neither blank nor a comment. Of a
// line with several URIs (Ente Auth once separated them by commas, and wrote quotes around each), every one.
func uris(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range strings.SplitSeq(text, "\n") {
			number++
			line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")) // lists are pasted together
			if line == "" || line[0] == '#' {
				continue
			}
			line, around := bare(line, separators)
			if !isURI(line) {
				if !yield(number, line) {
					return
				}
				continue
			}
			for line != "" {
				end := nextURI(line)
				s, _ := bare(line[:end], around)
				if !yield(number, s) {
					return
				}
				line = line[end:]
			}
		}
	}
}

const (
	separators = " \t\r,;"
	quotes     = `"'`
)

// bare cuts off what may stand around a URI: separators, and quotes if it begins with one. It returns what it
// looked for too.
func bare(s, around string) (rest, what string) {
	s = strings.Trim(s, around)
	if s != "" && strings.IndexByte(quotes, s[0]) >= 0 {
		around = separators + quotes
		s = strings.Trim(s, around)
	}
	return s, around
}

// nextURI finds where the second URI of a line begins, or the line's end.
func nextURI(s string) int {
	for at := 1; ; at += len("://") {
		i := strings.Index(s[at:], "://")
		if i < 0 {
			return len(s)
		}
		at += i
		for _, scheme := range []string{scheme, migration} {
			start := at + len("://") - len(scheme)
			if start > 0 && hasPrefixFold(s[start:], scheme) && strings.IndexByte(separators+quotes, s[start-1]) >= 0 {
				return start
			}
		}
	}
}
