package keeper

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/office"
)

// Before a client goes, it is said for whom: for colleagues with a right to it, and of one's own for nobody.
func TestForWhomAClientWouldBeGone(t *testing.T) {
	anna := founder(t)
	shared := mustAdd(t, anna.Conn, "Alfa Kft.", "KR2WG4TFORSWC3AP")
	unshared := mustAdd(t, anna.Conn, "Béta Kft.", "KR2WG4TFORSWC3BP")
	anna.sync()
	béla := anna.joins("Béla")
	anna.joins("Cili")
	anna.grants("Béla", office.Edit, agent.OfficeScopes{Clients: []string{shared.ID}}, agent.OfficeDays{})
	béla.sync()
	own := mustAdd(t, béla.Conn, "Gamma Kft.", "KR2WG4TFORSWC3CP")
	of := func(p *person, want agent.Removal, ids ...string) {
		t.Helper()
		got, err := p.PlanRemoval(t.Context(), ids...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	of(anna, agent.Removal{N: 2, Office: 2, Members: []string{"Béla"}}, shared.ID, unshared.ID)
	of(anna, agent.Removal{N: 1, Office: 1, Members: []string{}}, unshared.ID)
	of(béla, agent.Removal{N: 2, Office: 1, Members: []string{"Anna"}}, shared.ID, own.ID)
	of(béla, agent.Removal{N: 1, Members: []string{}}, own.ID)
	of(béla, agent.Removal{Members: []string{}}, "gone")

	// And it is gone, and comes back when that is taken back.
	done, err := béla.Remove(t.Context(), shared.ID)
	if err != nil || done.Name != "Alfa Kft." {
		t.Fatalf("%+v, %v", done, err)
	}
	béla.sync()
	anna.sync()
	if got := anna.names(); got != "Béta Kft.:full " {
		t.Errorf("Anna has %q", got)
	}
	if _, err := béla.Undo(t.Context(), done.Undo); err != nil {
		t.Fatal(err)
	}
	béla.sync()
	anna.sync()
	if got := anna.names(); got != "Alfa Kft.:full Béta Kft.:full " {
		t.Errorf("Anna has %q", got)
	}
}
