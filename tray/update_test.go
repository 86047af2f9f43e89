package tray

import (
	"slices"
	"testing"

	"kapu/lang"
)

// A newer version has a row, locked or not, and none has none.
func TestNewerVersionInTheMenu(t *testing.T) {
	for _, locked := range []bool{true, false} {
		for version, want := range map[string]string{"": "", "9.1.0": "Megjelent a Kapu 9.1.0…"} {
			m := build(state{locked: locked, vault: true, newer: version, texts: lang.In(lang.Hungarian)})
			i := slices.IndexFunc(m.foot, func(r row) bool { return r.verb == upgrade })
			if i < 0 || m.foot[i].hidden != (want == "") || want != "" && m.foot[i].label != want {
				t.Errorf("locked %v, version %q: %+v", locked, version, m.foot)
			}
		}
	}
}
