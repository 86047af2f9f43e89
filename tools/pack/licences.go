package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// licences gathers the licences of everything that is linked into a target's programs; most of them want to be passed
// on with the program. A part without a licence stops the release.
func (r *release) licences(t target) ([]byte, error) {
	c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", ".")
	c.Dir = r.root
	c.Env = append(os.Environ(), "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=0")
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	modules := strings.Fields(strings.ReplaceAll(string(out), "\t", "\x00")) // no path of the module cache has a space
	slices.Sort(modules)
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := licence(&b, "The Go standard library", goroot); err != nil {
		return nil, err
	}
	for _, m := range slices.Compact(modules) {
		part := strings.Split(m, "\x00")
		if len(part) != 3 || part[1] == "" {
			continue // Kapu itself
		}
		if err := licence(&b, part[0]+" "+part[1], part[2]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// licence adds what the licence files of a folder say.
func licence(b *bytes.Buffer, name, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, e := range entries {
		kind, _, _ := strings.Cut(strings.ToUpper(e.Name()), ".")
		if e.IsDir() || !slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, kind) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s\n%s\n\n%s\n\n", name, strings.Repeat("=", len(name)), bytes.TrimSpace(text))
		found = true
	}
	if !found {
		return fmt.Errorf("%s has no licence in %s", name, dir)
	}
	return nil
}
