package agent

import (
	"time"

	"kapu/lang"
)

// LogOf asks for what was done to the clients with a name from one day ("2026-12-31") to another, both as a whole;
// "" is any.
func LogOf(name, from, until string) (LogRequest, error) {
	r := LogRequest{Query: name}
	for _, d := range []struct {
		text string
		at   *time.Time
		add  int
	}{{from, &r.From, 0}, {until, &r.Until, 1}} {
		if d.text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, d.text, time.Local)
		if err != nil {
			return r, lang.E("date-wrong", "Value", d.text)
		}
		*d.at = day.AddDate(0, 0, d.add)
	}
	return r, nil
}

// Covers says whether a time is one that is asked for.
func (r *LogRequest) Covers(at time.Time) bool {
	return !at.Before(r.From) && (r.Until.IsZero() || at.Before(r.Until))
}
