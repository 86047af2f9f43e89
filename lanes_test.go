package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The Makefile takes tests out of `unit` by their names, in whatever package they are. Another part runs them, in the
// package where they are: no test is left out because it has such a name elsewhere, and each name is a test's.
func TestNoTestIsLeftOut(t *testing.T) {
	data, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	makefile := string(data)
	elsewhere := map[string]string{ // a variable of names, and the words that run them
		"COMPUTE": "./qr ./vault -run '$(COMPUTE)'",
		"MANY":    "./tray -run '$(MANY)'",
	}
	skipped := regexp.MustCompile(`-skip '([^']*)'`).FindStringSubmatch(makefile)
	if skipped == nil || strings.Count(makefile, "-skip '") != 1 {
		t.Fatal("the Makefile takes no tests out, or in more than one place: say here where else they run")
	}
	for variable := range strings.SplitSeq(skipped[1], "|") {
		name := strings.Trim(variable, "$()")
		words, known := elsewhere[name]
		if !known || !strings.Contains(makefile, words) {
			t.Errorf("no part of the Makefile runs %s", variable)
			continue
		}
		_, pattern, _ := strings.Cut(makefile, "\n"+name+" = ")
		pattern, _, _ = strings.Cut(continued.ReplaceAllString(pattern, ""), "\n")
		pattern = strings.Trim(strings.ReplaceAll(pattern, "$$", ""), "^()$")
		dirs, _, _ := strings.Cut(words, " -run ")
		for test := range strings.SplitSeq(pattern, "|") {
			if where := packagesOf(t, test); len(where) != 1 || !slices.Contains(strings.Fields(dirs), "./"+where[0]) {
				t.Errorf("%s is taken out, and run in %s; it is in %v", test, dirs, where)
			}
		}
	}
}

// continued is the end of a line that Make joins to the next without a space.
var continued = regexp.MustCompile(`\$\\\n\s*`)

// packagesOf are the folders with a test of this name.
func packagesOf(t *testing.T, test string) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if dir := filepath.ToSlash(filepath.Dir(path)); strings.Contains(string(source), "\nfunc "+test+"(") && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}
