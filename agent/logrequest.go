package agent

import "time"

// LogOf asks for what was done to the clients with a name from one day ("2026-12-31") to another, both as a whole and
// in the office's calendar; "" is any.
func LogOf(name, from, until string) (LogRequest, error) {
	start, end, err := OfficeDays{from, until}.Span()
	return LogRequest{Query: name, From: start, Until: end}, err
}

// Covers says whether a time is one that is asked for.
func (r *LogRequest) Covers(at time.Time) bool {
	return !at.Before(r.From) && (r.Until.IsZero() || at.Before(r.Until))
}
