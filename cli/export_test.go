//go:build linux

package cli

import "testing"

func TestNumbered(t *testing.T) {
	for want, tt := range map[string]struct {
		path string
		n    int
	}{
		"a.png": {"a.png", 1}, "a-2.png": {"a.png", 2}, "x.y/a-10": {"x.y/a", 10}, "a.b-3.png": {"a.b.png", 3},
	} {
		if got := numbered(tt.path, tt.n); got != want {
			t.Errorf("%s is number %d of %s", got, tt.n, tt.path)
		}
	}
}
