package office

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // a program built with -trimpath finds no other zones on Windows

	"kapu/lang"
)

// The office calendar: one notion of a day for all machines of an office, whatever their clocks are set to. A day is a
// civil date in one time zone (Zone), written "2026-12-31"; it has 23 or 25 hours when the clocks change.
// Spans of time are half-open: from the first instant that is covered to the first that is not. Instants are UTC, so
// that even the end of the year 9999 can be written as JSON.

// Zone is the IANA name of the calendar's time zone, for who shows days elsewhere than in Go.
const Zone = "Europe/Budapest"

// zone is the time zone of that name, loaded once, when a day is first asked for. The system's data come before
// those that are linked in, because they are the newer ones. That neither can be read is a broken build, and no reason
// to go by another clock: a right would end at another hour than was said.
var zone = sync.OnceValue(func() *time.Location {
	l, err := time.LoadLocation(Zone)
	if err != nil {
		panic(fmt.Sprintf("office: the time zone is not linked in: %v", err))
	}
	return l
})

// DayStart is the first instant of a day; of "" the zero time, which stands for no beginning. What is no day is the
// sentence date-wrong.
func DayStart(day string) (time.Time, error) { return dayAfter(day, 0) }

// DayEnd is the end of a day that is included: the first instant of the day after it; of "" the zero time, which stands
// for no end. What is no day is the sentence date-wrong.
func DayEnd(day string) (time.Time, error) { return dayAfter(day, 1) }

func dayAfter(day string, days int) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	d, err := time.ParseInLocation(time.DateOnly, day, zone())
	if err != nil {
		return time.Time{}, lang.E("date-wrong", "Value", day)
	}
	return d.AddDate(0, 0, days).UTC(), nil
}

// DayOf is the day of an instant; of the zero time "".
func DayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone()).Format(time.DateOnly)
}

// LastDay is the inverse of DayEnd: the last day of which a span that ends before an instant covers something; of the
// zero time "".
func LastDay(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return DayOf(until.Add(-time.Nanosecond))
}

// TimeOf is the day and the time of day of an instant: "2026-12-31 23:59:59".
func TimeOf(at time.Time) string { return at.In(zone()).Format(time.DateTime) }

// Offset is how far the calendar's clock is ahead of UTC at an instant.
func Offset(at time.Time) time.Duration {
	_, seconds := at.In(zone()).Zone()
	return time.Duration(seconds) * time.Second
}

// hourOf is the hour of the day, 0 to 23.
func hourOf(at time.Time) int { return at.In(zone()).Hour() }
