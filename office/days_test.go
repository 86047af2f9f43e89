package office

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

// inZone lets a test run on a machine whose clock is set to a zone.
func inZone(t *testing.T, name string) {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	was := time.Local
	time.Local = l
	t.Cleanup(func() { time.Local = was })
}

var machineZones = []string{"America/New_York", "Asia/Tokyo", "UTC", "Europe/Budapest"}

func utc(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at
}

func TestDaysAreBudapestsOnEveryMachine(t *testing.T) {
	for _, machine := range machineZones {
		t.Run(machine, func(t *testing.T) {
			inZone(t, machine)
			for _, c := range []struct{ day, start, end string }{
				{"2026-12-31", "2026-12-30 23:00", "2026-12-31 23:00"},
				{"2026-07-01", "2026-06-30 22:00", "2026-07-01 22:00"},
				{"2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"}, // 23 hours
				{"2026-10-25", "2026-10-24 22:00", "2026-10-25 23:00"}, // 25 hours
				{"2028-02-29", "2028-02-28 23:00", "2028-02-29 23:00"},
				{"9999-12-31", "9999-12-30 23:00", "9999-12-31 23:00"},
			} {
				start, err1 := DayStart(c.day)
				end, err2 := DayEnd(c.day)
				if err1 != nil || err2 != nil || !start.Equal(utc(c.start)) || !end.Equal(utc(c.end)) {
					t.Errorf("%s is from %v to %v, %v, %v", c.day, start, end, err1, err2)
				}
				if _, err := end.MarshalJSON(); err != nil {
					t.Errorf("%s: %v", c.day, err)
				}
				for _, at := range []time.Time{start, start.Add(12 * time.Hour), end.Add(-time.Nanosecond)} {
					if got := DayOf(at); got != c.day {
						t.Errorf("%v is of %s, want %s", at, got, c.day)
					}
				}
				if got := LastDay(end); got != c.day {
					t.Errorf("what ends at %v covers %s, want %s", end, got, c.day)
				}
				if DayOf(start.Add(-time.Nanosecond)) == c.day || DayOf(end) == c.day {
					t.Errorf("%s covers more than itself", c.day)
				}
			}
		})
	}
}

func TestHoursOfBooksAreBudapestsOnEveryMachine(t *testing.T) {
	s := Settings{FromHour: 7, UntilHour: 19}
	for _, machine := range machineZones {
		inZone(t, machine)
		for _, c := range []struct {
			at   string
			open bool
		}{
			{"2026-12-01 05:59", false},
			{"2026-12-01 06:00", true},
			{"2026-12-01 17:59", true},
			{"2026-12-01 18:00", false},
			{"2026-07-01 05:00", true},
			{"2026-07-01 17:00", false},
		} {
			if got := s.open(utc(c.at).Local()); got != c.open {
				t.Errorf("%s: at %s UTC there are codes: %v", machine, c.at, got)
			}
		}
	}
}

func TestWhatIsNoDay(t *testing.T) {
	for _, text := range []string{"2026-02-29", "2026-13-01", "31.12.2026", "2026-12-31 ", "2026-12-31T00:00:00Z", "tegnap"} {
		_, err1 := DayStart(text)
		_, err2 := DayEnd(text)
		for _, err := range []error{err1, err2} {
			if said := (*lang.Error)(nil); !errors.As(err, &said) || said.ID != "date-wrong" {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	for _, read := range []func(string) (time.Time, error){DayStart, DayEnd} {
		if at, err := read(""); err != nil || !at.IsZero() {
			t.Errorf("no day: %v, %v", at, err)
		}
	}
	if DayOf(time.Time{}) != "" || LastDay(time.Time{}) != "" {
		t.Error("no instant has a day")
	}
}

// Where the system has no zones, as Windows has none, the program brings its own.
func TestZonesAreLinkedIn(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(strings.Fields(string(deps)), "time/tzdata") {
		t.Error("time/tzdata is not linked in")
	}
}
