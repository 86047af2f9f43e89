package office

import (
	"context"
	"errors"
	"testing"
	"time"

	"kapu/seal"
)

// renew is what the vault does with the office's state when it gets another identity.
func (k *kapu) renew(w *world) *kapu {
	k.t.Helper()
	next := w.device()
	if err := k.PrepareRenewal(context.Background())(next.id.Public()); err != nil {
		k.t.Fatal(err)
	}
	body, err := seal.Open(stateContext, k.home.files[stateFile], k.id, k.id.Public())
	if err != nil {
		k.t.Fatal(err)
	}
	home := newMemHome()
	home.tx, home.log, home.writes = k.home.tx, k.home.log, k.home.writes
	if home.files[stateFile], err = seal.Seal(stateContext, body, next.id, next.id.Public()); err != nil {
		k.t.Fatal(err)
	}
	return w.begun(home, next.id)
}

// After a renewal the office goes on with the new key alone, what the old one could read is on the work list, and
// nothing of an admin's own is lost on the way.
func TestRenewedDevice(t *testing.T) {
	w := newWorld(t)
	anna := w.founder("Anna")
	anna.add("Alma Kft.", "Kft-k")
	anna.addKey("Banán Bt.", "", keyText(7))
	anna.sync()
	béla := w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	if err := anna.Grant(context.Background(), Grant{Member: béla.member(), Right: Edit, Folder: "Kft-k"}); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	béla.sync()
	béla.change("Alma Kft.", noteTax("11111111"))
	anna.change("Banán Bt.", noteTax("22222222")) // nothing of it is in the store yet
	renewed := anna.renew(w)
	for range 3 {
		renewed.sync()
		béla.sync()
	}
	r := renewed.state.Roster
	if len(r.Devices) != 2 || r.device(anna.state.Device) != nil || !r.isAdmin(renewed.state.Device) || renewed.state.Replaces != "" {
		t.Fatalf("the roster has %+v; replaced %q", r.Devices, renewed.state.Replaces)
	}
	if list := renewed.Worklist(); len(list) != 2 || list[0].Member != "Anna" {
		t.Errorf("work list: %+v", list)
	}
	if _, err := anna.Sync(context.Background(), true); !errors.Is(err, ErrExpelled) {
		t.Errorf("the old key goes on: %v", err)
	}
	if n := w.opens(anna); n != 0 {
		t.Errorf("the old key opens %d bundles", n)
	}
	if n := w.opens(renewed); n != 4 {
		t.Errorf("the new key opens %d bundles of two accounts", n)
	}
	for _, c := range renewed.home.tx.Clients {
		if want := map[string]string{"Alma Kft.": "11111111", "Banán Bt.": "22222222"}[c.Name]; c.TaxNumber != want {
			t.Errorf("%s has %q", c.Name, c.TaxNumber)
		}
	}
	if lines, gaps, err := renewed.ReadJournal(context.Background()); err != nil || len(gaps) != 0 {
		t.Errorf("journal: %v, gaps %v, %v", lines, gaps, err)
	}
}

// A renewal that was cut off before it counted leaves nothing in the roster.
func TestRenewalCutOff(t *testing.T) {
	w := newWorld(t)
	anna := w.founder("Anna")
	anna.add("Alma Kft.", "")
	anna.sync()
	anna.renew(w)
	anna.sync()
	if n := len(anna.state.Roster.Devices); n != 2 {
		t.Fatalf("%d devices", n)
	}
	w.clock.now = w.clock.now.Add(2 * time.Hour)
	anna.sync()
	if n := len(anna.state.Roster.Devices); n != 1 || anna.state.Successor != nil {
		t.Errorf("%d devices, successor %v", n, anna.state.Successor)
	}
	béla := w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	if err := béla.PrepareRenewal(context.Background())(w.device().id.Public()); !errors.Is(err, ErrNotAdmin) {
		t.Errorf("of the staff: %v", err)
	}
}
