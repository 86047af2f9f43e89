package keeper

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"kapu/agent"
	"kapu/vault"
)

// What runs out within 30 days, and what has run out, the most urgent first; a password once for all who share it.
func TestDeadlines(t *testing.T) {
	now := time.Date(2026, 3, 15, 23, 59, 0, 0, time.FixedZone("", 3600)) // the 15th here, and of what follows summer time is part
	client := func(id, account, mandate, password string) indexedClient {
		return indexedClient{Client: agent.Client{ID: id, Account: account, MandateUntil: mandate, PasswordUntil: password}}
	}
	rows := []indexedClient{
		client("none", "1", "", ""), client("endless", "1", vault.Indefinite, ""), client("today", "2", "2026-03-15", ""), client("far", "3", "2026-04-15", "2026-04-15"),
		client("last", "4", "2026-04-14", ""), client("over", "5", "2026-03-14", ""), client("long", "6", "2024-03-15", ""),
		client("one", "7", "", "2026-03-20"), client("two", "7", "2026-03-16", "2026-03-20"), client("three", "7", "", "2026-03-20"),
	}
	var got []string
	for _, d := range deadlines(rows, agent.SoonDays, now) {
		got = append(got, fmt.Sprint(d.Client.ID, " ", d.Kind, " ", d.Left, " ", d.Others))
	}
	want := []string{
		"long mandate -730 0", "over mandate -1 0", "today mandate 0 0", "two mandate 1 0", "one password 5 2", "last mandate 30 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if n := len(deadlines(rows, 31, now)); n != len(want)+2 {
		t.Errorf("within a day more there are %d", n)
	}
}

// Days begin at midnight by the clock on the wall, also those with 23 and 25 hours.
func TestMidnight(t *testing.T) {
	budapest, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		t.Skip("no time zones here")
	}
	for day, hours := range map[string]float64{"2026-03-28": 24, "2026-03-29": 23, "2026-10-25": 25, "2026-12-31": 24} {
		begin, err := time.ParseInLocation(time.DateOnly, day, budapest)
		if err != nil {
			t.Fatal(err)
		}
		end := midnight(begin)
		if got := end.Sub(begin).Hours(); got != hours {
			t.Errorf("%s has %v hours, want %v", day, got, hours)
		}
		if again := midnight(end.Add(-time.Second)); !again.Equal(end) {
			t.Errorf("the day ends at %v, and a second before that at %v", end, again)
		}
		if next := midnight(end); !next.After(end) {
			t.Errorf("the day after %s ends at once", day)
		}
	}
}

// At each midnight the faces hear of the new day, and in between of nothing.
func TestNewDay(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := testKeeper(t, dir)
		news := k.events.listen()
		defer k.events.leave(news)
		ctx, stop := context.WithCancel(t.Context())
		k.watchDays(ctx)
		for range 3 {
			want := midnight(time.Now())
			if e := <-news; e.Type != agent.Changed || !time.Now().Equal(want) {
				t.Errorf("%v at %v, want it at %v", e.Type, time.Now(), want)
			}
		}
		stop()
	})
}
