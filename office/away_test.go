package office

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kapu/vault"
)

// days lets days go by, on each of which some devices sync.
func (w *world) days(n int, who ...*kapu) {
	w.t.Helper()
	for range n {
		w.clock.now = w.clock.now.AddDate(0, 0, 1)
		for _, k := range who {
			k.sync()
		}
	}
}

// isAway says whether a device is, as another knows it.
func (k *kapu) isAway(other *kapu) bool {
	k.t.Helper()
	v, err := k.View()
	if err != nil {
		k.t.Fatal(err)
	}
	return v.Roster.isAway(DeviceID(other.Office.id.Public()))
}

// opens says how many bundles in the store a device can open.
func (w *world) opens(k *kapu) (n int) {
	for name := range w.mem.List(context.Background(), prefixAccounts, "") {
		sealed, err := w.mem.Get(context.Background(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := openBundle(k.box, k.state.Office, name, sealed, k.Office.id, k.state.Roster); err == nil {
			n++
		}
	}
	return n
}

// absence is an office whose third machine has been silent for a while.
func absence(t *testing.T, days int) (w *world, anna, béla, cili *kapu) {
	w = newWorld(t)
	anna = w.founder("Anna")
	anna.add("Alma Kft.", "Kft-k")
	anna.sync()
	béla = w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	cili = w.enters(anna, NewMember{Name: "Cili", Role: Staff})
	for _, m := range []*kapu{béla, cili} {
		if err := anna.Grant(context.Background(), Grant{Member: m.member(), Right: Edit}); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []*kapu{anna, béla, cili} {
		k.sync()
	}
	w.days(days, anna, béla)
	return w, anna, béla, cili
}

// Sixty days without a sign of life, and nothing is sealed to a device any more, until an admin has approved it again
// with the words that it shows. What was changed there meanwhile is not lost.
func TestAwayAndBack(t *testing.T) {
	ctx := context.Background()
	w, anna, béla, cili := absence(t, 59)
	if anna.isAway(cili) {
		t.Fatal("marked too early")
	}
	w.days(2, anna, béla)
	anna.sync()
	if !anna.isAway(cili) || anna.isAway(béla) || !béla.isAway(cili) {
		t.Fatal("not the one that was away is marked")
	}
	anna.add("Banán Bt.", "")
	anna.sync()
	if n := w.opens(cili); n != 0 {
		t.Errorf("%d bundles are sealed to it", n)
	}
	if list := anna.Worklist(); len(list) != 0 {
		t.Errorf("its keys are on the work list: %+v", list)
	}

	cili.change("Alma Kft.", noteTax("11111111"))
	cili.add("Citrom Zrt.", "")
	_, err := cili.Sync(ctx, true)
	v, _ := cili.View()
	if !errors.Is(err, ErrAway) || v.Away.IsZero() || v.Words == "" || cili.shows() == "" {
		t.Fatalf("it says %v, away %v, words %q, shows %s", err, v.Away, v.Words, cili.shows())
	}
	if _, err := cili.Sync(ctx, true); !errors.Is(err, ErrAway) {
		t.Fatalf("it says %v", err)
	}
	anna.sync()
	got, _ := anna.View()
	if len(got.Requests) != 1 || got.Requests[0].Words != v.Words || got.Requests[0].Invite != "" {
		t.Fatalf("requests %+v, words %q", got.Requests, v.Words)
	}
	if err := béla.Approve(ctx, v.Device); err == nil {
		t.Error("approved by one of the staff")
	}
	if anna.sync(); !anna.isAway(cili) {
		t.Fatal("back without anybody's approval")
	}
	if err := anna.Approve(ctx, v.Device); err != nil {
		t.Fatal(err)
	}
	cili.sync() // nothing is sealed to it yet, and its clients stay
	if n := len(cili.home.tx.Clients); n != 2 {
		t.Errorf("in between it shows %d clients: %s", n, cili.shows())
	}
	for range 3 {
		for _, k := range []*kapu{anna, béla, cili} {
			k.sync()
		}
	}
	if cili.isAway(cili) || cili.shows() != anna.shows() || béla.shows() != anna.shows() || len(anna.home.tx.Clients) != 3 {
		t.Errorf("Anna shows %s, Béla %s, Cili %s", anna.shows(), béla.shows(), cili.shows())
	}
	if v, _ := anna.View(); len(v.Requests) != 0 {
		t.Errorf("still asking: %+v", v.Requests)
	}
	w.days(3, anna, béla, cili)
	if anna.isAway(cili) {
		t.Error("marked again")
	}
}

func noteTax(tax string) func(*vault.Account, *vault.Client) {
	return func(_ *vault.Account, c *vault.Client) { c.TaxNumber = tax }
}

// Who refuses a machine that was away takes it out, and finds the keys that it had on the work list.
func TestRefuseAwayDevice(t *testing.T) {
	_, anna, _, cili := absence(t, 62)
	anna.sync()
	if _, err := cili.Sync(context.Background(), true); !errors.Is(err, ErrAway) {
		t.Fatal(err)
	}
	anna.sync()
	if err := anna.Refuse(context.Background(), cili.state.Device); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	if _, err := cili.Sync(context.Background(), true); !errors.Is(err, ErrExpelled) {
		t.Errorf("it says %v", err)
	}
	if list := anna.Worklist(); len(list) != 1 || list[0].Member != "Cili" || len(cili.home.tx.Clients) != 0 {
		t.Errorf("work list %+v; it shows %s", list, cili.shows())
	}
}

// An admin's machine that is away decides nothing, though it has the key of one; the last two of admins are never
// marked.
func TestAwayAdmin(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	anna := w.founder("Anna")
	anna.add("Alma Kft.", "")
	anna.sync()
	béla := w.enters(anna, NewMember{Name: "Béla", Role: Admin})
	w.days(70, anna)
	if anna.isAway(béla) {
		t.Fatal("the last other admin is marked")
	}
	cili := w.enters(anna, NewMember{Name: "Cili", Role: Admin})
	béla.sync()
	cili.sync()
	w.days(62, anna, béla)
	if anna.sync(); !anna.isAway(cili) || anna.isAway(béla) {
		t.Fatal("not the one that was away is marked")
	}
	_, _ = cili.Sync(ctx, true)
	if v, _ := cili.View(); v.Admin {
		t.Error("it takes itself for an admin's")
	}
	if err := cili.Approve(ctx, cili.state.Device); err == nil {
		t.Error("it approves itself")
	}
	number := cili.state.Roster.Number + 1
	forged := cili.state.Roster.clone()
	forged.Number, forged.Before = number, cili.state.Hash
	if err := forged.takeBack(cili.state.Device); err != nil {
		t.Fatal(err)
	}
	body, _ := forged.encode()
	sealed, err := cili.box.seal(rosterContext(cili.state.Office, number), body, cili.Office.id, forged.readersOfRoster()...)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.mem.Put(ctx, rosterName(number), sealed); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	if anna.sync(); !anna.isAway(cili) {
		t.Error("it has taken itself back by a roster of its own")
	}
}

// Nobody is marked who only seems to be away: by an admin's machine that was away itself and whose copy of the folder
// is as old, by a clock that has jumped, or where the office has decided that nobody is.
func TestNotAway(t *testing.T) {
	t.Run("the admin was away", func(t *testing.T) {
		w, anna, _, cili := absence(t, 1)
		w.clock.now = w.clock.now.AddDate(0, 0, 100)
		anna.sync()
		w.days(3, anna)
		if anna.isAway(cili) {
			t.Error("marked at once")
		}
		cili.sync()
		w.days(10, anna)
		if anna.isAway(cili) {
			t.Error("marked though it has been seen")
		}
	})
	t.Run("never", func(t *testing.T) {
		w, anna, _, cili := absence(t, 1)
		settings := anna.state.Roster.Settings
		settings.AwayDays = 0
		if err := anna.Configure(context.Background(), settings); err != nil {
			t.Fatal(err)
		}
		w.days(100, anna)
		if anna.isAway(cili) {
			t.Error("marked")
		}
	})
	t.Run("the store shows an old sign of life under a new day", func(t *testing.T) {
		w, anna, _, cili := absence(t, 1)
		var old []byte
		for name := range w.mem.List(context.Background(), prefixSeen+cili.state.Device+"/", "") {
			old, _ = w.mem.Get(context.Background(), name)
		}
		for n := range 70 {
			w.days(1, anna)
			if err := w.mem.Put(context.Background(), seenName(cili.state.Device, w.clock.now), slices.Clone(old)); err != nil {
				t.Fatal(n, err)
			}
		}
		if anna.sync(); !anna.isAway(cili) {
			t.Error("kept in by the store")
		}
	})
}

// A roster from before there was a setting has the default; 0 is never.
func TestOldSettings(t *testing.T) {
	r := &Roster{}
	for text, want := range map[string]int{
		`{"book_days":3,"from_hour":0,"until_hour":24}`:                defaultAwayDays,
		`{"book_days":3,"from_hour":0,"until_hour":24,"away_days":0}`:  0,
		`{"book_days":3,"from_hour":0,"until_hour":24,"away_days":90}`: 90,
	} {
		if err := strict([]byte(`{"settings":`+text+`}`), r); err != nil || r.Settings.AwayDays != want || !r.Settings.valid() {
			t.Errorf("%s: %+v, %v", text, r.Settings, err)
		}
	}
	if err := strict([]byte(`{"settings":{"book_days":3,"x":1}}`), r); err == nil {
		t.Error("an unknown setting is taken")
	}
	for _, days := range []int{-1, 1, 13, 3651} {
		if s := defaultSettings(); func() bool { s.AwayDays = days; return s.valid() }() {
			t.Errorf("%d days are valid", days)
		}
	}
}

func TestWatch(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	w := watch{}
	if !w.look(at) || w.look(at.Add(time.Hour)) || !w.look(at.Add(24*time.Hour)) || !w.Since.Equal(at) {
		t.Errorf("%+v", w)
	}
	if !w.look(at.Add(23*time.Hour)) || !w.Since.Equal(at.Add(23*time.Hour)) {
		t.Errorf("a clock that was put back: %+v", w)
	}
	if !w.look(at.AddDate(0, 0, 30)) || !w.Since.Equal(at.AddDate(0, 0, 30)) {
		t.Errorf("a gap: %+v", w)
	}
}
