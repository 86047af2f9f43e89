package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A test of a page clicks and resizes only by the helpers that know that a page moves. What else does it works on a
// calm machine, and hangs on a busy one.
func TestClicksWaitForThePage(t *testing.T) {
	only := map[string]string{
		"chromedp.Click(":           filepath.Join("internal", "pagetest", "press.go"),
		"chromedp.EmulateViewport(": filepath.Join("panel", "harness_test.go"),
	}
	var files []string
	for _, pattern := range []string{"panel/*_test.go", "e2e/*_test.go", "e2e/*/*_test.go", "internal/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	seen := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for call, home := range only {
			switch calls := bytes.Count(data, []byte(call)); {
			case calls == 1 && file == home:
				seen++
			case calls > 0:
				t.Errorf("%s calls %s...) itself: see %s", file, call, home)
			}
		}
	}
	if seen != len(only) {
		t.Errorf("%d of the helpers were found in %d files", seen, len(files))
	}
}
