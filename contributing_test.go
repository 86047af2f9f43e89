package main

import (
	"cmp"
	"flag"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var redraw = flag.Bool("redraw", false, "write the drawing of the rooms in CONTRIBUTING.md anew, from the table")

// The drawing of the rooms stands between these two lines.
const (
	drawingBegins = "<!-- rooms: go test . -run TestDrawing -redraw -->\n```text\n"
	drawingEnds   = "```\n"
)

// CONTRIBUTING.md draws the rooms as mayImport has them, each with what its package comment says it is.
func TestDrawing(t *testing.T) {
	text := strings.ReplaceAll(string(read(t, "CONTRIBUTING.md")), "\r\n", "\n")
	before, rest, found := strings.Cut(text, drawingBegins)
	now, after, ends := strings.Cut(rest, drawingEnds)
	if !found || !ends {
		t.Fatalf("CONTRIBUTING.md has no drawing after the line %q", drawingBegins)
	}
	want := drawing(t)
	if now == want {
		return
	}
	if !*redraw {
		t.Fatalf("the drawing in CONTRIBUTING.md is not that of the table: "+
			"go test . -run TestDrawing -redraw makes it\n%s", want)
	}
	if err := os.WriteFile("CONTRIBUTING.md", []byte(before+drawingBegins+want+drawingEnds+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

// drawing is two lines or more for each room, in a topological order: those that import come before what they import.
func drawing(t *testing.T) string {
	rooms := slices.SortedFunc(maps.Keys(mayImport), func(a, b string) int {
		return cmp.Or(height(b)-height(a), strings.Compare(a, b))
	})
	var b strings.Builder
	for _, r := range rooms {
		dir, said := about(t, r)
		b.WriteString(wrapped(fmt.Sprintf("%-22s", dir), said))
		if mayImport[r] != "" {
			b.WriteString(wrapped(strings.Repeat(" ", 20)+"→ ", mayImport[r]))
		}
	}
	return b.String()
}

// height is how many rooms lie below one another under a room.
func height(room string) int {
	most := 0
	for _, below := range strings.Fields(mayImport[room]) {
		most = max(most, 1+height(below))
	}
	return most
}

// wrapped is a text in lines of at most 110 characters, the first after a head, the others below it.
func wrapped(head, text string) string {
	indent := strings.Repeat(" ", len([]rune(head)))
	var lines []string
	line := head
	for word := range strings.FieldsSeq(text) {
		if len([]rune(line))+len([]rune(word)) > 110 {
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent
		}
		line += word + " "
	}
	return strings.Join(append(lines, strings.TrimRight(line, " ")), "\n") + "\n"
}

// about is a room's folder, and the first sentence of its package comment without the words that each begins with.
func about(t *testing.T, room string) (dir, said string) {
	t.Helper()
	dir, name := room, room
	if room == "kapu" {
		dir, name = ".", "main.go"
	} else if _, err := os.Stat(dir); err != nil {
		dir = path.Join("internal", room)
		name = dir
	}
	comment, _ := packageComment(t, dir)
	comment, _ = strings.CutPrefix(comment, "Package "+room+" ")
	said = new(doc.Package).Synopsis(comment)
	said, _ = strings.CutPrefix(said, "is ")
	return name, said
}

// packageComment is that of the package in a folder, and the file that has it.
func packageComment(t *testing.T, dir string) (comment, in string) {
	t.Helper()
	for _, file := range sources(t, dir) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			return f.Doc.Text(), file
		}
	}
	return "", ""
}

// sources are the files of a folder that are no tests.
func sources(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	return slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

var (
	inCode   = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$|`([^`\n]+)`")
	repoPath = regexp.MustCompile(`(?:^|[\s(])((?:\./)?[a-z][\w-]*(?:/[\w.-]+)+)`)
	// A step of a road: a file and what is called in it.
	roadStep = regexp.MustCompile(`(?m)^([\w-]+/[\w/-]+\.(?:go|js)) +(\w+)`)
)

// Every path that CONTRIBUTING.md and the glossary name exists, and what a road calls in a file is defined there.
func TestPathsInContributing(t *testing.T) {
	steps, paths := 0, 0
	for _, name := range []string{"CONTRIBUTING.md", "docs/glossary.md", "SECURITY.md"} {
		text := strings.ReplaceAll(string(read(t, name)), "\r\n", "\n")
		for _, code := range inCode.FindAllStringSubmatch(text, -1) {
			for _, m := range repoPath.FindAllStringSubmatch(code[1]+code[2], -1) {
				if paths++; strings.Contains(m[1], "NAME") {
					continue // of a recipe
				}
				if _, err := os.Stat(m[1]); err != nil && isOurs(m[1]) {
					t.Errorf("%s: there is no %s%s", name, m[1], instead(m[1]))
				}
			}
		}
		for _, m := range roadStep.FindAllStringSubmatch(text, -1) {
			if steps++; !defines(m[1], m[2]) {
				t.Errorf("%s: %s defines no %s%s", name, m[1], m[2], elsewhere(t, m[1], m[2]))
			}
		}
	}
	if steps < 15 || paths < 40 {
		t.Errorf("only %d steps of roads and %d paths were found", steps, paths)
	}
}

// isOurs says that a path begins in a folder of this repository; others are of the Go world or the Web.
func isOurs(name string) bool {
	top, _, _ := strings.Cut(strings.TrimPrefix(name, "./"), "/")
	info, err := os.Stat(top)
	return err == nil && info.IsDir() || strings.HasSuffix(name, ".go")
}

// instead says where a file of this name is now.
func instead(name string) string {
	for _, pattern := range []string{"*/", "internal/*/", "*/*/"} {
		if found, _ := filepath.Glob(pattern + path.Base(name)); len(found) > 0 {
			return ", but " + strings.Join(found, ", ")
		}
	}
	return ""
}

// defines says whether a file of Go or JavaScript defines a function, method, type, constant or variable of this name.
func defines(file, name string) bool {
	data, err := os.ReadFile(file)
	pattern := `(?m)^(func (\([^)]*\) )?|type |var |const |\t)` + name + `(\[.*)?([(\[]| +=| +[\w*]+( +=|$| \{))`
	if path.Ext(file) == ".js" {
		pattern = `(?m)^\s*(export )?(async )?(function|const|class) ` + name + `\b`
	}
	return err == nil && regexp.MustCompile(pattern).Match(data)
}

// elsewhere says in which files beside or in other rooms a name is defined.
func elsewhere(t *testing.T, file, name string) string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*/*" + path.Ext(file), "panel/static/*" + path.Ext(file)} {
		files, _ := filepath.Glob(pattern)
		for _, f := range files {
			if f != file && !strings.HasSuffix(f, "_test.go") && defines(f, name) {
				found = append(found, f)
			}
		}
	}
	if len(found) == 0 || len(found) > 3 {
		return ""
	}
	return "; " + strings.Join(found, ", ") + " does"
}
