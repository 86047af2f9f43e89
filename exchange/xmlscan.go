package exchange

import (
	"html"
	"iter"
	"strings"

	"kapu/vault"
)

// xmlScanner is a pull parser (as StAX is) for the XML and HTML of spreadsheets, over a text in memory. It exists
// beside encoding/xml because a sheet of 10,000 rows has 700,000 tokens: this one allocates for none of them.
//
// It is lenient: it checks no nesting, keeps no stack, and knows local names only. Entities that a document type
// defines are never read, so none can expand ("billion laughs"); a reference to one stays as it is written.
type xmlScanner struct {
	text   string
	budget *Budget // ends the text where it is when it is spent; nil: nothing does
	at     int
	name   string // local name of the element that begins or ends
	inner  string // its attributes; or the text, still escaped
	cdata  bool   // the text is a CDATA section: nothing in it is escaped
	bare   bool   // <a/>: its end is the next token
	tokens int    // read until now
}

// xmlToken is a kind of token.
type xmlToken int

const (
	xmlEOF xmlToken = iota
	xmlStart
	xmlEnd
	xmlText
)

// next reads the next token. Comments, processing instructions and the document type are none.
func (x *xmlScanner) next() xmlToken {
	if x.bare {
		x.bare = false
		return xmlEnd
	}
	for x.at < len(x.text) {
		if x.tokens++; x.tokens%(1<<14) == 0 && x.budget != nil && x.budget.err() != nil {
			x.at = len(x.text)
			break
		}
		rest := x.text[x.at:]
		if rest[0] != '<' {
			end := strings.IndexByte(rest, '<')
			if end < 0 {
				end = len(rest)
			}
			x.inner, x.cdata = rest[:end], false
			x.at += end
			return xmlText
		}
		if len(rest) > 1 && (rest[1] == '!' || rest[1] == '?') {
			if x.declaration(rest) {
				return xmlText
			}
			continue
		}
		end := tagEnd(rest)
		x.at += min(end+1, len(rest))
		tag := rest[1:end]
		if strings.HasPrefix(tag, "/") {
			x.name = localName(strings.TrimSpace(tag[1:]))
			return xmlEnd
		}
		if tag, x.bare = strings.CutSuffix(tag, "/"); true {
			name, attributes := tag, ""
			if i := strings.IndexAny(tag, " \t\r\n"); i >= 0 {
				name, attributes = tag[:i], tag[i:]
			}
			x.name, x.inner = localName(name), attributes
		}
		return xmlStart
	}
	return xmlEOF
}

// declaration passes what begins with "<!" or "<?", and says whether it was a CDATA section, which is text.
func (x *xmlScanner) declaration(rest string) bool {
	const cdata = "<![CDATA["
	begin, end := 0, ">"
	switch {
	case strings.HasPrefix(rest, cdata):
		begin, end = len(cdata), "]]>"
	case strings.HasPrefix(rest, "<!--"):
		begin, end = len("<!--"), "-->"
	case strings.HasPrefix(rest, "<?"):
		end = "?>"
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		if open := strings.IndexAny(rest, "[>"); open >= 0 && rest[open] == '[' {
			begin, end = open, "]"
		}
	}
	n := strings.Index(rest[begin:], end)
	if n < 0 {
		x.at = len(x.text)
		n = len(rest) - begin
	} else {
		x.at += begin + n + len(end)
	}
	x.inner, x.cdata = rest[begin:begin+n], true
	return begin == len(cdata) && strings.HasPrefix(rest, cdata)
}

// tagEnd finds the end of a tag; one in an attribute's value is none.
func tagEnd(s string) int {
	end := strings.IndexByte(s, '>')
	if end < 0 {
		return len(s)
	}
	if strings.IndexByte(s[:end], '"') < 0 && strings.IndexByte(s[:end], '\'') < 0 {
		return end
	}
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if s[i-1] == '=' || s[i-1] == ' ' { // an apostrophe elsewhere is HTML that somebody wrote by hand
				quote = c
			}
		case c == '>':
			return i
		}
	}
	return end // a quotation mark without its other half
}

func localName(s string) string { return s[strings.LastIndexByte(s, ':')+1:] }

// attributes of the element that has just begun, by their local names, still escaped.
func (x *xmlScanner) attributes() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		const space = " \t\r\n"
		for s := strings.TrimLeft(x.inner, space); s != ""; s = strings.TrimLeft(s, space) {
			end := strings.IndexAny(s, "= \t\r\n")
			if end < 0 {
				yield(localName(s), "")
				return
			}
			name := s[:end]
			s = strings.TrimLeft(s[end:], space)
			if s == "" || s[0] != '=' {
				if !yield(localName(name), "") {
					return
				}
				continue
			}
			s = strings.TrimLeft(s[1:], space)
			value, rest := cutValue(s)
			if s = rest; !yield(localName(name), value) {
				return
			}
		}
	}
}

// cutValue cuts off an attribute's value, quoted or, in HTML, not.
func cutValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : 1+end], s[end+2:]
		}
		return s[1:], ""
	}
	if end := strings.IndexAny(s, " \t\r\n"); end >= 0 {
		return s[:end], s[end:]
	}
	return s, ""
}

// attribute is the value of one attribute, "" if there is none.
func (x *xmlScanner) attribute(name string) string {
	for n, value := range x.attributes() {
		if n == name {
			return unescapeXML(value)
		}
	}
	return ""
}

// content is the text that was read.
func (x *xmlScanner) content() string {
	if x.cdata {
		return x.inner
	}
	return unescapeXML(x.inner)
}

func unescapeXML(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}

// skip passes the rest of the element that has just begun; elements of its name may be within.
func (x *xmlScanner) skip() {
	name, depth := x.name, 1
	for depth > 0 {
		switch x.next() {
		case xmlEOF:
			return
		case xmlStart:
			if x.name == name {
				depth++
			}
		case xmlEnd:
			if x.name == name {
				depth--
			}
		}
	}
}

// maxText is the longest text of a cell that is kept: a hundred times the longest note.
const maxText = 100 * vault.MaxNote

// textOf collects what stands within the element that has just begun, up to its end.
func (x *xmlScanner) textOf() string {
	if x.bare {
		return ""
	}
	name := x.name
	var all joined
	for {
		switch x.next() {
		case xmlText:
			all.add(x.content())
			continue
		case xmlStart:
			continue
		case xmlEnd:
			if x.name != name {
				continue
			}
		}
		return all.String()
	}
}

// joined builds a text of its pieces. Most texts are one piece, which is not copied. What comes after maxText is
// dropped.
type joined struct {
	first string
	all   strings.Builder // from the second piece on, of all of them
}

func (p *joined) add(more string) {
	switch {
	case p.first == "":
		p.first = more
	case p.all.Len() < maxText:
		if p.all.Len() == 0 {
			p.all.WriteString(p.first)
		}
		p.all.WriteString(more)
	}
}

func (p *joined) String() string {
	if p.all.Len() > 0 {
		return p.all.String()
	}
	return p.first
}
