package office

import (
	"context"
	"testing"

	"kapu/vault"
)

// A counter-based key of somebody who may use it and not edit it goes on counting: a code never comes twice.
func TestCounterOfWhoMayOnlyUse(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "Kft-k")
	a.change("Alma Kft.", func(acc *vault.Account, _ *vault.Client) {
		acc.Key = vault.Key{Kind: vault.HOTP, Secret: "JBSWY3DPEHPK3PXP", Algorithm: "SHA1", Digits: 6, Counter: 5}
	})
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	v, _ := a.View()
	if err := a.Grant(context.Background(), Grant{Member: v.Roster.Members[1].ID, Right: Use}); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	counter := func(k *kapu) uint64 { return k.home.tx.Accounts[0].Key.Counter }
	if counter(b) != 5 {
		t.Fatalf("begins with %d", counter(b))
	}
	b.change("Alma Kft.", func(acc *vault.Account, _ *vault.Client) { acc.Key.Counter = 7 })
	b.sync()
	if counter(b) != 7 {
		t.Errorf("went back to %d", counter(b))
	}
	a.change("Alma Kft.", func(acc *vault.Account, _ *vault.Client) { acc.Key.Counter = 9 })
	a.sync()
	b.sync()
	if counter(b) != 9 {
		t.Errorf("does not follow the others: %d", counter(b))
	}
	a.change("Alma Kft.", func(acc *vault.Account, _ *vault.Client) { acc.Key.Secret, acc.Key.Counter = "GEZDGNBVGY3TQOJQ", 0 })
	a.sync()
	b.sync()
	if counter(b) != 0 {
		t.Errorf("a new key goes on from %d", counter(b))
	}
}
