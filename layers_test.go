package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport says for each room which rooms of ours it may import. It is written as a list of what is allowed, not as
// levels, because the edges that are missing are the point: a face that cannot import the process with the keys cannot
// reach into it.
var mayImport = map[string]string{
	"kapu":       "cli",
	"cli":        "agent autostart build clip config doctor exchange keeper lang office panel paper process qr tray vault",
	"tray":       "agent clip config disk exchange icons lang paper process qr session sessionbus update",
	"panel":      "agent autostart config disk doctor exchange icons lang office paper peer process qr",
	"doctor":     "audit build clip config disk lang office process session tray update vault",
	"keeper":     "agent audit clip config disk exchange lang office peer process session vault",
	"agent":      "config disk exchange lang office process vault",
	"office":     "disk lang seal vault",
	"exchange":   "lang lazy paper qr vault",
	"clip":       "lang wayland xserver",
	"session":    "sessionbus wayland xserver",
	"vault":      "build disk lang seal sessionbus",
	"qr":         "lang sessionbus",
	"config":     "disk lang lazy",
	"seal":       "",
	"lang":       "",
	"icons":      "",
	"autostart":  "lang",
	"paper":      "build config disk lang qr",
	"audit":      "",
	"build":      "",
	"lazy":       "",
	"disk":       "lang",
	"peer":       "",
	"process":    "disk lang",
	"update":     "build disk",
	"sessionbus": "",
	"wayland":    "",
	"xserver":    "",
}

// workshops are programs and helpers for tests, which may use any room; no room uses them.
var workshops = []string{
	"kapu/tools/", "kapu/e2e", "kapu/icons/draw", "kapu/office/store/storetest",
	"kapu/internal/desktop", "kapu/internal/examples", "kapu/internal/need", "kapu/internal/servers",
	"kapu/internal/pagetest", "kapu/internal/stranger", "kapu/internal/wait", "kapu/internal/wine",
}

// A room imports only what the table allows. Tests of a room may use the workshops too.
func TestLayers(t *testing.T) {
	used := map[string]map[string]bool{}
	for pkg, imports := range imports(t) {
		if isWorkshop(pkg) {
			continue
		}
		from := room(pkg)
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s is no room: say in the table what it may import", pkg)
			continue
		}
		for _, imported := range imports {
			to := room(imported)
			if !strings.HasPrefix(imported, "kapu/") || to == from {
				continue
			}
			if isWorkshop(imported) || !slices.Contains(strings.Fields(allowed), to) {
				t.Errorf("%s imports %s, which the table does not allow", pkg, imported)
			}
			if used[from] == nil {
				used[from] = map[string]bool{}
			}
			used[from][to] = true
		}
	}
	for from, allowed := range mayImport {
		for _, to := range strings.Fields(allowed) {
			if !used[from][to] {
				t.Errorf("%s does not import %s: take it out of the table", from, to)
			}
		}
	}
}

// The process with the keys is begun in one place: whatever else the command line does with keys, it asks the agent.
func TestOneFileStartsTheKeeper(t *testing.T) {
	files, err := filepath.Glob("cli/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"kapu/keeper"` }) {
			found = append(found, filepath.ToSlash(name))
		}
	}
	if !slices.Equal(found, []string{"cli/agent.go"}) {
		t.Errorf("kapu/keeper is imported by %v", found)
	}
}

// The top level shows the product: what it is made of, and little else.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	top := map[string]bool{}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "dist" {
			top[e.Name()] = true
		}
	}
	if len(top) > 20 {
		t.Errorf("%d folders: %v", len(top), slices.Sorted(maps.Keys(top)))
	}
	for _, given := range []string{"tray", "vault", "config", "icons"} {
		if !top[given] {
			t.Errorf("there is no %s", given)
		}
	}
}

// imports are the packages of the module, each with what it imports on any system.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := exec.Command("go", "list", "-e", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Fields(line)
			found[fields[0]] = append(found[fields[0]], fields[1:]...)
		}
	}
	return found
}

// Modules without a release for years stay where docs/decisions/dependencies.md says: those that were replaced are in
// no program, the others are imported in one room.
func TestDependencies(t *testing.T) {
	gone := []string{"github.com/godbus/dbus", "github.com/gsterjov/go-libsecret", "github.com/yeka/zip"}
	for _, system := range []string{"linux", "windows"} {
		list := exec.Command("go", "list", "-deps", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for pkg := range strings.Lines(string(out)) {
			if pkg = strings.TrimSpace(pkg); slices.Contains(gone, pkg) {
				t.Errorf("the program for %s contains %s", system, pkg)
			}
		}
	}
	rooms := map[string]string{
		"github.com/99designs/keyring": "vault", "github.com/makiuchi-d/gozxing": "qr",
		"github.com/wagslane/go-password-validator": "vault",
	}
	for pkg, imports := range imports(t) {
		for module, allowed := range rooms {
			if room(pkg) != allowed && slices.ContainsFunc(imports, func(i string) bool { return strings.HasPrefix(i, module) }) {
				t.Errorf("%s imports %s", pkg, module)
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

// Where the Makefile leaves the race detector out, nothing runs at the same time.
func TestSingleRooms(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(makefile), "\nSINGLE =")
	list, _, _ = strings.Cut(list, "\n")
	if strings.TrimSpace(list) == "" {
		t.Fatal("the Makefile names no SINGLE")
	}
	for _, dir := range strings.Fields(list) {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		if len(files) == 0 {
			t.Errorf("there is no %s", dir)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				started, isGo := n.(*ast.SelectorExpr)
				if _, statement := n.(*ast.GoStmt); statement || isGo && (started.Sel.Name == "Go" || started.Sel.Name == "AfterFunc") {
					t.Errorf("%s starts a goroutine", name)
				}
				return true
			})
		}
	}
}

// room is the folder that a package belongs to: at the top, or below internal.
func room(pkg string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(pkg, "kapu/"), "internal/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func isWorkshop(pkg string) bool {
	return slices.ContainsFunc(workshops, func(w string) bool {
		return strings.HasPrefix(pkg+"/", strings.TrimSuffix(w, "/")+"/")
	})
}
