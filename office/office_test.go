package office

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/seal"
	"kapu/vault"
)

// memHome is a home in memory: a vault without a file.
type memHome struct {
	tx     *vault.Tx // what the vault holds
	files  map[string][]byte
	writes int
	log    []vault.LogEntry
}

func newMemHome() *memHome { return &memHome{tx: vault.Draft(), files: map[string][]byte{}} }

func (h *memHome) Contents() *vault.Contents { return h.tx.Contents }

func (h *memHome) Update(_ context.Context, change func(*vault.Tx) error) (vault.Changes, error) {
	next := vault.Draft()
	for _, a := range h.tx.Accounts {
		if _, err := next.PutAccount(a); err != nil {
			return vault.Changes{}, err
		}
	}
	for _, c := range h.tx.Clients {
		if _, err := next.PutClient(c); err != nil {
			return vault.Changes{}, err
		}
	}
	next.Generation = h.tx.Generation
	before := fmt.Sprint(next.Accounts, next.Clients)
	if err := change(next); err != nil {
		return vault.Changes{}, err
	}
	if fmt.Sprint(next.Accounts, next.Clients) != before {
		next.Generation++
	}
	h.tx = next
	return vault.Changes{}, nil
}

func (h *memHome) LogAfter(p vault.LogPlace) ([]vault.LogEntry, vault.LogPlace, error) {
	return h.log[p.Lines:], vault.LogPlace{Month: "2026-11", Lines: len(h.log)}, nil
}

func (h *memHome) Read(name string) ([]byte, error) {
	if data, ok := h.files[name]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

func (h *memHome) Write(name string, data []byte) error {
	h.writes++
	h.files[name] = slices.Clone(data)
	return nil
}

func (h *memHome) Remove(name string) error { delete(h.files, name); return nil }

func (h *memHome) Revision(name string) string { return fmt.Sprint(h.writes, len(h.files[name])) }

func (h *memHome) Lock(context.Context) (func(), error) { return func() {}, nil }

// kapu is one device of a test.
type kapu struct {
	*Office
	t    testing.TB
	home *memHome
	id   *seal.Identity
	st   store.Store
}

// clock is what all devices of a test go by.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { c.now = c.now.Add(time.Millisecond); return c.now }

// meanwhile is a store in which somebody does something just before the first listing, or the first writing.
type meanwhile struct {
	store.Store
	list, put func()
}

func (m *meanwhile) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	once(&m.list)
	return m.Store.List(ctx, prefix, after)
}

func (m *meanwhile) Put(ctx context.Context, name string, body []byte) error {
	once(&m.put)
	return m.Store.Put(ctx, name, body)
}

func once(do *func()) {
	if f := *do; f != nil {
		*do = nil
		f()
	}
}

type world struct {
	t     testing.TB
	mem   *storetest.Mem
	store store.Store // mem, or what a test puts in its place
	clock *clock
}

