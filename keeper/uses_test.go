package keeper

import (
	"testing"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// An admin is told who of the office took a client's code last; others only what they did themselves, and that so.
func TestUsesOfColleagues(t *testing.T) {
	anna := founder(t)
	c := mustAdd(t, anna.Conn, "Alfa Kft.", "KR2WG4TFORSWC3AP")
	mustAdd(t, anna.Conn, "Béta Kft.", "KR2WG4TFORSWC3BP")
	anna.sync()
	béla := anna.joins("Béla")
	anna.grants("Béla", office.Use, agent.OfficeScopes{All: true}, agent.OfficeDays{})
	béla.sync()
	uses := func(p *person) agent.Uses {
		t.Helper()
		u, err := p.Uses(t.Context(), c.ID)
		if err != nil || u.Problem != nil {
			t.Fatalf("%+v, %v", u, err)
		}
		return u
	}
	if u := uses(anna); len(u.Uses) != 0 || u.OwnOnly {
		t.Errorf("%+v", u)
	}
	for _, p := range []*person{béla, anna} {
		for _, name := range []string{"Alfa Kft.", "Béta Kft."} {
			if _, err := p.Code(t.Context(), name, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.Uses(t.Context(), c.ID); err != nil { // which writes down what was done
			t.Fatal(err)
		}
		p.sync()
	}
	for range 2 { // the second time out of memory
		u := uses(anna)
		if len(u.Uses) != 2 || u.OwnOnly || u.Uses[0].Act != vault.Shown {
			t.Fatalf("%+v", u)
		}
		who := map[string]bool{u.Uses[0].By: true, u.Uses[1].By: true}
		if !who["Béla"] || who["Anna"] { // her own are told by her log, as user@machine
			t.Errorf("%+v", u)
		}
	}
	if u := uses(béla); len(u.Uses) != 1 || !u.OwnOnly {
		t.Errorf("%+v", u)
	}
}

// Of a vault without an office the log tells it, the newest first and no more than a handful.
func TestUsesByTheLog(t *testing.T) {
	c, _, _ := running(t)
	client := mustAdd(t, c, "Alfa Kft.", "KR2WG4TFORSWC3AP")
	mustAdd(t, c, "Béta Kft.", "KR2WG4TFORSWC3BP")
	for range shownUses + 1 {
		if _, err := c.Code(t.Context(), "alfa", false); err != nil {
			t.Fatal(err)
		}
	}
	u, err := c.Uses(t.Context(), client.ID)
	if err != nil || len(u.Uses) != shownUses || u.OwnOnly || u.Uses[0].By == "" {
		t.Errorf("%+v, %v", u, err)
	}
}

// A single edit can be taken back, and says what it was.
func TestAnEditCanBeUndone(t *testing.T) {
	c, _, _ := running(t)
	client := mustAdd(t, c, "Kis Kft.", "KR2WG4TFORSWC3AP")
	folder, star := "Kft-k", true
	if _, err := c.Edit(t.Context(), agent.Edit{ID: client.ID, Folder: &folder}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Edit(t.Context(), agent.Edit{ID: client.ID, Favourite: &star}); err != nil {
		t.Fatal(err)
	}
	undos, err := c.Undos(t.Context())
	if err != nil || len(undos) != 1 || undos[0].Name != "Kis Kft." {
		t.Fatalf("%+v, %v", undos, err)
	}
}
