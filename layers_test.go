package main

import (
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms from the top down. A room imports only rooms further down; those on one line do not know each other.
var rooms = [][]string{
	{"kapu"},
	{"kapu/cli"},
	{"kapu/tray", "kapu/panel"},
	{"kapu/agent"},
	{"kapu/office"},
	{"kapu/autostart", "kapu/clip", "kapu/exchange", "kapu/session"},
	{"kapu/paper"},
	{"kapu/qr", "kapu/vault"},
	{"kapu/seal"},
	{"kapu/config"},
	{"kapu/disk", "kapu/lang", "kapu/icons", "kapu/xserver"},
}

// workshops are programs and helpers for tests, which may use any room; no room uses them.
var workshops = []string{"kapu/internal/", "kapu/demo", "kapu/e2e", "kapu/bench", "kapu/icons/draw", "kapu/office/store/storetest", "kapu/pack"}

// A room cannot reach up. Tests of a room may use the workshops too.
func TestLayers(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := fields[0]
		if isWorkshop(pkg) {
			continue
		}
		from := level(pkg)
		if from < 0 {
			t.Errorf("%s is no room: add it to the list, at its level", pkg)
		}
		for _, imported := range fields[1:] {
			if !strings.HasPrefix(imported, "kapu/") || room(imported) == room(pkg) {
				continue
			}
			if isWorkshop(imported) || level(imported) <= from {
				t.Errorf("%s imports %s, which is not below it", pkg, imported)
			}
		}
	}
}

// Every package says what it is for.
func TestPackageComments(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dir := range strings.Lines(string(out)) {
		dir = strings.TrimSpace(dir)
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		said := slices.ContainsFunc(files, func(name string) bool {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
			return err == nil && f.Doc != nil && len(f.Doc.Text()) > 40
		})
		if !said {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// room is the folder at the top that a package belongs to.
func room(pkg string) string {
	parts := strings.SplitN(pkg, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func level(pkg string) int {
	return slices.IndexFunc(rooms, func(level []string) bool { return slices.Contains(level, room(pkg)) })
}

func isWorkshop(pkg string) bool {
	return slices.ContainsFunc(workshops, func(w string) bool {
		return strings.HasPrefix(pkg+"/", strings.TrimSuffix(w, "/")+"/")
	})
}
