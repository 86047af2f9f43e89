package office

import (
	"context"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/vault"
)

// A key that was changed and changed back has the book that it had before, and no longer the one in between.
func TestSubstituteFollowsAKeyBackAndForth(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.addKey("Alma Kft.", "A", keyText(1))
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	now := w.clock.now
	if err := a.Grant(context.Background(), Grant{Member: b.member(), Right: Codes, Folder: "A", From: now, Until: now.Add(26 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, 1, 2} {
		a.change("Alma Kft.", func(account *vault.Account, _ *vault.Client) { account.Key.Secret = keyText(n) })
		a.sync()
		b.sync()
		at := w.clock.now
		got, err := b.Code(b.home.tx.Accounts[0].ID, at)
		want, _ := a.home.tx.Accounts[0].Key.Code(at)
		if err != nil || got != want {
			t.Errorf("with key %d: %+v, %v; want %+v", n, got, err, want)
		}
	}
}

// cut is a store that loses this device right after it has put a book there.
type cut struct{ store.Store }

func (c cut) Put(ctx context.Context, name string, body []byte) error {
	err := c.Store.Put(ctx, name, body)
	if strings.HasPrefix(name, prefixBooks) && err == nil {
		panic("cut off")
	}
	return err
}

// A book that was put there by a device that was cut off before it could say so is found with the next sync.
func TestABookIsAnnouncedAfterACut(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.addKey("Alma Kft.", "A", keyText(1))
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	b.sync()
	now := w.clock.now
	if err := a.Grant(context.Background(), Grant{Member: b.member(), Right: Codes, Folder: "A", From: now, Until: now.Add(26 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	b.sync()
	a.store = cut{a.store}
	func() {
		defer func() { _ = recover() }()
		_, _ = a.Sync(context.Background())
		t.Error("no book was made")
	}()
	again := &kapu{newOffice(a.home, a.id), t, a.home, a.id, w.store}
	again.now, again.store = w.clock.read, w.store
	again.sync()
	b.sync()
	b.want("A/Alma Kft.*")
}
