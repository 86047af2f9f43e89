package office

import (
	"context"
	"testing"

	"kapu/vault"
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

// A machine whose state was damaged, or that left with everything and comes back, has the office's clients already:
// they must not become new ones for everybody.
func TestAMachineThatReturnsBringsNothingTwice(t *testing.T) {
	for name, lose := range map[string]func(k *kapu){
		"a damaged state": func(k *kapu) { k.home.files[stateFile] = []byte("scribble") },
		"left with everything": func(k *kapu) {
			if err := k.Leave(context.Background(), true); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			w := newWorld(t)
			a := w.founder("Anna")
			a.add("Alma Kft.", "A")
			a.sync()
			b := w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
			lose(b)
			b.add("Új Bt.", "")
			a.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.Folder = "B" })
			text, err := a.Invite(ctx, NewMember{Member: a.member(), Auto: true})
			if err != nil {
				t.Fatal(err)
			}
			back := w.begun(b.home, b.id)
			if err := back.join(ctx, text, "b@anna", w.open); err != nil {
				t.Fatal(err)
			}
			for range 3 { // it is let in before anything is sealed for it
				a.sync()
				back.sync()
			}
			a.sync()
			back.want("/Új Bt. B/Alma Kft.")
			a.want("/Új Bt. B/Alma Kft.")
		})
	}
}