func newWorld(t testing.TB) *world {
	mem := &storetest.Mem{}
	return &world{t, mem, mem, &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
}

func (w *world) open(string) (store.Store, error) { return w.store, nil }

func (w *world) device() *kapu {
	w.t.Helper()
	id, err := seal.NewIdentity()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.begun(newMemHome(), id)
}

// begun is the program as it begins with a home that may know an office already.
func (w *world) begun(home *memHome, id *seal.Identity) *kapu {
	o := newOffice(home, id)
	o.now, o.store = w.clock.read, w.store
	o.sleep = func(context.Context, time.Duration) error { return nil }
	return &kapu{o, w.t, home, id, w.store}
}

func (w *world) founder(name string) *kapu {
	w.t.Helper()
	k := w.device()
	err := k.create(context.Background(), "mem", w.open, Founder{Office: "Kis Iroda", Name: name, Device: "a@" + strings.ToLower(name)})
	if err != nil {
		w.t.Fatal(err)
	}
	return k
}

// joins is a new device that has been let in.
func (w *world) joins(admin *kapu, n NewMember) *kapu {
	w.t.Helper()
	text, err := admin.Invite(context.Background(), n)
	if err != nil {
		w.t.Fatal(err)
	}
	k := w.device()
	if err := k.join(context.Background(), text, "b@"+n.Name, w.open); err != nil {
		w.t.Fatal(err)
	}
	admin.sync()
	v, _ := admin.View()
	theirs, _ := k.View()
	if len(v.Requests) != 1 || v.Requests[0].Words != theirs.Words || len(strings.Fields(theirs.Words)) != 6 {
		w.t.Fatalf("requests %+v, words %q", v.Requests, theirs.Words)
	}
	if err := admin.Approve(context.Background(), v.Requests[0].Device); err != nil {
		w.t.Fatal(err)
	}
	admin.sync()
	k.sync()
	return k
}

func (k *kapu) sync() Report {
	k.t.Helper()
	r, err := k.Sync(context.Background(), true)
	if err != nil {
		k.t.Fatalf("sync: %v", err)
	}
	return r
}

// add adds a client to the vault as the agent does.
func (k *kapu) add(name, folder string) (account string) {
	k.t.Helper()
	return k.addKey(name, folder, "JBSWY3DPEHPK3PXP")
}

func (k *kapu) addKey(name, folder, secret string) (account string) {
	k.t.Helper()
	_, err := k.home.Update(context.Background(), func(tx *vault.Tx) error {
		key, err := vault.ParseKey(secret)
		if err != nil {
			return err
		}
		a, err := tx.PutAccount(vault.Account{UserName: name, Key: key, DeletionCode: "törlő-" + name, Note: "jegyzet"})
		if err != nil {
			return err
		}
		account = a.ID
		_, err = tx.PutClient(vault.Client{Account: a.ID, Name: name, Folder: folder})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return account
}

// change changes the client of a name.
func (k *kapu) change(name string, change func(*vault.Account, *vault.Client)) {
	k.t.Helper()
	_, err := k.home.Update(context.Background(), func(tx *vault.Tx) error {
		for _, c := range slices.Clone(tx.Clients) {
			if c.Name != name {
				continue
			}
			a, _ := tx.Account(c.Account)
			change(&a, &c)
			if _, err := tx.PutAccount(a); err != nil {
				return err
			}
			_, err := tx.PutClient(c)
			return err
		}
		return fmt.Errorf("no client %q", name)
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kapu) remove(name string) {
	k.t.Helper()
	_, _ = k.home.Update(context.Background(), func(tx *vault.Tx) error {
		for _, c := range slices.Clone(tx.Clients) {
			if c.Name == name {
				tx.RemoveClients(c.ID)
			}
		}
		return nil
	})
}

// shows is what the menu would show: names with folders.
func (k *kapu) shows() string {
	var list []string
	for _, c := range k.home.tx.Clients {
		a, _ := k.home.tx.Account(c.Account)
		kind := ""
		if a.Key.Kind == vault.Book {
			kind = "*"
		}
		list = append(list, c.Folder+"/"+c.Name+kind)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (k *kapu) want(shows string) {
	k.t.Helper()
	if got := k.shows(); got != shows {
		k.t.Fatalf("shows %q, want %q", got, shows)
	}
}

func (k *kapu) member() string {
	v, err := k.View()
	if err != nil {
		k.t.Fatal(err)
	}
	return v.Member
}

func TestTwoMachinesOfOnePerson(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
	b.want("A/Alma Kft.")
	b.add("Banán Bt.", "B")
	b.change("Alma Kft.", func(a *vault.Account, c *vault.Client) { c.TaxNumber = "12345678" })
	a.change("Alma Kft.", func(a *vault.Account, c *vault.Client) { c.Folder = "Z" })
	b.sync()
	a.sync()
	b.sync()
	a.want("B/Banán Bt. Z/Alma Kft.")
	b.want("B/Banán Bt. Z/Alma Kft.")
	if a.home.tx.Clients[0].TaxNumber != "12345678" {
		t.Errorf("the other's change is lost: %+v", a.home.tx.Clients)
	}
	a.remove("Banán Bt.")
	a.sync()
	b.sync()
	b.want("Z/Alma Kft.")
}

func TestDelegation(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	account := a.add("Banán Bt.", "B")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	b.want("")
	record, err := a.Record(account)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Grant(ctx, Grant{Member: b.member(), Right: Use, Record: record}); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	b.want("B/Banán Bt.")
	if got := b.home.tx.Accounts[0]; got.DeletionCode != "" || got.Note != "" {
		t.Errorf("an employee has what only admins should: %+v", got)
	}
	v, _ := a.View()
	if err := a.Revoke(ctx, v.Roster.Grants[0].ID); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	b.want("")
	if list := a.Worklist(); len(list) != 1 || list[0].Name != "Banán Bt." || list[0].Member != "Béla" {
		t.Errorf("work list %+v", list)
	}
	a.change("Banán Bt.", func(a *vault.Account, _ *vault.Client) { a.Key.Secret = "GEZDGNBVGY3TQOJQ" })
	a.sync()
	if list := a.Worklist(); len(list) != 0 {
		t.Errorf("work list after the key was renewed: %+v", list)
	}
	if err := a.RemoveMember(ctx, b.member()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Sync(ctx, true); !errors.Is(err, ErrExpelled) {
		t.Errorf("got %v", err)
	}
}

func TestSubstituteHasCodesAndNoKey(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	now := w.clock.now
	if err := a.Grant(ctx, Grant{Member: b.member(), Right: Codes, Folder: "A", From: now, Until: now.Add(26 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	b.want("A/Alma Kft.*")
	for _, after := range []time.Duration{0, time.Hour, 25 * time.Hour} {
		at := now.Add(after)
		got, err := b.Code(b.home.tx.Accounts[0].ID, at)
		want, _ := a.home.tx.Accounts[0].Key.Code(at)
		if err != nil || got != want {
			t.Errorf("after %v: %+v, %v; want %+v", after, got, err, want)
		}
	}
	for name, data := range b.home.files {
		if strings.Contains(string(data), "JBSWY3DPEHPK3PXP") {
			t.Errorf("%s holds the key", name)
		}
	}
	if body, err := openState(b); err != nil || strings.Contains(body, "JBSWY3DPEHPK3PXP") {
		t.Error("the state holds the key")
	}
	w.clock.now = now.Add(27 * time.Hour)
	b.sync()
	b.want("")
	if n := len(b.home.files); n != 1 {
		t.Errorf("%d files are left: %v", n, slices.Collect(maps.Keys(b.home.files)))
	}
}

func openState(k *kapu) (string, error) {
	body, err := seal.Open(stateContext, k.home.files[stateFile], k.id, k.id.Public())
	return string(body), err
}

func TestWords(t *testing.T) {
	if n := len(wordList()); n != 256 {
		t.Fatalf("%d words", n)
	}
	if a, b := authWords("o", "i", "d"), authWords("o", "i", "e"); a == b {
		t.Error("the same words for two devices")
	}
}
