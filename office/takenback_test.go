package office

import (
	"testing"

	"kapu/vault"
)

// What a person changes, and takes back while a sync has made an edit of it and has not brought the vault up to date
// yet, is taken back; for the others too.
func TestTakenBackDuringASync(t *testing.T) {
	for name, change := range map[string]func(*kapu){
		"removed": func(k *kapu) { k.remove("Alfa") },
		"added":   func(k *kapu) { k.add("Gamma", "") },
		"renamed": func(k *kapu) { k.change("Alfa", func(_ *vault.Account, c *vault.Client) { c.Name = "Beta" }) },
		"filed":   func(k *kapu) { k.change("Alfa", func(_ *vault.Account, c *vault.Client) { c.Folder = "Kft-k" }) },
		"noted":   func(k *kapu) { k.change("Alfa", func(a *vault.Account, _ *vault.Client) { a.Note = "új" }) },
		"dated": func(k *kapu) {
			k.change("Alfa", func(a *vault.Account, _ *vault.Client) { a.PasswordUntil = "2027-01-15" })
		},
		"joined": func(k *kapu) {
			account := k.home.tx.Accounts[0].ID
			_, _ = k.home.Update(k.t.Context(), func(tx *vault.Tx) error {
				_, err := tx.PutClient(vault.Client{Account: account, Name: "Gamma"})
				return err
			})
		},
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
			taken := false
			anna.store = &meanwhile{Store: w.store, list: func() {
				before.Generation = anna.home.tx.Generation + 1
				anna.home.tx, taken = before, true
			}}
			anna.relist = true
			anna.sync()
			if !taken {
				t.Fatal("nothing was taken back")
			}
			anna.sync()
			béla.sync()
			for _, k := range []*kapu{anna, béla} {
				k.want("/Alfa")
				if a := k.home.tx.Accounts[0]; a.Note != "jegyzet" || a.PasswordUntil != "" || a.DeletionCode != "törlő-Alfa" {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}
