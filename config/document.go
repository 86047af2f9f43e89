package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"kapu/internal/lazy"
	"kapu/lang"
)

// document is a settings file as text, edited line by line so that comments and layout survive. It need not understand
// all of TOML: Save parses the result and compares.
type document string

var (
	tableLine = lazy.Regexp(`^\s*\[([^\[\]]+)\]\s*(?:#.*)?$`)
	groupLine = lazy.Regexp(`^\s*\[\[\s*group\s*\]\]\s*(?:#.*)?$`)
	keyLine   = lazy.Regexp(`^\s*([A-Za-z_.]+)\s*=`)
	valueLine = lazy.Regexp(`^(\s*[A-Za-z_.]+\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^#\s]+)(.*)$`)
)

func (d document) lines() []string {
	lines := strings.SplitAfter(string(d), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// set gives a key its value: where it stands, else at the end of its table, else in a new table at the end. Its loop is
// one pass of a scanner with one state, the table that it is in; taken apart, the state would have to be handed around.
func (d document) set(key, value string) document {
	table, name := "", key
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		table, name = key[:i], key[i+1:]
	}
	lines := d.lines()
	current, last := "", -1 // last is where the table's last line with something to say is
	for i, line := range lines {
		text := strings.TrimRight(line, "\r\n")
		if m := tableLine().FindStringSubmatch(text); m != nil {
			current = strings.TrimSpace(m[1])
		} else if isHeader(text) {
			current = "\x00" // a group, whose keys are its own
		} else if m := keyLine().FindStringSubmatch(text); m != nil {
			if current == table && m[1] == name || current == "" && m[1] == key {
				if v := valueLine().FindStringSubmatch(text); v != nil {
					lines[i] = v[1] + value + v[3] + line[len(text):]
					return document(strings.Join(lines, ""))
				}
			}
		} else {
			continue
		}
		if current == table {
			last = i
		}
	}
	added := name + " = " + value + "\n"
	switch {
	case last >= 0:
		lines[last] = ended(lines[last])
		lines = slices.Insert(lines, last+1, added)
	case table == "": // before the first table and what is said about it
		lines = slices.Insert(lines, start(lines, slices.IndexFunc(lines, isHeader)), added)
	default:
		if len(lines) > 0 {
			lines = append(lines, "\n")
		}
		lines = append(lines, "["+table+"]\n", added)
	}
	return document(join(lines))
}

// setGroups brings the groups to another order or other contents. A group keeps its lines and the comments in and
// above it; all of them stand where the first one stood.
func (d document) setGroups(now, want []Group) document {
	lines := d.lines()
	blocks := map[string][]string{} // by folder
	var rest []string
	at := -1 // in rest, where the groups go
	for i, n := 0, 0; i < len(lines); {
		end := i + 1
		if !isGroupStart(lines, i) {
			rest = append(rest, lines[i])
			i = end
			continue
		}
		for !groupLine().MatchString(trimmed(lines[end-1])) {
			end++
		}
		for end < len(lines) && !isStart(lines, end) {
			end++
		}
		if at < 0 {
			at = len(rest)
		}
		if n < len(now) {
			blocks[lang.Fold(now[n].Folder)] = lines[i:end]
		}
		n++
		i = end
	}
	if at < 0 {
		at = len(rest)
	}
	var groups []string
	for _, g := range want {
		block := slices.Clone(blocks[lang.Fold(g.Folder)])
		old := slices.IndexFunc(now, func(o Group) bool { return lang.Fold(o.Folder) == lang.Fold(g.Folder) })
		if block == nil || !equal(now[old], g) {
			block = append(comments(block), written(g)...)
		}
		groups = append(groups, block...)
	}
	return document(join(slices.Insert(rest, at, groups...)))
}

func equal(a, b Group) bool {
	return reflect.DeepEqual(normal([]Group{a}), normal([]Group{b}))
}

// written is a group as the library writes it.
func written(g Group) []string {
	var b strings.Builder
	e := toml.NewEncoder(&b)
	e.Indent = ""
	_ = e.Encode(struct { // what it cannot write does not read back
		Group []Group `toml:"group"`
	}{[]Group{g}})
	return slices.Collect(strings.Lines(b.String() + "\n"))
}

// comments are the lines of a block that say something to people.
func comments(block []string) []string {
	return slices.DeleteFunc(slices.Clone(block), func(line string) bool {
		return !strings.HasPrefix(strings.TrimSpace(line), "#")
	})
}

func trimmed(line string) string { return strings.TrimRight(line, "\r\n") }

func isHeader(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "[") }

// start is the line where what is said about the header in line i begins: with the comments right above it.
func start(lines []string, i int) int {
	if i < 0 {
		return len(lines)
	}
	for i > 0 && strings.HasPrefix(strings.TrimSpace(lines[i-1]), "#") {
		i--
	}
	return i
}

// isStart says whether a table or a group begins in line i, with the comments above it.
func isStart(lines []string, i int) bool {
	for j := i; j < len(lines); j++ {
		if isHeader(lines[j]) {
			return start(lines, j) == i
		}
		if !strings.HasPrefix(strings.TrimSpace(lines[j]), "#") {
			return false
		}
	}
	return false
}

func isGroupStart(lines []string, i int) bool {
	for j := i; j < len(lines); j++ {
		if isHeader(lines[j]) {
			return groupLine().MatchString(trimmed(lines[j])) && start(lines, j) == i
		}
		if !strings.HasPrefix(strings.TrimSpace(lines[j]), "#") {
			return false
		}
	}
	return false
}

func ended(line string) string {
	if strings.HasSuffix(line, "\n") {
		return line
	}
	return line + "\n"
}

func join(lines []string) string {
	for i := range lines[:max(0, len(lines)-1)] {
		lines[i] = ended(lines[i])
	}
	return strings.Join(lines, "")
}

// quote writes a text as TOML does.
func quote(s string) string {
	data, err := toml.Marshal(map[string]string{"x": s})
	if err != nil {
		return `""`
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(data), "x = "), "\n")
}
