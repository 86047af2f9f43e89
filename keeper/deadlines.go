package keeper

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// deadlines finds what runs out within so many days, the most urgent first; of the same day in the order of the rows.
func deadlines(rows []indexedClient, within int, now time.Time) []agent.Deadline {
	found := []agent.Deadline{}
	accounts := map[string]int{} // → where its password is in found
	today := dayNumber(office.DayOf(now))
	for i := range rows {
		c := rows[i].Client
		endless := c.MandateUntil == "" || c.MandateUntil == vault.Indefinite
		if left := dayNumber(c.MandateUntil) - today; !endless && left <= within {
			found = append(found, agent.Deadline{Client: c, Kind: agent.MandateEnds, Day: c.MandateUntil, Left: left})
		}
		left := dayNumber(c.PasswordUntil) - today
		if c.PasswordUntil == "" || left > within {
			continue
		}
		if at, ok := accounts[c.Account]; ok {
			found[at].Others++
			continue
		}
		accounts[c.Account] = len(found)
		found = append(found, agent.Deadline{Client: c, Kind: agent.PasswordEnds, Day: c.PasswordUntil, Left: left})
	}
	slices.SortStableFunc(found, func(a, b agent.Deadline) int { return strings.Compare(a.Day, b.Day) })
	return found
}

// dayNumber counts days of the calendar, some of which have 23 or 25 hours.
func dayNumber(day string) int {
	d, _ := time.Parse(time.DateOnly, day) // the vault holds nothing else
	return int(d.Unix() / (24 * 60 * 60))
}

func (k *keeper) deadlines(_ context.Context, r agent.DeadlinesRequest) ([]agent.Deadline, error) {
	return deadlines(k.visible().search(r.Query), cmp.Or(r.Within, agent.SoonDays), time.Now()), nil
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

// midnight is when the next day of the office's calendar begins.
func midnight(now time.Time) time.Time {
	end, _ := office.DayEnd(office.DayOf(now)) // a day is one
	return end
}
