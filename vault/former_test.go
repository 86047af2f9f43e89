package vault

import (
	"fmt"
	"slices"
	"testing"
)

// What a client was called and which key its account had is kept: the newest few, each once, and as long as they are
// there.
func TestFormers(t *testing.T) {
	v, _, _ := newVault(t)
	var account Account
	var client Client
	change := func(f func(tx *Tx) error) {
		t.Helper()
		_, err := v.Update(t.Context(), f)
		check(t, err)
	}
	change(func(tx *Tx) (err error) {
		key, err := ParseKey("JBSWY3DPEHPK3PXP")
		check(t, err)
		account, err = tx.PutAccount(Account{Key: key})
		check(t, err)
		client, err = tx.PutClient(Client{Account: account.ID, Name: "Első Kft."})
		return err
	})
	rename := func(names ...string) {
		t.Helper()
		for _, name := range names {
			client.Name = name
			change(func(tx *Tx) error { _, err := tx.PutClient(client); return err })
		}
	}
	names := func() (names []string) {
		for _, f := range v.Contents().Formers {
			if f.ID == client.ID {
				names = append(names, f.Name)
			}
		}
		return names
	}
	rename("ELSŐ KFT.", "Második Kft.", "Harmadik Kft.", "Második Kft.")
	if want := []string{"ELSŐ KFT.", "Harmadik Kft."}; !slices.Equal(names(), want) {
		t.Errorf("was called %q, want %q", names(), want)
	}
	for i := range 2 * keepFormers {
		rename(fmt.Sprint("Név ", i))
	}
	if got := names(); len(got) != keepFormers || got[keepFormers-1] != fmt.Sprint("Név ", 2*keepFormers-2) {
		t.Errorf("was called %q", got)
	}

	old := account.Key.Secret
	account.Key.Secret = "GEZDGNBVGY3TQOJQ"
	change(func(tx *Tx) error { _, err := tx.PutAccount(account); return err })
	if got := v.Contents().FormerKeys(account.ID); len(got) != 1 || got[0].Key.Secret != old || got[0].Until.IsZero() {
		t.Errorf("had the keys %+v", got)
	}
	// Whose key was taken away keeps none.
	account.Key = Key{Kind: Book, Algorithm: "SHA1", Digits: 6, Period: 30}
	change(func(tx *Tx) error { _, err := tx.PutAccount(account); return err })
	if got := v.Contents().FormerKeys(account.ID); len(got) != 0 {
		t.Errorf("who has codes only still has the keys %+v", got)
	}
	change(func(tx *Tx) error { tx.RemoveClients(client.ID); return nil })
	if got := v.Contents().Formers; len(got) != 0 {
		t.Errorf("of a client that is gone there is %+v", got)
	}
}
