package office

import (
	"context"
	"testing"
	"time"
)

// The book of a grant that ends within a minute stays until it does: its name has no seconds.
func TestBookOfTheLastMinute(t *testing.T) {
	w := newWorld(t)
	anna := w.founder("Anna")
	anna.add("Alma Kft.", "")
	anna.sync()
	béla := w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	ends := w.clock.now.Add(2 * time.Hour).Truncate(time.Minute).Add(40 * time.Second)
	if err := anna.Grant(context.Background(), Grant{Member: béla.member(), Right: Codes, Until: ends}); err != nil {
		t.Fatal(err)
	}
	books := func() (n int) {
		anna.relist = true
		anna.sync()
		for range w.mem.List(context.Background(), prefixBooks, "") {
			n++
		}
		return n
	}
	for _, tt := range []struct {
		before time.Duration
		want   int
	}{{time.Hour, 1}, {30 * time.Second, 1}, {29 * time.Second, 1}, {time.Second, 1}, {-time.Second, 0}} {
		w.clock.now = ends.Add(-tt.before)
		if n := books(); n != tt.want {
			t.Errorf("%v before the end there are %d books", tt.before, n)
		}
	}
}
