package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const shown = 12 // packages, and tests

// report prints what the parts cost and deletes the log.
func report(w io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var parts, packages, tests []record
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		switch {
		case r.Package == "":
			parts = append(parts, r)
		case r.Test == "":
			packages = append(packages, r)
		case !strings.Contains(r.Test, "/"):
			tests = append(tests, r)
		}
	}
	fmt.Fprintf(w, "\n%-44s %10s %14s\n", "part", "seconds", "processor's")
	for _, r := range parts {
		fmt.Fprintf(w, "%-44s %10.0f %14.0f\n", r.Part, r.Seconds, r.CPU)
	}
	costliest(w, "costliest packages", packages)
	costliest(w, "costliest tests", tests)
	return os.Remove(file)
}

func costliest(w io.Writer, title string, records []record) {
	slices.SortFunc(records, func(a, b record) int { return cmp.Compare(b.Seconds, a.Seconds) })
	fmt.Fprintf(w, "\n%s\n", title)
	for _, r := range records[:min(shown, len(records))] {
		what := strings.TrimSpace(strings.TrimPrefix(r.Package, "kapu/") + " " + r.Test)
		fmt.Fprintf(w, "%-44s %10.1f\n", what, r.Seconds)
	}
}
