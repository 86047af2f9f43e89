package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// name is that of a test, or of a package's own output where Test is empty.
type name struct{ Package, Test string }

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	name
	Action, Output string
	Elapsed        float64 // seconds
}

// testReader is a parser of the events. It holds back what a test prints until the test has failed.
type testReader struct {
	out     io.Writer
	verbose bool // passes everything on at once, besides
	printed map[name]string
	records []record
}

func (r *testReader) line(line []byte) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		_, _ = r.out.Write(line) // what the go command itself says
		return
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		if r.verbose || e.Test == "" && e.Output != "PASS\n" {
			fmt.Fprint(r.out, e.Output)
		}
		if e.Test != "" && !strings.HasPrefix(e.Output, "=== ") {
			r.printed[e.name] += e.Output
		}
	case "pass", "skip", "fail":
		r.ended(e)
	}
}

// ended notes the end of a test or of a package.
func (r *testReader) ended(e event) {
	ended := record{Package: e.Package, Test: e.Test, Seconds: e.Elapsed}
	if e.Action == "fail" {
		ended.Failure = r.failed(e.name)
	}
	r.records = append(r.records, ended)
	delete(r.printed, e.name)
	if e.Test != "" {
		return
	}
	// A test without an end of its own was running when the package's program died.
	left := slices.Collect(maps.Keys(r.printed))
	slices.SortFunc(left, func(a, b name) int { return strings.Compare(a.Test, b.Test) })
	for _, n := range left {
		if n.Package == e.Package {
			if e.Action == "fail" {
				r.records = append(r.records, record{Package: n.Package, Test: n.Test, Failure: r.failed(n)})
			}
			delete(r.printed, n)
		}
	}
}

// failed shows what a failed test printed, unless it was shown at once, and returns it.
func (r *testReader) failed(n name) string {
	if !r.verbose {
		fmt.Fprint(r.out, r.printed[n])
	}
	return r.printed[n]
}
