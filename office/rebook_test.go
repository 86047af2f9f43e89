package office

import (
	"context"
	"testing"
	"time"

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
