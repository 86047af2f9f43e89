package keeper

import (
	"context"
	"kapu/agent"
	"slices"
	"strings"
	"time"
)

// deadlines finds what runs out soon, the most urgent first; of the same day in the order of the rows.
func deadlines(rows []row, now time.Time) []agent.Deadline {
	found := []agent.Deadline{}
	accounts := map[string]int{} // → where its password is in found
	last := now.AddDate(0, 0, agent.SoonDays).Format(time.DateOnly)
	for i := range rows {
		c := rows[i].Client
		if c.MandateUntil != "" && c.MandateUntil <= last {
			found = append(found, agent.Deadline{Client: c, Kind: agent.MandateEnds, Day: c.MandateUntil, Left: daysLeft(c.MandateUntil, now)})
		}
		if c.PasswordUntil == "" || c.PasswordUntil > last {
			continue
		}
		if at, ok := accounts[c.Account]; ok {
			found[at].Others++
			continue
		}
		accounts[c.Account] = len(found)
		found = append(found, agent.Deadline{Client: c, Kind: agent.PasswordEnds, Day: c.PasswordUntil, Left: daysLeft(c.PasswordUntil, now)})
	}
	slices.SortStableFunc(found, func(a, b agent.Deadline) int { return strings.Compare(a.Day, b.Day) })
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

func (k *keeper) deadlines(context.Context, agent.None) ([]agent.Deadline, error) {
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
				k.events.send(agent.Event{Type: agent.Changed})
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
