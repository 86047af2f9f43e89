package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	shown   = 12   // packages, and tests
	excerpt = 4000 // bytes of what a failed test printed: the last ones
)

// report prints what the parts cost and deletes the log.
func report(w io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var parts, packages, tests, failed []record
	for d := json.NewDecoder(bufio.NewReader(f)); ; {
		var r record
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if r.Failure != "" {
			failed = append(failed, r)
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
	for _, r := range failed {
		fmt.Fprintf(w, "\nfailed: %s %s\n%s", r.Package, r.Test, r.Failure[max(0, len(r.Failure)-excerpt):])
	}
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
