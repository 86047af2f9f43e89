package office

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"kapu/office/store/storetest"
	"kapu/vault"
)

// turn is the turn of a client's code of this moment.
func (k *kapu) turn(client string) *Turn {
	k.t.Helper()
	for _, c := range k.home.tx.Clients {
		if c.Name != client {
			continue
		}
		a, _ := k.home.tx.Account(c.Account)
		window := k.now().Truncate(30 * time.Second)
		t, err := k.Turn(&a, vault.Code{From: window, Until: window.Add(30 * time.Second)})
		if err != nil {
			k.t.Fatal(err)
		}
		return t
	}
	k.t.Fatalf("no client %s", client)
	return nil
}

// Who comes second learns who was first: a colleague, a substitute with a book, another machine of the same person.
func TestTurns(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.enters(a, NewMember{Name: "Béla", Role: Staff})
	c := w.enters(a, NewMember{Name: "Cili", Role: Staff})
	a2 := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	for _, g := range []Grant{
		{Member: b.member(), Right: Use},
		{Member: c.member(), Right: Codes, From: w.clock.now, Until: w.clock.now.AddDate(0, 0, 1)},
	} {
		if err := a.Grant(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []*kapu{a, b, c, a2} {
		k.sync()
	}
	c.want("A/Alma Kft.*")
	for _, round := range [][]*kapu{{a, b, c, a2}, {c, a, b}, {b, c, a2}} {
		w.clock.now = w.clock.now.Add(time.Minute)
		for i, k := range round {
			taken, err := k.turn("Alma Kft.").Take(t.Context(), w.mem)
			if err != nil {
				t.Fatal(err)
			}
			first, machine := k.state.Roster.names(round[0].state.Device)
			mine, _ := k.state.Roster.names(k.state.Device)
			switch {
			case i == 0 && taken != nil, i > 0 && taken == nil:
				t.Fatalf("%s: %+v", mine, taken)
			case i > 0 && (taken.Member != first || taken.Machine != machine || taken.Own != (first == mine)):
				t.Errorf("%s: %+v", mine, taken)
			}
		}
		if taken, err := round[0].turn("Alma Kft.").Take(t.Context(), w.mem); taken != nil || err != nil {
			t.Errorf("the same machine once more: %+v, %v", taken, err)
		}
	}
}

// What lies in the place of a turn and is none hinders nobody: bytes of anybody's, and a claim of who is not in the
// office or names another.
func TestTurnsOfOthers(t *testing.T) {
	w, a, b := pair(t)
	mine, theirs := a.turn("Alma Kft."), b.turn("Alma Kft.")
	if mine.name != theirs.name {
		t.Fatal("two turns")
	}
	seal := func(c turnClaim, by *Turn) []byte {
		c.Signature = by.id.Sign(by.context(), c.statement())
		return by.sealed.Seal(nil, nil, []byte(`{"device":"`+c.Device+`","at":"`+c.At.Format(time.RFC3339Nano)+`","signature":"`+base64.StdEncoding.EncodeToString(c.Signature)+`"}`), []byte(by.context()))
	}
	good := seal(theirs.claim, theirs)
	other := *theirs
	other.name = turnName(w.clock.now.Add(time.Hour), strings.Repeat("a", idLength))
	stranger := theirs.claim
	stranger.Device = strings.Repeat("a", idLength)
	for what, body := range map[string][]byte{
		"nothing":            nil,
		"bytes":              []byte(strings.Repeat("x", 200)),
		"too much":           []byte(strings.Repeat("x", 2*maxTurnBytes)),
		"cut":                good[:len(good)-1],
		"of another turn":    seal(theirs.claim, &other),
		"a stranger's":       seal(stranger, theirs),
		"in another's name":  seal(theirs.claim, mine),
		"of another account": append([]byte{good[0] ^ 1}, good[1:]...),
	} {
		mem := &storetest.Mem{}
		mem.Replace(mine.name, body)
		if taken, err := mine.Take(t.Context(), mem); taken != nil || err == nil {
			t.Errorf("%s: %+v, %v", what, taken, err)
		}
	}
	mem := &storetest.Mem{}
	mem.Replace(mine.name, good)
	if taken, err := mine.Take(t.Context(), mem); taken == nil || err != nil {
		t.Errorf("a true one: %+v, %v", taken, err)
	}
}

// Turns of days that are over go.
func TestOldTurns(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	if _, err := a.turn("Alma Kft.").Take(t.Context(), w.mem); err != nil {
		t.Fatal(err)
	}
	turns := func() (n int) {
		for range names(w.mem, prefixTurns) {
			n++
		}
		return n
	}
	w.days(1, a)
	if turns() != 1 {
		t.Error("that of yesterday may still be asked for")
	}
	w.days(3, a)
	if turns() != 0 {
		t.Error("it is still there")
	}
}
