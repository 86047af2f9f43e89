package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/lang"
	"kapu/seal"
)

// decree puts a roster into the store that this device has signed, whether it may or not.
func (k *kapu) decree(number int, change func(*Roster)) {
	k.t.Helper()
	next := k.state.Roster.clone()
	next.Office, next.Number, next.Before, next.At = k.state.Office, number, k.state.Hash, wireTime(k.now())
	if change != nil {
		change(next)
	}
	body, err := next.encode()
	if err != nil {
		k.t.Fatal(err)
	}
	sealed, err := seal.Seal(rosterContext(k.state.Office, number), body, k.id, next.readersOfRoster()...)
	if err != nil {
		k.t.Fatal(err)
	}
	k.st.(interface{ Replace(string, []byte) }).Replace(rosterName(number), sealed)
}

// says checks that an error is of a kind and holds one sentence for a person.
func says(t *testing.T, err, kind error, id string) {
	t.Helper()
	sentence := (*lang.Error)(nil)
	if !errors.Is(err, kind) || !errors.As(err, &sentence) || sentence.ID != id {
		t.Errorf("got %v; want %s", err, id)
	}
}

func TestRosterByAnEmployee(t *testing.T) {
	ctx := context.Background()
	for what, change := range map[string]func(b *kapu) func(*Roster){
		"makes himself an admin": func(b *kapu) func(*Roster) {
			return func(r *Roster) { r.member(b.member()).Role = Admin }
		},
		"changes nothing, to keep the place": func(*kapu) func(*Roster) { return nil },
	} {
		t.Run(what, func(t *testing.T) {
			w, a, _, b, c := crowd(t)
			next := a.state.Roster.Number + 1
			b.decree(next, change(b))
			_, err := c.Sync(ctx, true)
			says(t, err, ErrFork, "office-roster-refused")
			c.want("A/Alma Kft. B/Banán Bt.")
			a.add("Citrom Kft.", "C")
			a.sync() // heals it
			if v, _ := a.View(); v.Roster.Number != next-1 || v.Roster.member(b.member()).Role != Staff {
				t.Error("the roster was taken")
			}
			if err := a.SetRole(ctx, c.member(), Admin); err != nil {
				t.Fatal(err)
			}
			a.sync()
			c.sync()
			c.want("A/Alma Kft. B/Banán Bt. C/Citrom Kft.")
			_ = w
		})
	}
}

func TestRosterThatNoAdminMayMake(t *testing.T) {
	// An admin's own device, with another program. Nobody else deletes it: it might be what a newer Kapu makes.
	for what, change := range map[string]func(*Roster){
		"without an admin":              func(r *Roster) { r.Members[0].Role = Staff },
		"that forgets a device":         func(r *Roster) { r.Devices = slices.Delete(r.Devices, 1, 2) },
		"of another office":             func(r *Roster) { r.Office = strings.Repeat("b", idLength) },
		"of another number":             func(r *Roster) { r.Number++ },
		"after another":                 func(r *Roster) { r.Before = strings.Repeat("b", hashLength) },
		"with a device of nobody":       func(r *Roster) { r.Devices[1].Member = "x" },
		"that gives a device to others": func(r *Roster) { r.Devices[1].Member = r.Devices[0].Member },
		"with a device twice":           func(r *Roster) { r.Devices = append(r.Devices, r.Devices[0]) },
		"with a name that turns round":  func(r *Roster) { r.Members[1].Name = "Béla\u202e" },
		"with a former device that was none": func(r *Roster) {
			r.Former = append(r.Former, Former{ID: strings.Repeat("a", idLength), Member: r.Members[0].ID, Name: "Zoli", Signing: "x", Admin: true})
		},
		"with books for a year":       func(r *Roster) { r.Settings.BookDays = 365 },
		"with a grant of codes only":  func(r *Roster) { r.Grants[0].Right = Codes },
		"with a grant of every thing": func(r *Roster) { r.Grants[0].Right = Full },
		"with a grant twice":          func(r *Roster) { r.Grants = append(r.Grants, r.Grants[0]) },
		"with too many members": func(r *Roster) {
			for i := range maxMembers {
				r.Members = append(r.Members, Member{fmt.Sprint(i), "x", "", Staff})
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			a := w.founder("Anna")
			b := w.enters(a, NewMember{Name: "Béla", Role: Staff})
			a2 := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
			if err := a.Grant(context.Background(), Grant{Member: b.member(), Right: Use, Folder: "A"}); err != nil {
				t.Fatal(err)
			}
			for _, k := range []*kapu{a2, b} {
				k.sync()
			}
			number := a.state.Roster.Number
			a.decree(number+1, change)
			for _, k := range []*kapu{b, a2} {
				_, err := k.Sync(context.Background(), true)
				says(t, err, ErrFork, "office-roster-refused")
				if k.state.Roster.Number != number {
					t.Error("it was taken")
				}
			}
			if _, err := w.mem.Get(context.Background(), rosterName(number+1)); err != nil {
				t.Error("it was deleted")
			}
		})
	}
}

