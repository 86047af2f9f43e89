package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// listsFiles are the rooms of many files, whose package comment says what is in which.
var listsFiles = []string{"vault", "tray", "agent", "keeper", "office"}

// system ends the name of a file of one system, which stands behind the file of the same name without it.
var system = regexp.MustCompile(`_(linux|windows|darwin|unix|other)$`)

// The package comment of a large room names each of its files, so that a newcomer knows where to look.
func TestPackageCommentsNameFiles(t *testing.T) {
	for _, room := range listsFiles {
		said, main := packageComment(t, room)
		var missing []string
		for _, file := range sources(t, room) {
			name := filepath.Base(file)
			if file != main && !system.MatchString(strings.TrimSuffix(name, ".go")) &&
				!regexp.MustCompile(`(^|\s)`+regexp.QuoteMeta(name)+`\b`).MatchString(said) {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			t.Errorf("the package comment of %s does not name %s", room, strings.Join(missing, ", "))
		}
		for _, name := range regexp.MustCompile(`\b[a-z]\w*\.go\b`).FindAllString(said, -1) {
			if found, _ := filepath.Glob(filepath.Join(room, name)); len(found) == 0 {
				t.Errorf("the package comment of %s names %s, which is not there", room, name)
			}
		}
	}
}
