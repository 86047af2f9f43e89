package keeper

import (
	"os"
	"testing"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// The owner of the file server shows a machine an old vault, and it saves that until its generation is that of the
// newest or higher. What the forked vault lacks is removed for nobody, what it has from before does not count, and
// what only it has is the person's own.
func TestForkedVaultInAnOffice(t *testing.T) {
	for _, saves := range []int{2, 5} { // as many as the vault that is replaced has since, and more
		anna := founder(t)
		alfa := mustAdd(t, anna.Conn, "Alfa Kft.", "KR2WG4TFORSWC3AP")
		anna.sync()
		béla := anna.joins("Béla")
		anna.grants("Béla", office.Use, agent.OfficeScopes{All: true}, agent.OfficeDays{})
		béla.sync()
		old, err := os.ReadFile(anna.k.vault.Path())
		if err != nil {
			t.Fatal(err)
		}
		mustAdd(t, anna.Conn, "Gamma Kft.", "KR2WG4TFORSWC3BP")
		folder := "Kft-k"
		if _, err := anna.EditMany(t.Context(), agent.EditMany{IDs: []string{alfa.ID}, Folder: &folder}); err != nil {
			t.Fatal(err)
		}
		anna.sync()
		béla.sync()
		newest := anna.k.vault.Contents().Generation
		if err := os.WriteFile(anna.k.vault.Path(), old, 0o600); err != nil {
			t.Fatal(err)
		}
		elsewhere, err := vault.Open(anna.k.vault.Dir(), anna.k.vault.Identity())
		if err != nil {
			t.Fatal(err)
		}
		for range saves {
			if _, err := elsewhere.Update(t.Context(), func(tx *vault.Tx) error {
				c, _ := tx.Client(alfa.ID)
				c.Favourite = !c.Favourite
				if _, err := tx.PutClient(c); err != nil {
					return err
				}
				a, _ := tx.Account(c.Account)
				if a.ID, a.Key.Secret = "", "NBSWY3DPEB3W64TM"; len(tx.Clients) > 1 {
					return nil
				}
				a, err := tx.PutAccount(a)
				if err == nil {
					_, err = tx.PutClient(vault.Client{Account: a.ID, Name: "Sajátom"})
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if g := elsewhere.Contents().Generation; g < newest || saves == 2 && g != newest {
			t.Fatalf("generation %d after %d", g, newest)
		}
		anna.sync()
		mustAdd(t, anna.Conn, "Delta Kft.", "KR2WG4TFORSWC3DP") // the vault is listened to again
		anna.sync()
		béla.sync()
		if found, err := béla.Find(t.Context(), "sajátom"); err == nil {
			t.Errorf("%d saves: Béla has %+v", saves, found)
		}
		for name, p := range map[string]*person{"Anna": anna, "Béla": béla} {
			if found, err := p.Find(t.Context(), "alfa"); err != nil || found.Folder != folder {
				t.Errorf("%d saves: %s has %+v, %v", saves, name, found, err)
			}
			if _, err := p.Find(t.Context(), "gamma"); err != nil {
				t.Errorf("%d saves: what the fork lacks was removed: %s: %v", saves, name, err)
			}
		}
	}
}

// A client that was added in a forked vault before its person went into somebody's office does not become that office's
// by being taken over, but stays the person's own until they share it.
func TestUnitedStaysOwn(t *testing.T) {
	stranger := founder(t)
	anna := newPerson(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	old, err := os.ReadFile(anna.k.vault.Path())
	if err != nil {
		t.Fatal(err)
	}
	forked, err := vault.Open(anna.k.vault.Dir(), anna.k.vault.Identity())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"NBSWY3DPEB3W64TM", "KR2WG4TFORSWC3CP"} { // the first is in the backup of before the second
		if _, err := forked.Update(t.Context(), func(tx *vault.Tx) error {
			k, err := vault.ParseKey(secret)
			if err != nil {
				return err
			}
			a, err := tx.PutAccount(vault.Account{Key: k})
			if err == nil {
				_, err = tx.PutClient(vault.Client{Account: a.ID, Name: "Titkos " + secret[:3]})
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	fork := forked.Backups()[0].Name
	if err := os.WriteFile(anna.k.vault.Path(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	i, err := stranger.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili", Role: office.Admin, Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err != nil {
		t.Fatal(err)
	}
	both := func() {
		for range 2 {
			stranger.sync()
			anna.sync()
		}
		stranger.sync()
	}
	both()
	done, err := anna.Unite(t.Context(), agent.Unite{Name: fork})
	if err != nil || len(done.Differences) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	both()
	if got := stranger.names(); got != "" {
		t.Errorf("the stranger has %s", got)
	}
	found, err := anna.Find(t.Context(), "titkos")
	if err != nil {
		t.Fatal(err)
	}
	if err := anna.OfficeShare(t.Context(), found.ID); err != nil {
		t.Fatal(err)
	}
	both()
	if got := stranger.names(); got != "Titkos NBS:full " {
		t.Errorf("shared, the stranger has %q", got)
	}
}
