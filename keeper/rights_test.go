package keeper

import (
	"errors"
	"testing"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// What each right lets a person do with a client of the office, and what stays theirs without any.
func TestOfficeRights(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	alfa, _ := anna.Find(t.Context(), "alfa")
	béla := anna.joins("Béla")
	mustAdd(t, béla.Conn, "Saját Zrt.", "GEZDGNBVGY3TQOJQ")
	béla.sync()

	name, note, folder, day, newKey, yes := "Omega Kft.", "jegyzet", "Bt-k", "2030-01-31", "KRSXG5CTMVRXEZLU", true
	sealed := func(err error) bool { return errors.Is(err, agent.ErrRight) }
	deeds := []struct {
		what  string
		least office.Right
		do    func(id string) error
	}{
		{"code", office.Codes, func(id string) error { _, err := béla.Code(t.Context(), id, false); return err }},
		{"favourite", office.Codes, func(id string) error {
			_, err := béla.Edit(t.Context(), agent.Edit{ID: id, Favourite: &yes})
			return err
		}},
		{"details", office.Codes, func(id string) error { _, err := béla.Details(t.Context(), agent.Reveal{ID: id}); return err }},
		{"name", office.Edit, func(id string) error { _, err := béla.Edit(t.Context(), agent.Edit{ID: id, Name: &name}); return err }},
		{"user name", office.Edit, func(id string) error {
			_, err := béla.Edit(t.Context(), agent.Edit{ID: id, UserName: &name})
			return err
		}},
		{"new key", office.Edit, func(id string) error { _, err := béla.Edit(t.Context(), agent.Edit{ID: id, Key: &newKey}); return err }},
		{"folder of many", office.Edit, func(id string) error {
			_, err := béla.EditMany(t.Context(), agent.EditMany{IDs: []string{id}, Folder: &folder})
			return err
		}},
		{"password day of many", office.Edit, func(id string) error {
			_, err := béla.EditMany(t.Context(), agent.EditMany{IDs: []string{id}, PasswordUntil: &day})
			return err
		}},
		{"note", office.Full, func(id string) error { _, err := béla.Edit(t.Context(), agent.Edit{ID: id, Note: &note}); return err }},
		{"deletion code", office.Full, func(id string) error {
			_, err := béla.Edit(t.Context(), agent.Edit{ID: id, DeletionCode: &note})
			return err
		}},
		{"key shown", office.Full, func(id string) error {
			_, err := béla.Details(t.Context(), agent.Reveal{ID: id, Key: true})
			return err
		}},
		{"QR code", office.Full, func(id string) error {
			_, err := béla.Details(t.Context(), agent.Reveal{ID: id, URI: true})
			return err
		}},
		{"export", office.Full, func(id string) error {
			_, err := béla.Export(t.Context(), agent.Export{Format: "otpauth", Query: id})
			return err
		}},
		{"removal and undo", office.Edit, func(id string) error {
			done, err := béla.Remove(t.Context(), id)
			if err == nil {
				_, err = béla.Undo(t.Context(), done.Undo)
			}
			return err
		}},
	}
	for _, right := range []office.Right{office.Codes, office.Use, office.Edit} {
		days := agent.OfficeDays{}
		if right == office.Codes {
			days = untilTomorrow()
		}
		anna.grants("Béla", right, agent.OfficeScopes{Clients: []string{alfa.ID}}, days)
		béla.sync()
		clients, _ := béla.List(t.Context(), "", "")
		for _, c := range clients {
			own := c.Right == ""
			if !own && c.Right != right {
				t.Fatalf("%q has the right %q, want %q", c.Name, c.Right, right)
			}
			for _, d := range deeds {
				err := d.do(c.ID)
				if may := own || right.Covers(d.least); may && err != nil || !may && !sealed(err) {
					t.Errorf("%s, %s of %q: %v", right, d.what, c.Name, err)
				}
			}
		}
	}
}

// What is the office's stays in it: not in an export, not in a backup of one of the staff.
func TestOfficeStaysInTheOffice(t *testing.T) {
	const passphrase = "piros alma fán lila"
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	béla := anna.joins("Béla")
	anna.grants("Béla", office.Edit, agent.OfficeScopes{}, agent.OfficeDays{})
	mustAdd(t, anna.Conn, "Béta Bt.", "MFRGGZDFMZTWQ2LK")
	béla.sync()
	for _, p := range []*person{anna, béla} {
		want := map[*person]int{anna: 2, béla: 0}[p]
		data, err := p.Archive(t.Context(), agent.MakeArchive{Passphrase: passphrase})
		if err != nil {
			t.Fatal(err)
		}
		a, err := vault.OpenArchive(data, passphrase)
		if err != nil || len(a.Clients) != want || len(a.Accounts) != want {
			t.Errorf("%d clients in the backup, want %d; %v", len(a.Clients), want, err)
		}
	}
}

// An older vault in place of the newer one takes nothing away from the others.
func TestOfficeAfterARestore(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	mustAdd(t, anna.Conn, "Béta Bt.", "MFRGGZDFMZTWQ2LK")
	anna.sync()
	béla := anna.joins("Béla")
	anna.grants("Béla", office.Use, agent.OfficeScopes{}, agent.OfficeDays{})
	béla.sync()
	backups, err := anna.Backups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range backups {
		if b.Clients == 1 {
			if _, err := anna.Restore(t.Context(), b.Name); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if clients, _ := anna.List(t.Context(), "", ""); len(clients) != 1 {
		t.Fatalf("the older vault has %d clients", len(clients))
	}
	anna.sync()
	béla.sync()
	for _, p := range []*person{anna, béla} {
		if clients, _ := p.List(t.Context(), "", ""); len(clients) != 2 {
			t.Errorf("%d clients afterwards", len(clients))
		}
	}
}
