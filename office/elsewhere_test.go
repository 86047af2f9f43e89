package office

import (
	"context"
	"errors"
	"testing"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/vault"
)

// copyOf is a store with everything that is in another.
func copyOf(t *testing.T, from store.Store) *storetest.Mem {
	t.Helper()
	to := &storetest.Mem{}
	for name, err := range from.List(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		body, err := from.Get(t.Context(), name)
		if err == nil {
			err = to.Put(t.Context(), name, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// An office goes on in a copy of its store, with what has happened since the copy was made.
func TestTheStoreMoves(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
	places := map[string]store.Store{"mem": w.mem, "new": copyOf(t, w.mem)}
	open := func(address string) (store.Store, error) { return places[address], nil }

	a.add("Béta Bt.", "B")
	a.sync() // after the copy
	b.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.TaxNumber = "12345678-1-42" })
	b.sync()
	for _, k := range []*kapu{a, b} {
		if err := k.MoveTo(ctx, "new", open); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		a.sync()
		b.sync()
	}
	places["mem"] = nil // whoever asks it falls
	a.add("Gamma Zrt.", "")
	a.sync()
	b.sync()
	for _, k := range []*kapu{a, b} {
		k.want("/Gamma Zrt. A/Alma Kft. B/Béta Bt.")
		if c := k.home.tx.Clients[0]; c.TaxNumber != "12345678-1-42" {
			t.Errorf("the change of another machine is lost: %+v", c)
		}
	}
	fresh := w.device()
	text, err := a.Invite(ctx, NewMember{Member: a.member(), Auto: true})
	if err == nil {
		err = fresh.join(ctx, text, "c@anna", open)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.sync() // lets it in
	a.sync() // and seals for it
	fresh.sync()
	fresh.want("/Gamma Zrt. A/Alma Kft. B/Béta Bt.")
}

// Where the office is not, or is as it once was, nobody is led by mistake.
func TestTheStoreDoesNotMoveJustAnywhere(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a := w.founder("Anna")
	a.sync()
	old := copyOf(t, w.mem)
	w.joins(a, NewMember{Name: "Béla", Role: Staff})
	other := newWorld(t)
	other.founder("Cili").sync()
	for name, to := range map[string]store.Store{"an empty one": &storetest.Mem{}, "another office's": other.mem, "an older copy": old} {
		err := a.MoveTo(ctx, "there", func(string) (store.Store, error) { return to, nil })
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.MoveTo(ctx, "there", func(string) (store.Store, error) { return nil, store.ErrNotExist }); err == nil {
		t.Error("what cannot be opened")
	}
	if v, _ := a.View(); v.Store != "mem" {
		t.Errorf("the store is %q", v.Store)
	}
	a.add("Alma Kft.", "")
	a.sync()
}

// Another session of the same person goes along, whatever it does first.
func TestAnotherSessionGoesAlongWithTheStore(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a := w.founder("Anna")
	a.sync()
	places := map[string]store.Store{"mem": w.mem, "new": copyOf(t, w.mem)}
	open := func(address string) (store.Store, error) { return places[address], nil }
	session, err := Open(a.home, a.id, open)
	if err != nil {
		t.Fatal(err)
	}
	session.now = w.clock.read
	if _, err := session.Sync(ctx, true); err != nil {
		t.Fatal(err)
	}
	if err := a.MoveTo(ctx, "new", open); err != nil {
		t.Fatal(err)
	}
	places["mem"] = nil
	if _, err := session.Invite(ctx, NewMember{Name: "Béla", Role: Staff}); err != nil {
		t.Fatal(err)
	}
	if _, err := places["new"].Get(ctx, rosterName(1)); err != nil {
		t.Errorf("the invitation went elsewhere: %v", err)
	}
}
