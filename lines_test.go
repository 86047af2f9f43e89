package main

import (
	"bufio"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxLine is how many characters a line of prose, script or style may have.
const maxLine = 120

// A line of a comment in Go, of a script, of a style sheet or of a template is read without scrolling. Code in Go is
// gofumpt's affair, and vendored scripts are their authors'.
func TestLineLength(t *testing.T) {
	read := map[string]int{} // by the kind of file
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		slashed := filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "dist" || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir(), strings.HasPrefix(slashed, "panel/static/lit/") && path.Ext(name) == ".js":
			return nil
		}
		switch kind := path.Ext(name); kind {
		case ".go", ".js", ".ts", ".css", ".html":
			read[kind]++
			longLines(t, name, kind == ".go")
		}
		return nil
	})
	if err != nil || read[".go"] < 300 || read[".js"] < 40 || read[".css"] < 1 || read[".html"] < 10 {
		t.Fatalf("read %v, %v", read, err)
	}
}

// longLines complains of the lines of a file that are too long: of all, or of those that are a comment and no
// directive.
func longLines(t *testing.T, name string, commentsOnly bool) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if commentsOnly && !strings.HasPrefix(strings.TrimSpace(line), "// ") {
			continue
		}
		if length := utf8.RuneCountInString(line); length > maxLine {
			t.Errorf("%s:%d has %d characters", name, n, length)
		}
	}
	if err := lines.Err(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
