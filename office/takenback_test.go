package office

import (
	"context"
	"iter"
	"slices"
	"testing"

	"kapu/office/store"
	"kapu/vault"
)

// meanwhile is a store during whose first listing a person does something.
type meanwhile struct {
	store.Store
	do func()
}

func (m *meanwhile) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Store.List(ctx, prefix, after)
}

// What a person changes, and takes back while a sync has made an edit of it and has not brought the vault up to date
// yet, is taken back; for the others too.
func TestTakenBackDuringASync(t *testing.T) {
	for name, change := range map[string]func(*kapu){
		"removed":   func(k *kapu) { k.remove("Alfa") },
		"added":     func(k *kapu) { k.add("Gamma", "") },
		"renamed":   func(k *kapu) { k.change("Alfa", func(_ *vault.Account, c *vault.Client) { c.Name = "Beta" }) },
		"filed":     func(k *kapu) { k.change("Alfa", func(_ *vault.Account, c *vault.Client) { c.Folder = "Kft-k" }) },
		"noted":     func(k *kapu) { k.change("Alfa", func(a *vault.Account, _ *vault.Client) { a.Note = "új" }) },
		"forgotten": func(k *kapu) { k.change("Alfa", func(a *vault.Account, _ *vault.Client) { a.DeletionCode = "" }) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			anna := w.founder("Anna")
			anna.add("Alfa", "")
			anna.sync()
			béla := w.enters(anna, NewMember{Name: "Béla", Role: Admin})
			béla.sync()

			before := anna.home.tx
			change(anna)
			anna.Office.store = &meanwhile{w.store, func() {
				changed := anna.home.tx
				if _, err := anna.home.Update(context.Background(), func(tx *vault.Tx) error { return restore(tx, before) }); err != nil {
					t.Fatal(err)
				}
				if anna.home.tx.Generation == changed.Generation {
					t.Fatal("nothing was taken back")
				}
			}}
			anna.relist = true
			anna.sync()
			anna.sync()
			béla.sync()
			for _, k := range []*kapu{anna, béla} {
				k.want("/Alfa")
				if a := k.home.tx.Accounts[0]; a.Note != "jegyzet" || a.DeletionCode != "törlő-Alfa" {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}

// restore makes a vault hold what it held before.
func restore(tx, before *vault.Tx) error {
	for _, c := range slices.Clone(tx.Clients) {
		if _, ok := before.Client(c.ID); !ok {
			tx.RemoveClients(c.ID)
		}
	}
	for _, a := range before.Accounts {
		if _, err := tx.PutAccount(a); err != nil {
			return err
		}
	}
	for _, c := range before.Clients {
		if _, err := tx.PutClient(c); err != nil {
			return err
		}
	}
	return nil
}
