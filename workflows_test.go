package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	usesLine  = regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.+)$`)
	pinned    = regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	makeLine  = regexp.MustCompile(`(?m)\bmake ([a-z][a-z0-9 -]*)`)
	matrixRow = regexp.MustCompile(`\btargets: ([a-z][a-z0-9 -]*)`) // what a job runs as make ${{ matrix.targets }}
	goPath    = regexp.MustCompile(`\s(\./[\w/-]+)(/\.\.\.)?`)
	scripts   = regexp.MustCompile(`\b(?:sh|bash) ([\w/-]+\.sh)`)
	target    = regexp.MustCompile(`(?m)^([a-z][\w-]*):`)
	npmFolder = regexp.MustCompile(`directories: \[(.+)\]`)
)

// Supply chain: a tag can be moved to other code, a digest cannot. And a job names only what exists, so that a rename
// fails here and not days later on somebody's release.
func TestWorkflows(t *testing.T) {
	targets := map[string]bool{}
	for _, m := range target.FindAllStringSubmatch(string(read(t, "Makefile")), -1) {
		targets[m[1]] = true
	}
	names, _ := filepath.Glob(".github/workflows/*.yml")
	actions, made := 0, 0
	for _, name := range names {
		text := strings.ReplaceAll(string(read(t, name)), "\r\n", "\n")
		for _, m := range usesLine.FindAllStringSubmatch(text, -1) {
			if actions++; !pinned.MatchString(strings.TrimSpace(m[1])) {
				t.Errorf("%s: %s is not pinned as owner/action@40 hex digits # v1.2.3", name, m[1])
			}
		}
		for _, m := range append(makeLine.FindAllStringSubmatch(text, -1), matrixRow.FindAllStringSubmatch(text, -1)...) {
			for _, wanted := range strings.Fields(m[1]) {
				if made++; !targets[wanted] {
					t.Errorf("%s: the Makefile has no target %s", name, wanted)
				}
			}
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, "go test ") || strings.Contains(line, "go run ") {
				exist(t, name, goPath.FindAllStringSubmatch(line, -1))
			}
		}
		exist(t, name, scripts.FindAllStringSubmatch(text, -1))
	}
	if len(names) < 2 || actions < 8 || made < 6 {
		t.Errorf("only %d workflows with %d actions and %d targets were found", len(names), actions, made)
	}
}

// Dependabot looks where our package.json files are: in each of their folders, and in no other.
func TestDependabotFolders(t *testing.T) {
	m := npmFolder.FindStringSubmatch(string(read(t, ".github/dependabot.yml")))
	if m == nil {
		t.Fatal("no folders of npm")
	}
	named := map[string]bool{}
	for folder := range strings.SplitSeq(m[1], ",") {
		named[strings.Trim(folder, " /")] = true
	}
	files, _ := filepath.Glob("panel/testdata/*/package.json")
	for _, file := range files {
		folder := filepath.ToSlash(filepath.Dir(file))
		if !named[folder] {
			t.Errorf(".github/dependabot.yml does not name /%s", folder)
		}
		delete(named, folder)
	}
	for folder := range named {
		t.Errorf(".github/dependabot.yml names /%s, which has no package.json", folder)
	}
}

// exist fails for each path, the first group of a match, that is not there.
func exist(t *testing.T, name string, matches [][]string) {
	t.Helper()
	for _, m := range matches {
		if _, err := os.Stat(m[1]); err != nil {
			t.Errorf("%s: there is no %s", name, m[1])
		}
	}
}
