package agent

import "time"

// LogOf asks for what was done to the clients with a name from one day ("2026-12-31") to another, both as a whole and
// in the office's calendar; "" is any.
func LogOf(name, from, until string) (LogRequest, error) {
	start, end, err := OfficeDays{from, until}.Span()
	return LogRequest{Query: name, From: start, Until: end}, err
}

// CoversMonth says whether any day of a month ("2026-11") is one that is asked for.
func (r *LogRequest) CoversMonth(month string) bool {
	first, err := time.Parse("2006-01", month)
	return err != nil || first.AddDate(0, 1, 1).After(r.From) && (r.Until.IsZero() || first.AddDate(0, 0, -1).Before(r.Until))
}

// Covers says whether a time is one that is asked for.
func (r *LogRequest) Covers(at time.Time) bool {
	return !at.Before(r.From) && (r.Until.IsZero() || at.Before(r.Until))
}
