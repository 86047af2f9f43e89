package office

import (
	"context"
	"testing"
	"time"
)

// Who stands in for a week in July and one in August has two grants; a new word about the same days takes the old one's
// place.
func TestGrantsOfDifferentDaysStand(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	day := func(n int) time.Time { return w.clock.now.Truncate(24*time.Hour).AddDate(0, 0, n) }
	for _, step := range []struct {
		from, until time.Time
		right       Right
		left        int
	}{
		{day(10), day(17), Codes, 1},
		{day(40), day(47), Codes, 2},
		{day(12), day(20), Codes, 2},        // instead of the first
		{time.Time{}, time.Time{}, Use, 3},  // another kind
		{time.Time{}, time.Time{}, Edit, 3}, // instead of it
		{day(17), day(41), Codes, 2},        // instead of both
	} {
		if err := a.Grant(ctx, Grant{Member: b.member(), Right: step.right, Folder: "A", From: step.from, Until: step.until}); err != nil {
			t.Fatal(err)
		}
		if n := len(a.state.Roster.Grants); n != step.left {
			t.Errorf("after %v: %d grants, want %d", step, n, step.left)
		}
	}
}
