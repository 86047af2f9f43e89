package office

import (
	"context"
	"testing"
)

// Whoever came too late with an invitation, or waited until it was no longer good, comes in with another one.
func TestJoinsWithAnotherInvitation(t *testing.T) {
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, spoil := range map[string]struct {
		before, after func(w *world, admin *kapu, text string)
	}{
		"somebody else was faster": {before: func(w *world, admin *kapu, text string) {
			must(w.device().join(ctx, text, "faster", w.open))
			admin.sync()
		}},
		"it was withdrawn": {after: func(_ *world, admin *kapu, _ string) {
			must(admin.Withdraw(ctx, admin.state.Roster.Invites[0].ID))
		}},
		"it ran out": {after: func(w *world, _ *kapu, _ string) { w.clock.now = w.clock.now.AddDate(0, 0, inviteDays+1) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			admin, late := w.founder("Anna"), w.device()
			text, err := admin.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
			must(err)
			if spoil.before != nil {
				spoil.before(w, admin, text)
			}
			must(late.join(ctx, text, "late", w.open))
			admin.sync()
			if spoil.after != nil {
				spoil.after(w, admin, text)
			}
			must(late.Leave(ctx, false))

			text, err = admin.Invite(ctx, NewMember{Name: "Cili", Role: Staff})
			must(err)
			must(late.join(ctx, text, "late", w.open))
			admin.sync()
			theirs, err := late.View()
			must(err)
			for _, r := range admin.state.Requests {
				if r.Words == theirs.Words {
					must(admin.Approve(ctx, r.Device))
				}
			}
			late.sync()
			if v, err := late.View(); err != nil || v.Joining {
				t.Errorf("still waits: %+v, %v", v, err)
			}
		})
	}
}