// In a folder that a program copies from machine to machine, two admins may both take the next number. Who finds the
// other's in its place does not stop the others, and comes back by leaving.
func TestTwoAdminsOnCopiesOfAFolder(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Admin})
	c := w.joins(a, NewMember{Name: "Cili", Role: Staff})
	number := a.state.Roster.Number
	a.store = copyOf(t, w.mem) // on the train
	for _, k := range []*kapu{a, b} {
		if err := k.Configure(ctx, Settings{BookDays: 1 + len(k.state.Roster.member(k.member()).Name), UntilHour: 24}); err != nil {
			t.Fatal(err)
		}
	}
	a.store = w.mem
	_, err := a.Invite(ctx, NewMember{Name: "Dezső", Role: Staff})
	says(t, err, ErrFork, "office-roster-two")
	if _, err := w.mem.Get(ctx, rosterName(number+2)); err == nil {
		t.Error("it has gone on from what nobody else has")
	}
	c.sync()
	if err := b.SetRole(ctx, c.member(), Admin); err != nil {
		t.Fatal(err)
	}
	c.sync()

	if err := a.Leave(ctx, false); err != nil {
		t.Fatal(err)
	}
	text, err := b.Invite(ctx, NewMember{Member: b.state.Roster.Members[0].ID, Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	back := w.begun(a.home, a.id)
	if err := back.join(ctx, text, "a@anna", w.open); err != nil {
		t.Fatal(err)
	}
	b.sync()
	b.sync()
	back.sync()
	back.want("/Alma Kft.")
}

func TestStoreShowsAnotherHistory(t *testing.T) {
	ctx := context.Background()
	w, a, a2, b, _ := crowd(t)
	number := a.state.Roster.Number
	fork, _ := a.home.Read(stateFile)
	if err := a.SetRole(ctx, b.member(), Admin); err != nil {
		t.Fatal(err)
	}
	a.sync()
	a2.sync()
	b.sync()
	// The store's owner withholds the newest roster from one machine, and that one makes another of the same number.
	real, _ := w.mem.Get(ctx, rosterName(number+1))
	_ = w.mem.Delete(ctx, rosterName(number+1))
	twin := w.device()
	twin.root, twin.id = a.id, a.id
	twin.home.files[stateFile], twin.store = fork, w.mem
	if err := twin.load(); err != nil {
		t.Fatal(err)
	}
	if err := twin.Withdraw(ctx, "x"); !errors.Is(err, ErrUnknown) {
		t.Fatal(err)
	}
	if err := twin.Configure(ctx, Settings{BookDays: 1, UntilHour: 24}); err != nil {
		t.Fatal(err)
	}
	for _, k := range []*kapu{a, a2, b} { // they have seen the right one, stay with it, and say that there are two
		_, err := k.Sync(ctx, true)
		says(t, err, ErrFork, "office-roster-two")
		if !k.state.Roster.isAdmin(b.state.Device) || k.state.Roster.Number != number+1 {
			t.Error("a roster that was taken was replaced")
		}
	}
	says(t, a.SetRole(ctx, b.member(), Staff), ErrFork, "office-roster-two") // nor do they go on from it over the store's
	w.mem.Replace(rosterName(number+1), real)
	if err := a.SetRole(ctx, b.member(), Staff); err != nil {
		t.Fatal(err)
	}
	a2.sync()
	_, err := twin.Sync(ctx, true)
	says(t, err, ErrFork, "office-roster-two")
	if _, err := w.mem.Get(ctx, rosterName(number+2)); err != nil {
		t.Error("the machine that was lied to has deleted what the others have")
	}
	// Rolled back: all rosters but the first are gone. Nobody goes back.
	for n := 1; n <= number+2; n++ {
		_ = w.mem.Delete(ctx, rosterName(n))
	}
	a.looks()
	a2.looks()
	if a.state.Roster.Number != number+2 || a2.state.Roster.Number != number+2 {
		t.Error("a device has gone back")
	}
	if err := a2.RemoveMember(ctx, b.member()); err != nil {
		t.Fatal(err)
	}
	a2.sync()
	a.sync()
	if _, err := b.Sync(ctx, true); err == nil || b.state.Roster.device(b.state.Device) != nil {
		// It waits for roster number+2, which the store no longer has: it stays at what it knows.
		b.want("A/Alma Kft. B/Banán Bt.")
	}
}

func TestTwoAdminsChangeTheRosterAtOnce(t *testing.T) {
	ctx := context.Background()
	_, a, a2, b, c := crowd(t)
	for _, change := range []func() error{ // neither has seen the other's
		func() error { return a.Grant(ctx, Grant{Member: c.member(), Right: Edit, Folder: "X"}) },
		func() error { return a2.Grant(ctx, Grant{Member: b.member(), Right: Edit, Folder: "Y"}) },
		func() error { return a.Configure(ctx, Settings{BookDays: 5, UntilHour: 24}) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []*kapu{a, a2, b, c} {
		k.sync()
		var folders []string
		for _, g := range k.state.Roster.Grants {
			folders = append(folders, g.Folder)
		}
		if !slices.Contains(folders, "X") || !slices.Contains(folders, "Y") || k.state.Roster.Settings.BookDays != 5 {
			t.Errorf("a change is lost: %v, %+v", folders, k.state.Roster.Settings)
		}
	}
	// Each takes the other out: one is first, and the other is no longer asked.
	if err := a.SetRole(ctx, b.member(), Admin); err != nil {
		t.Fatal(err)
	}
	b.sync()
	if err := a.RemoveMember(ctx, b.member()); err != nil {
		t.Fatal(err)
	}
	err := b.RemoveMember(ctx, a.member())
	says(t, err, ErrNotAdmin, "office-not-admin")
	if _, err := b.Sync(ctx, true); !errors.Is(err, ErrExpelled) {
		t.Errorf("got %v", err)
	}
	err = a.RemoveMember(ctx, a.member())
	says(t, err, ErrInvalid, "office-last-admin")
}

// Between looking and writing somebody else has written: each change is made to what they have left.
func TestAdminIsSecondByAMoment(t *testing.T) {
	ctx := context.Background()
	_, a, a2, b, c := crowd(t)
	for what, change := range map[string]func() error{
		"invite":    func() error { _, err := a.Invite(ctx, NewMember{Name: "Dóra", Role: Staff}); return err },
		"grant":     func() error { return a.Grant(ctx, Grant{Member: b.member(), Right: Edit, Folder: "D"}) },
		"role":      func() error { return a.SetRole(ctx, c.member(), Admin) },
		"configure": func() error { return a.Configure(ctx, Settings{BookDays: 7, UntilHour: 24}) },
	} {
		number := a.state.Roster.Number
		a.store = &meanwhile{Store: a.st, put: func() {
			if err := a2.Grant(ctx, Grant{Member: b.member(), Right: Use, Folder: what}); err != nil {
				t.Error(err)
			}
		}}
		if err := change(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if a.state.Roster.Number != number+2 {
			t.Errorf("%s: roster %d after %d", what, a.state.Roster.Number, number)
		}
		if !slices.ContainsFunc(a.state.Roster.Grants, func(g Grant) bool { return g.Folder == what }) {
			t.Errorf("%s: the other's change is lost", what)
		}
	}
	r := a.state.Roster
	if len(r.Invites) != 1 || len(r.Members) != 4 || r.member(c.member()).Role != Admin || r.Settings.BookDays != 7 {
		t.Errorf("a change is lost: %+v", r)
	}
}

func TestNamesThatImitate(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("An\u200bna\u202e\nx")
	v, _ := a.View()
	if v.Roster.Members[0].Name != "Anna x" {
		t.Errorf("%q", v.Roster.Members[0].Name)
	}
	for _, name := range []string{"anna X", " Anna\u2066 x ", "Anna\u00a0x"} {
		_, err := a.Invite(ctx, NewMember{Name: name, Role: Staff})
		says(t, err, ErrInvalid, "office-member-exists")
	}
	for _, name := range []string{"", " ", "\u200b\u202e"} {
		if _, err := a.Invite(ctx, NewMember{Name: name, Role: Staff}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := a.Invite(ctx, NewMember{Name: strings.Repeat("á", 5000), Role: Staff}); err != nil {
		t.Error(err)
	}
	if got := len([]rune(a.state.Roster.Members[1].Name)); got != maxName {
		t.Errorf("a name of %d characters", got)
	}
}

// Clocks that are hours apart change who is asked when, never what is decided.
func TestClocksHoursApart(t *testing.T) {
	ctx := context.Background()
	for _, off := range []time.Duration{-7 * time.Hour, 7 * time.Hour, -400 * 24 * time.Hour} {
		t.Run(off.String(), func(t *testing.T) {
			w, a, a2, b, c := crowd(t)
			a2.now = func() time.Time { return w.clock.read().Add(off) }
			b.now = a2.now
			now := w.clock.now
			if err := a.Grant(ctx, Grant{Member: c.member(), Right: Edit, Folder: "B", From: now.Add(time.Hour), Until: now.Add(3 * time.Hour)}); err != nil {
				t.Fatal(err)
			}
			banán := b.record("Banán Bt.")
			agree(t, banán, a, a2, c)
			// Béla's edit, then one in sight of it by another clock: the later one counts, whatever the clocks say.
			for i, k := range []*kapu{b, a, b, a2, b} {
				k.looks()
				k.smuggle(banán, partRecord, []signedEdit{k.forge(banán, partRecord, map[string]string{k.field(banán, fieldTax): fmt.Sprint("1000000", i)}, nil)}, nil)
				agree(t, banán, a, a2, b)
			}
			if got := a.state.Records[banán].edits.fields()[a.field(banán, fieldTax)]; got != "10000004" {
				t.Errorf("tax number %s", got)
			}
			w.clock.now = now.Add(2 * time.Hour)
			agree(t, banán, a, a2, c)
			if r := c.right(c.state.Records[banán].facts(banán), c.now()); r != Edit {
				t.Errorf("within the span: %q", r)
			}
			w.clock.now = now.Add(4 * time.Hour)
			agree(t, banán, a, a2, c)
			if r := c.right(c.state.Records[banán].facts(banán), c.now()); r != Use {
				t.Errorf("after the span: %q", r)
			}
			before := len(namesOf(t, w))
			for range 4 {
				a.sync()
				a2.sync()
			}
			if after := len(namesOf(t, w)); after != before {
				t.Errorf("two machines do not come to rest: %d names, then %d", before, after)
			}
		})
	}
}

func namesOf(t *testing.T, w *world) []string {
	t.Helper()
	var names []string
	for name, err := range w.mem.List(context.Background(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}
