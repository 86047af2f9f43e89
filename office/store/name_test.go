package store_test

import (
	"strings"
	"testing"

	"kapu/office/store"
)

func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{
		"roster/0": true, "a": true, "a.b-c/d": true, "con1": true, "confer/com10": true, "-": true,
		strings.Repeat("a", 119): true, strings.Repeat("a", 120): false,
		"": false, "/": false, "a/": false, "/a": false, "a//b": false, ".": false, "..": false, "a/../b": false, "a/.b": false,
		"a.": false, "a./b": false, "A": false, "á": false, "a b": false, "a\\b": false, "a:b": false, "a\x00": false, "a_b": false,
		"con": false, "a/nul": false, "aux.age": false, "com1": false, "lpt9.x/a": false, "desktop.ini": false, "a/thumbs.db": false,
	} {
		if store.ValidName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
