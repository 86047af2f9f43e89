package office

import (
	"context"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/vault"
)

// substitution is an office in which Béla has just been given the codes of Anna's only client.
func substitution(t *testing.T) (w *world, a, b *kapu) {
	t.Helper()
	w = newWorld(t)
	a = w.founder("Anna")
	a.addKey("Alma Kft.", "A", keyText(1))
	a.sync()
	b = w.joins(a, NewMember{Name: "Béla", Role: Staff})
	now := w.clock.now
	if err := a.Grant(context.Background(), Grant{Member: b.member(), Right: Codes, Folder: "A", From: now, Until: now.Add(26 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	return w, a, b
}

// A key that was changed and changed back has the book that it had before, and no longer the one in between.
func TestSubstituteFollowsAKeyBackAndForth(t *testing.T) {
	w, a, b := substitution(t)
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
	w, a, b := substitution(t)
	b.sync()
	a.store = cut{a.store}
	func() {
		defer func() { _ = recover() }()
		_, _ = a.Sync(context.Background(), true)
		t.Error("no book was made")
	}()
	again := w.begun(a.home, a.id)
	again.sync()
	b.sync()
	b.want("A/Alma Kft.*")
}
