package office

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/vault"
)

// limited is a store that answers so many times and then with errors only.
type limited struct {
	store.Store
	left int
}

var errCluster = errors.New("503 Slow Down")

func (l *limited) next() error {
	if l.left--; l.left < 0 {
		return errCluster
	}
	return nil
}

func (l *limited) Put(ctx context.Context, name string, body []byte) error {
	if err := l.next(); err != nil {
		return err
	}
	return l.Store.Put(ctx, name, body)
}

func (l *limited) Get(ctx context.Context, name string) ([]byte, error) {
	if err := l.next(); err != nil {
		return nil, err
	}
	return l.Store.Get(ctx, name)
}

func (l *limited) Delete(ctx context.Context, name string) error {
	if err := l.next(); err != nil {
		return err
	}
	return l.Store.Delete(ctx, name)
}

func (l *limited) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	if err := l.next(); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	return l.Store.List(ctx, prefix, after)
}

// full is a home whose disk is full after so many writes.
type full struct {
	*memHome
	left int
}

var errDiskFull = errors.New("no space left on device")

func (f *full) Write(name string, data []byte) error {
	if f.left--; f.left < 0 {
		return errDiskFull
	}
	return f.memHome.Write(name, data)
}

// pair is two machines that have changed different things and not synced yet.
func pair(t *testing.T) (w *world, a, b *kapu) {
	t.Helper()
	w = newWorld(t)
	a = w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.add("Banán Bt.", "B")
	a.sync()
	b = w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	a.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.Folder = "X" })
	a.add("Citrom Kft.", "C")
	b.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.TaxNumber = "12345678" })
	b.remove("Banán Bt.")
	return w, a, b
}

func (w *world) settled(a, b *kapu) {
	w.t.Helper()
	for range 3 {
		a.looks()
		b.looks()
	}
	for _, k := range []*kapu{a, b} {
		k.want("C/Citrom Kft. X/Alma Kft.")
		if !slices.ContainsFunc(k.home.tx.Clients, func(c vault.Client) bool { return c.TaxNumber == "12345678" }) {
			w.t.Errorf("a change is lost: %+v", k.home.tx.Clients)
		}
	}
}

func TestStoreThatFailsAfterAWhile(t *testing.T) {
	for n := 0; ; n++ {
		w, a, b := pair(t)
		a.store, a.relist = &limited{w.mem, n}, true
		_, err := a.Sync(context.Background(), true)
		if err != nil && !errors.Is(err, errCluster) {
			t.Fatalf("after %d operations: %v", n, err)
		}
		if k := a.shows(); !strings.Contains(k, "X/Alma Kft.") || !strings.Contains(k, "C/Citrom Kft.") {
			t.Fatalf("after %d operations the vault shows %q", n, k)
		}
		a.store = w.mem
		b.sync()
		w.settled(a, b)
		if t.Failed() {
			t.Fatalf("the store failed after %d operations", n)
		}
		if err == nil {
			if n < 8 {
				t.Fatalf("a sync of %d operations tries nothing", n)
			}
			return
		}
	}
}

func TestDiskThatIsFullAfterAWhile(t *testing.T) {
	for n := 0; ; n++ {
		w, a, b := pair(t)
		o := a.Office
		o.home = &full{a.home, n}
		_, err := a.Sync(context.Background(), true)
		if err != nil {
			says(t, err, errDiskFull, "office-state-unwritable")
		}
		// The program ends; the next one finds what is on the disk.
		fresh := newOffice(a.home, a.root)
		fresh.now, fresh.store = w.clock.read, w.mem
		a.Office = fresh
		b.sync()
		w.settled(a, b)
		if t.Failed() {
			t.Fatalf("the disk was full after %d writes", n)
		}
		if err == nil {
			if n < 3 {
				t.Fatalf("a sync of %d writes tries nothing", n)
			}
			return
		}
	}
}

