package keeper

import (
	"errors"
	"testing"

	"kapu/agent"
	"kapu/office"
)

// In an office who may edit both merges them, for everybody, and can take it back; who may not is refused.
func TestMergeInAnOffice(t *testing.T) {
	anna := founder(t)
	keep := mustAdd(t, anna.Conn, "Alfa Kft.", "KR2WG4TFORSWC3AP")
	other := mustAdd(t, anna.Conn, "Alfa Könyvelő Kft.", "KR2WG4TFORSWC3BP")
	anna.sync()
	béla := anna.joins("Béla")
	anna.grants("Béla", office.Use, agent.OfficeScopes{All: true}, agent.OfficeDays{})
	béla.sync()
	m := agent.Merge{Keep: keep.ID, Other: other.ID, DryRun: true}
	for _, m.DryRun = range []bool{true, false} {
		for _, m.OtherKey = range []bool{true, false} {
			if _, err := béla.Merge(t.Context(), m); !errors.Is(err, agent.ErrRight) {
				t.Errorf("%+v by who may use only: %v", m, err)
			}
		}
	}
	for _, m.OtherKey = range []bool{false, true} {
		done, err := anna.Merge(t.Context(), m)
		if err != nil || !done.ForAll || !done.KeyGone || done.Client.ID != keep.ID {
			t.Fatalf("%+v, %v", done, err)
		}
		anna.sync()
		béla.sync()
		if got := béla.names(); got != "Alfa Kft.:use " {
			t.Errorf("merged, Béla has %q", got)
		}
		found, err := béla.Find(t.Context(), "alfa")
		if err != nil || found.ID != keep.ID {
			t.Errorf("%+v, %v", found, err)
		}
		if got := anna.names(); got != "Alfa Kft.:full " {
			t.Errorf("merged, Anna has %q", got)
		}
		if undone, err := anna.Undo(t.Context(), done.Undo); err != nil || undone.Kept != 0 {
			t.Errorf("%+v, %v", undone, err)
		}
		anna.sync()
		béla.sync()
		if got := béla.names(); got != "Alfa Kft.:use Alfa Könyvelő Kft.:use " {
			t.Errorf("taken back, Béla has %q", got)
		}
	}
}
