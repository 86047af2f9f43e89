package office

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Who leaves takes nothing along but what was theirs, though no admin has taken them out of the roster yet.
func TestLeaveTakesTheOfficesClientsAway(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "Kft-k")
	a.addKey("Banán Bt.", "Bt-k", "MFRGGZDFMZTWQ2LK")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	b.addKey("Saját Zrt.", "", "GEZDGNBVGY3TQOJQ")
	v, _ := a.View()
	member := v.Roster.Members[1].ID
	err := a.Grant(context.Background(),
		Grant{Member: member, Right: Edit, Folder: "Kft-k"},
		Grant{Member: member, Right: Codes, Folder: "Bt-k", Until: w.clock.now.Add(48 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	if n := len(b.home.tx.Clients); n != 3 {
		t.Fatalf("%d clients before: %s", n, b.shows())
	}
	if err := b.Leave(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	if n := len(b.home.tx.Clients); n != 1 || b.home.tx.Clients[0].Name != "Saját Zrt." {
		t.Errorf("left with %s", b.shows())
	}
	if len(b.home.files) != 0 {
		t.Errorf("files stay: %d", len(b.home.files))
	}
	if _, err := Open(b.home, b.id, w.open); !errors.Is(err, ErrNone) {
		t.Errorf("after: %v", err)
	}
}
