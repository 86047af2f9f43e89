//go:build linux

package wine

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/wine"
	"kapu/office"
)

// calendar asks the program, as it is shipped, which time it is in the office's calendar. It finds nobody else's time
// zones: there are none on Windows, -trimpath has removed where Go is, and nothing in the environment says it.
func (m *machine) calendar(t *testing.T) {
	cmd := m.command(filepath.Join(m.programs, "kapu.exe"), "doctor", "--json")
	cmd.Env = slices.DeleteFunc(slices.Clone(cmd.Env), func(v string) bool {
		return strings.HasPrefix(v, "GOROOT=") || strings.HasPrefix(v, "ZONEINFO=")
	})
	before := time.Now()
	out, err := wine.Printed(cmd) // ends with 1 for what a Wine lacks otherwise
	var findings []struct{ Check, State, Detail string }
	if e := json.Unmarshal([]byte(out), &findings); e != nil {
		t.Fatalf("%v: %v", e, err)
	}
	zone, err := time.LoadLocation(office.Zone)
	m.must(err)
	for _, f := range findings {
		if f.Check != "calendar" {
			continue
		}
		t.Logf("%s: %s", f.State, f.Detail)
		const clock = "2006-01-02 15:04 (UTC-07:00)"
		for at := before.Truncate(time.Minute); !at.After(time.Now()); at = at.Add(time.Minute) {
			if strings.Contains(f.Detail, office.Zone) && strings.Contains(f.Detail, at.In(zone).Format(clock)) {
				return
			}
		}
		t.Errorf("in %s it is %s; the program says %s", office.Zone, before.In(zone).Format(clock), f.Detail)
		return
	}
	t.Errorf("the doctor says nothing of the calendar: %s", out)
}
