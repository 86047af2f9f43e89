package agent

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Deadline is a mandate or a portal password that runs out soon, or has.
type Deadline struct {
	Client Client       `json:"client"`
	Others int          `json:"others"` // clients of the same account, which share its password
	Kind   DeadlineKind `json:"kind"`
	Day    string       `json:"day"`  // the last one
	Left   int          `json:"left"` // days until then; less than 0 when it is over
}

// DeadlineKind is what runs out.
type DeadlineKind string

// The kinds of deadlines.
const (
	Mandate  DeadlineKind = "mandate"
	Password DeadlineKind = "password"
)

// SoonDays is how long before its last day a deadline is a matter for the person.
const SoonDays = 30

// deadlines finds what runs out soon, the most urgent first; of the same day in the order of the rows.
func deadlines(rows []row, now time.Time) []Deadline {
	found := []Deadline{}
	accounts := map[string]int{} // → where its password is in found
	last := now.AddDate(0, 0, SoonDays).Format(time.DateOnly)
	for i := range rows {
		c := rows[i].Client
		if c.MandateUntil != "" && c.MandateUntil <= last {
			found = append(found, Deadline{Client: c, Kind: Mandate, Day: c.MandateUntil, Left: daysLeft(c.MandateUntil, now)})
		}
		if c.PasswordUntil == "" || c.PasswordUntil > last {
			continue
		}
		if at, ok := accounts[c.Account]; ok {
			found[at].Others++
			continue
		}
		accounts[c.Account] = len(found)
		found = append(found, Deadline{Client: c, Kind: Password, Day: c.PasswordUntil, Left: daysLeft(c.PasswordUntil, now)})
	}
	slices.SortStableFunc(found, func(a, b Deadline) int { return strings.Compare(a.Day, b.Day) })
	return found
}

// daysLeft counts days of the calendar, some of which have 23 or 25 hours.
func daysLeft(day string, now time.Time) int {
	end, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0 // the vault holds no such thing
	}
	y, m, d := now.Date()
	return int(end.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours()) / 24
}

func (k *keeper) deadlines(context.Context, struct{}) ([]Deadline, error) {
	return deadlines(k.visible().rows, time.Now()), nil
}

// watchDays tells the faces of each new day: what runs out is another matter then. A machine that slept meanwhile hears
// of it later; whatever else happens brings the faces up to date too.
func (k *keeper) watchDays(ctx context.Context) {
	next := func() time.Duration { return time.Until(midnight(time.Now())) }
	timer := time.NewTimer(next())
	go func() {
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
				k.events.send(Event{Type: Changed})
				timer.Reset(next())
			case <-ctx.Done():
				return
			}
		}
	}()
}

// midnight is when the next day begins.
func midnight(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
}
