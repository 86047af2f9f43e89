package panel

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// A static import, in minified scripts too, or a dynamic one.
	imported  = regexp.MustCompile(`(?:^|[;\s])import\s*(?:[^"();]*\bfrom\s*)?"(\.[^"]*)"|\bimport\("(\.[^"]*)"\)`)
	preloaded = regexp.MustCompile(`<link rel="modulepreload" href="/static/([^"]*)">`)
)

// modules are the scripts, and for each which others it imports; a type that a comment imports is no import.
func modules(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{"texts.js": nil} // the server makes it
	err := fs.WalkDir(files, "static", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".js" {
			return err
		}
		source, err := files.ReadFile(name)
		if !strings.HasPrefix(name, "static/lit/") && !strings.HasPrefix(string(source), "// @ts-check\n") {
			t.Errorf("%s does not begin with // @ts-check", name)
		}
		name = strings.TrimPrefix(name, "static/")
		found[name] = nil
		for _, m := range imported.FindAllStringSubmatch(string(source), -1) {
			found[name] = append(found[name], path.Join(path.Dir(name), m[1]+m[2]))
		}
		return err
	})
	if err != nil || len(found) < 40 {
		t.Fatalf("%d modules, %v", len(found), err)
	}
	return found
}

// No module imports itself by way of others: the graph of imports is acyclic.
func TestModulesAreAcyclic(t *testing.T) {
	all := modules(t)
	done := map[string]bool{}
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		if i := slices.Index(way, name); i >= 0 {
			t.Errorf("a circle: %s", strings.Join(append(way[i:], name), " → "))
			return
		}
		if done[name] {
			return
		}
		imports, known := all[name]
		if !known {
			t.Errorf("%s imports %s, which is not there", way[len(way)-1], name)
		}
		for _, next := range imports {
			visit(next, append(slices.Clone(way), name))
		}
		done[name] = true
	}
	for name := range all {
		visit(name, nil)
	}
}

// The table of clients, which has the most modules, asks for all of them at once.
func TestClientsArePreloaded(t *testing.T) {
	all := modules(t)
	needed := map[string]bool{}
	var need func(name string)
	need = func(name string) {
		if needed[name] {
			return
		}
		needed[name] = true
		for _, next := range all[name] {
			need(next)
		}
	}
	need("clients.js")
	source, err := files.ReadFile("html/clients.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range preloaded.FindAllStringSubmatch(string(source), -1) {
		if !needed[m[1]] {
			t.Errorf("%s is preloaded for nothing", m[1])
		}
		delete(needed, m[1])
	}
	delete(needed, "first.js") // it is a script of the page itself
	for name := range needed {
		t.Errorf("%s is not preloaded", name)
	}
}
