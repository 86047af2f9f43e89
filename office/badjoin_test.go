package office

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/seal"
)

// asks begins to join with an invitation.
func (w *world) asks(text, name string) (*kapu, error) {
	k := w.device()
	return k, k.join(context.Background(), text, name, w.open)
}

func TestInvitationIsGoodOnce(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	text, err := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.asks(text, "b@béla")
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	// Somebody else has the invitation too, and comes second: the admin compares the words with who is on the telephone.
	thief, err := w.asks(text, "b@béla")
	if err != nil {
		t.Fatal(err)
	}
	a.looks()
	v, _ := a.View()
	theirs, _ := b.View()
	stolen, _ := thief.View()
	if len(v.Requests) != 1 || v.Requests[0].Words != theirs.Words || stolen.Words == theirs.Words {
		t.Fatalf("requests %+v, words %q and %q", v.Requests, theirs.Words, stolen.Words)
	}
	if err := a.Approve(ctx, v.Requests[0].Device); err != nil {
		t.Fatal(err)
	}
	b.sync()
	_, err = thief.Sync(ctx, true)
	says(t, err, ErrInvite, "office-invitation-over")
	_, err = w.asks(text, "c@c")
	says(t, err, ErrInvite, "office-invitation-over")
	a.looks()
	if v, _ := a.View(); len(v.Requests) != 0 {
		t.Errorf("still asked: %+v", v.Requests)
	}
	err = a.Approve(ctx, thief.state.Device)
	says(t, err, ErrUnknown, "office-request-gone")
}

func TestThiefOfAnInvitationIsFirst(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	text, _ := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
	thief, err := w.asks(text, "b@béla")
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	b, err := w.asks(text, "b@béla")
	if err != nil {
		t.Fatal(err)
	}
	a.looks()
	v, _ := a.View()
	theirs, _ := b.View()
	if len(v.Requests) != 1 || v.Requests[0].Words == theirs.Words {
		t.Fatal("the words do not tell the two apart")
	}
	if err := a.Refuse(ctx, v.Requests[0].Device); err != nil {
		t.Fatal(err)
	}
	for _, k := range []*kapu{b, thief} { // the invitation is burnt
		_, err := k.Sync(ctx, true)
		says(t, err, ErrInvite, "office-invitation-over")
	}
}

func TestInvitationThatHasEnded(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	invite := func(n NewMember) (string, string) {
		text, err := a.Invite(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		return text, a.state.Roster.Invites[len(a.state.Roster.Invites)-1].ID
	}
	text, id := invite(NewMember{Name: "Béla", Role: Staff})
	if err := a.Withdraw(ctx, id); err != nil {
		t.Fatal(err)
	}
	_, err := w.asks(text, "b@b")
	says(t, err, ErrInvite, "office-invitation-over")

	text, _ = invite(NewMember{Name: "Cili", Role: Staff, Days: 1, Auto: true})
	c, err := w.asks(text, "c@c")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.now = w.clock.now.Add(25 * time.Hour) // nobody was there to let her in, not even by itself
	a.sync()
	_, err = c.Sync(ctx, true)
	says(t, err, ErrInvite, "office-invitation-over")
	if err := a.Approve(ctx, c.state.Device); err == nil {
		t.Error("let in with an invitation that has run out")
	}
	_, err = w.asks(text, "d@d")
	says(t, err, ErrInvite, "office-invitation-over")
	a.sync()
}

func TestRequestsThatAreNone(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	text, _ := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff, Auto: true})
	inv, err := readInvitation(text)
	if err != nil {
		t.Fatal(err)
	}
	key, err := inv.identity()
	if err != nil {
		t.Fatal(err)
	}
	gone := w.enters(a, NewMember{Name: "Dóra", Role: Staff})
	if err := a.RemoveMember(ctx, gone.member()); err != nil {
		t.Fatal(err)
	}
	a.sync()
	stranger := w.device()
	put := func(author *seal.Identity, holder *seal.Identity, change func(*request)) string {
		device := DeviceID(author.Public())
		r := request{Invite: DeviceID(key.Public()), Name: "b@b", Public: author.Public(), At: wireTime(w.clock.now)}
		r.Proof = holder.Sign(joinContext(a.state.Office, device), []byte(device+"\n"+r.Name))
		change(&r)
		body, _ := json.Marshal(r)
		sealed, err := seal.Seal(joinContext(a.state.Office, device), body, author, a.id.Public())
		if err != nil {
			t.Fatal(err)
		}
		w.mem.Replace(joinName(device), sealed)
		return device
	}
	for what, do := range map[string]func() string{
		"without the invitation's key": func() string { return put(stranger.id, stranger.id, func(*request) {}) },
		"with another's proof": func() string {
			return put(stranger.id, key, func(r *request) { r.Name = "anna@anna" })
		},
		"with an invitation that is none": func() string { return put(stranger.id, key, func(r *request) { r.Invite = a.state.Device }) },
		"as another device":               func() string { return put(stranger.id, key, func(r *request) { r.Public = a.id.Public() }) },
		"with a name that hides":          func() string { return put(stranger.id, key, func(r *request) { r.Name = "b\u202e@b" }) },
		"as the admin's own device":       func() string { return put(a.id, key, func(*request) {}) },
		// The invitation lets in by itself: what cannot be in a roster must not be tried again and again.
		"as a device that has left": func() string { return put(gone.id, key, func(*request) {}) },
	} {
		do()
		a.looks()
		if v, _ := a.View(); len(v.Requests) != 0 || len(v.Roster.Devices) != 1 {
			t.Errorf("%s: %+v", what, v.Requests)
		}
	}
	b, err := w.asks(text, "b@b") // the right one gets in all the same
	if err != nil {
		t.Fatal(err)
	}
	a.looks()
	b.sync()
}

func TestRequestReplacedOrTakenAway(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	text, _ := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
	b, err := w.asks(text, "b@b")
	if err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []func(string){
		func(name string) { w.mem.Replace(name, []byte("scribble")) },
		func(name string) { _ = w.mem.Delete(ctx, name) },
	} {
		spoil(joinName(b.state.Device))
		a.looks()
		if v, _ := a.View(); len(v.Requests) != 0 {
			t.Fatalf("requests %+v", v.Requests)
		}
		_, err := b.Sync(ctx, true)
		says(t, err, ErrNotYet, "office-not-yet")
	}
	a.looks()
	if v, _ := a.View(); len(v.Requests) != 1 {
		t.Fatal("the request is not there again")
	}
	if err := a.Approve(ctx, b.state.Device); err != nil {
		t.Fatal(err)
	}
	b.sync()
}

func TestRequestIsGoneFromTheOtherAdminToo(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a2 := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	text, _ := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
	b, err := w.asks(text, "b@b")
	if err != nil {
		t.Fatal(err)
	}
	a.looks()
	a2.looks()
	if err := a.Approve(ctx, b.state.Device); err != nil {
		t.Fatal(err)
	}
	a2.sync()
	if v, _ := a2.View(); len(v.Requests) != 0 {
		t.Errorf("still asked: %+v", v.Requests)
	}
	_, err = w.mem.Get(ctx, joinName(b.state.Device))
	if !errors.Is(err, store.ErrNotExist) {
		t.Errorf("the request is still there: %v", err)
	}
}