func TestStoreThatDoesEverythingWrong(t *testing.T) {
	for seed := range uint64(6) {
		w, a, b := pair(t)
		for i, k := range []*kapu{a, b} {
			k.store = &storetest.Faulty{Store: w.mem, Rand: rand.New(rand.NewPCG(seed, uint64(i))), Faults: storetest.Faults{
				Fail: 0.05, Lose: 0.1, Repeat: 0.1, Late: 0.3, Cut: 0.05, Hole: 0.1, Twice: 0.2, Disorder: 0.3, LateLimit: 30,
			}}
		}
		for i := range 12 {
			for _, k := range []*kapu{a, b} {
				if _, err := k.Sync(context.Background(), true); err != nil && !errors.Is(err, storetest.ErrFault) {
					says(t, err, err, "office-store-slow")
				}
				if i == 5 && k == a {
					k.change("Citrom Kft.", func(_ *vault.Account, c *vault.Client) { c.Name = "Citrom Zrt." })
					k.change("Citrom Zrt.", func(_ *vault.Account, c *vault.Client) { c.Name = "Citrom Kft." })
				}
			}
		}
		a.store, b.store = w.mem, w.mem
		w.settled(a, b)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// A virtual desktop is copied with its vault: two machines write as one device.
func TestClonedMachine(t *testing.T) {
	for _, role := range []Role{Admin, Staff} {
		t.Run(string(role), func(t *testing.T) {
			ctx := context.Background()
			_, a, _, _, c := crowd(t)
			k := c
			if role == Admin {
				k = a
			}
			twin := &kapu{newOffice(nil, k.root), t, newMemHome(), k.id, k.st}
			twin.home.files = maps.Clone(k.home.files)
			if _, err := twin.home.Update(ctx, func(tx *vault.Tx) error {
				*tx.Contents = *k.home.tx.Contents
				tx.Accounts, tx.Clients = slices.Clone(k.home.tx.Accounts), slices.Clone(k.home.tx.Clients)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			twin.home.tx.Generation = k.home.tx.Generation
			twin.Office.home, twin.now, twin.store = twin.home, k.now, k.store
			twin.home.log = slices.Clone(k.home.log)
			for i, one := range []*kapu{k, twin} {
				one.home.log = append(one.home.log, vault.LogEntry{At: k.now(), Act: vault.Copied, Name: fmt.Sprint("line ", i)})
			}
			k.sync()
			for range 2 {
				_, err := twin.Sync(ctx, true)
				says(t, err, ErrTwoFaced, "office-two-machines")
			}
			twin.want(k.shows())
			if err := twin.Leave(ctx, false); err != nil {
				t.Fatal(err)
			}
			twin.want("")
			k.sync() // the one that was there first goes on as ever
			if _, err := k.View(); err != nil || k.state.Expelled {
				t.Fatal("leaving on the copy has put the original out")
			}
			text, err := a.Invite(ctx, NewMember{Member: k.member(), Name: "x", Auto: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := twin.join(ctx, text, "copy@vdi", func(string) (store.Store, error) { return k.st, nil }); err != nil {
				t.Fatal(err)
			}
			a.looks() // lets it in
			a.sync()  // and seals for it what it may read
			twin.sync()
			twin.want(k.shows())
			if twin.state.Device == k.state.Device {
				t.Error("the copy has kept its identity")
			}
			lines, gaps, err := a.ReadJournal(ctx)
			if err != nil || len(gaps) != 0 || len(lines) == 0 {
				t.Errorf("journal: %+v, gaps %+v, %v", lines, gaps, err)
			}
		})
	}
}

func TestJournalWithAPageMissingOrRewritten(t *testing.T) {
	ctx := context.Background()
	w, a, _, b, c := crowd(t)
	for i := range 5 {
		b.home.log = append(b.home.log, vault.LogEntry{At: w.clock.now, Act: vault.Copied, Name: fmt.Sprint(i)})
		b.sync()
	}
	name := func(n int) string { return journalName(b.state.Device, n) }
	page := map[int][]byte{}
	for n := 1; n <= 5; n++ {
		page[n], _ = w.mem.Get(ctx, name(n))
	}
	other, err := c.box.seal("x", []byte("{}"), c.id, c.id.Public())
	if err != nil {
		t.Fatal(err)
	}
	forged := func(before string) []byte { // Béla himself writes history anew
		body := fmt.Appendf(nil, `{"device":%q,"number":3,"before":%q,"roster":1,"entries":null}`, b.state.Device, before)
		sealed, err := b.box.seal(journalContext(b.state.Office, b.state.Device), body, b.id, a.id.Public())
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	body, _, err := a.box.open(journalContext(a.state.Office, b.state.Device), page[2], a.id, b.id.Public().SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		do   func()
		from int
		to   int
	}{
		"the third is gone":                {func() { _ = w.mem.Delete(ctx, name(3)) }, 3, 3},
		"the first is gone":                {func() { _ = w.mem.Delete(ctx, name(1)) }, 1, 1},
		"two are gone":                     {func() { _ = w.mem.Delete(ctx, name(2)); _ = w.mem.Delete(ctx, name(3)) }, 2, 3},
		"one stands in another's place":    {func() { w.mem.Replace(name(3), page[2]) }, 3, 3},
		"one that nobody can read":         {func() { w.mem.Replace(name(3), other) }, 3, 3},
		"one is rewritten":                 {func() { w.mem.Replace(name(3), forged(hash(body))) }, 4, 4},
		"one is rewritten and hangs loose": {func() { w.mem.Replace(name(3), forged("x")) }, 3, 3},
		"a scribble far ahead":             {func() { w.mem.Replace(name(999_999_999_999), []byte("x")) }, 6, 999_999_999_999},
	} {
		c.do()
		lines, gaps, err := a.ReadJournal(ctx)
		if err != nil || len(gaps) != 1 || gaps[0].From != c.from || gaps[0].To != c.to || gaps[0].Member != "Béla" || len(lines) < 3 {
			t.Errorf("%s: gaps %+v, %d lines, %v", what, gaps, len(lines), err)
		}
		_ = w.mem.Delete(ctx, name(999_999_999_999))
		for n, body := range page {
			w.mem.Replace(name(n), body)
		}
	}
	if lines, gaps, err := a.ReadJournal(ctx); err != nil || len(gaps) != 0 || len(lines) != 5 {
		t.Errorf("whole again: gaps %+v, %d lines, %v", gaps, len(lines), err)
	}
}

func TestOldVaultInThePlaceOfTheNew(t *testing.T) {
	_, a, b := pair(t)
	old := *b.home.tx.Contents
	old.Accounts, old.Clients = slices.Clone(old.Accounts), slices.Clone(old.Clients)
	for range 3 {
		a.sync()
		b.sync()
	}
	b.want("C/Citrom Kft. X/Alma Kft.")
	records := len(b.state.Records)
	*b.home.tx.Contents = old // lower generation: an old copy
	b.home.tx.Generation = 1
	b.sync()
	b.want("C/Citrom Kft. X/Alma Kft.")
	a.looks()
	a.want("C/Citrom Kft. X/Alma Kft.")
	// Put back with kapu restore, which makes a newer generation of it: Restored tells.
	old.Generation = b.home.tx.Generation + 7
	old.Clients, old.Accounts = nil, nil
	*b.home.tx.Contents = old
	if err := b.Restored(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.sync()
	b.want("C/Citrom Kft. X/Alma Kft.")
	a.looks()
	a.want("C/Citrom Kft. X/Alma Kft.")
	if len(a.state.Records) != records {
		t.Errorf("%d records, %d before", len(a.state.Records), records)
	}
}

// halfThere is a store with an entry of the feed that is listed and never whole.
type halfThere struct {
	*storetest.Mem
	name string
}

func (h halfThere) Get(ctx context.Context, name string) ([]byte, error) {
	if name == h.name {
		return nil, store.ErrNotExist
	}
	return h.Mem.Get(ctx, name)
}

func TestEntryOfTheFeedThatNeverComes(t *testing.T) {
	w, a, b := pair(t)
	a.sync()
	b.sync()
	torn := halfThere{w.mem, feedName(a.state.Device, a.state.Feed.Announced+2)}
	b.store = torn
	a.add("Dió Kft.", "D")
	a.sync()
	if _, err := w.mem.Get(t.Context(), torn.name); err != nil {
		t.Fatalf("%s: %v", torn.name, err)
	}
	for range maxTries + 2 {
		b.sync()
	}
	if len(b.state.Retries) != 0 {
		t.Errorf("still waited for: %v", b.state.Retries)
	}
	if got := b.shows(); !strings.Contains(got, "D/Dió Kft.") {
		t.Errorf("shows %q", got)
	}
}

func TestRosterPlaceTakenByWhatNobodyCanRead(t *testing.T) {
	ctx := context.Background()
	w, a, b := pair(t)
	torn := halfThere{w.mem, rosterName(a.state.Roster.Number + 1)}
	w.mem.Replace(torn.name, []byte("half"))
	a.store, b.store = torn, torn
	_, err := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff})
	says(t, err, err, "office-roster-stuck")
	w.settled(a, b) // all else goes on
	if _, err := w.mem.Get(ctx, torn.name); err != nil {
		t.Error("what may be a true roster on its way was deleted")
	}
	_ = w.mem.Delete(ctx, torn.name)
	if _, err := a.Invite(ctx, NewMember{Name: "Béla", Role: Staff}); err != nil {
		t.Error(err)
	}
}

func TestRecoveryPastScribbledMarks(t *testing.T) {
	ctx := context.Background()
	w, a, _ := pair(t)
	a.sync()
	marks := []string{"office/" + strings.Repeat("z", idLength), "office/" + strings.Repeat("2", idLength)}
	for n := 1; n < 5; n++ { // the beginning of the office's own is not the office's
		marks = append(marks, "office/"+a.state.Office[:n])
	}
	for _, mark := range marks {
		w.mem.Replace(mark, []byte("kapu\n"))
	}
	back := w.device()
	back.root, back.Office.id = a.root, a.root
	if err := back.recover(ctx, "mem", w.open); err != nil {
		t.Fatal(err)
	}
	back.sync()
	if got := back.shows(); !strings.Contains(got, "X/Alma Kft.") {
		t.Errorf("shows %q", got)
	}
	stranger := w.device()
	says(t, stranger.recover(ctx, "mem", w.open), ErrInvite, "office-recover-none")
}

// flood is a store that lists names without end.
type flood struct{ store.Store }

func (f flood) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	if prefix != prefixFeed {
		return f.Store.List(ctx, prefix, after)
	}
	return func(yield func(string, error) bool) {
		for yield("feed/x", nil) {
		}
	}
}

func TestStoreWithoutEnd(t *testing.T) {
	_, a, _ := pair(t)
	was := a.store
	a.store = flood{was}
	_, err := a.Sync(context.Background(), true)
	if err == nil {
		t.Fatal("no error")
	}
	says(t, err, err, "office-store-flooded")
	a.store = was
	a.sync()
	a.want("B/Banán Bt. C/Citrom Kft. X/Alma Kft.")
}
