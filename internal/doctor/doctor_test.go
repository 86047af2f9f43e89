package doctor

import (
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

// The calendar is the same on every machine; one in another zone is told so, also where the two agree in winter only.
func TestCheckCalendar(t *testing.T) {
	e := &examination{texts: lang.In(lang.English)}
	winter := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"Europe/Budapest": OK, "Europe/Vienna": OK, "Africa/Lagos": Unknown, "America/New_York": Unknown, "UTC": Unknown,
	} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		got := e.checkCalendar(winter.In(location))
		if got.Check != "calendar" || got.State != want || !strings.Contains(got.Detail, "Europe/Budapest") ||
			!strings.Contains(got.Detail, "2027-01-01 00:30 (UTC+01:00)") {
			t.Errorf("in %s: %+v", zone, got)
		}
	}
}
