package office

import (
	"context"
	"testing"

	"kapu/vault"
)

// A machine that comes back with a backup of its vault has what the office has, once, and changes nothing of it.
func TestRecoverWithABackup(t *testing.T) {
	w := newWorld(t)
	admin := w.founder("Anna")
	admin.addKey("Alfa", "Kft-k", keyText(1))
	admin.add("Béta", "Kft-k")
	admin.home.log = []vault.LogEntry{{At: w.clock.now, Act: vault.Copied, Name: "Alfa"}}
	admin.sync()
	second := w.joins(admin, NewMember{Name: "Béla", Role: Admin})
	backup := newMemHome()
	if _, err := backup.Update(context.Background(), func(tx *vault.Tx) error {
		for _, a := range admin.home.tx.Accounts {
			if _, err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		for _, c := range admin.home.tx.Clients {
			if _, err := tx.PutClient(c); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	second.change("Alfa", func(a *vault.Account, _ *vault.Client) { a.Key.Secret = keyText(2) })
	second.remove("Béta")
	second.add("Gamma", "")
	second.sync()
	admin.sync()

	back := w.begun(backup, admin.id)
	if err := back.recover(context.Background(), "mem", w.open); err != nil {
		t.Fatal(err)
	}
	backup.log = []vault.LogEntry{{At: w.clock.now, Act: vault.Copied, Name: "Alfa"}} // the log stays behind in a backup
	back.sync()
	back.add("Delta", "")
	for range 2 {
		back.sync()
		second.sync()
	}
	if back.shows() != second.shows() {
		t.Errorf("the machine that came back shows %s, the other %s", back.shows(), second.shows())
	}
	alive := 0
	for _, r := range back.state.Records {
		if r.edits.fields()[fieldGone] == "" {
			alive++
		}
	}
	if alive != 3 || len(back.state.Own) != 0 || len(backup.tx.Accounts) != 3 {
		t.Errorf("%d accounts of the office, %d own, %d in the vault; want 3, 0, 3", alive, len(back.state.Own), len(backup.tx.Accounts))
	}
	if lines, gaps, err := back.ReadJournal(context.Background()); err != nil || len(lines) != 2 || len(gaps) != 0 {
		t.Errorf("journal: %v, gaps %v, %v; want a line from before and one from after", lines, gaps, err)
	}
	for _, c := range backup.tx.Clients {
		if a, _ := backup.tx.Account(c.Account); c.Name == "Alfa" && a.Key.Secret != keyText(2) {
			t.Error("the key of the backup counts, not the newer one")
		}
	}
}
