package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/seal"
	"kapu/vault"
)

// copied is an office of some devices in a folder that a program copies: each has its own, and no day passes.
type copied struct {
	*world
	folder  storetest.Synced
	devices []*kapu
}

// copies moves some devices, who share a store until now, to copies of it.
func (w *world) copies(devices ...*kapu) *copied {
	w.t.Helper()
	c := &copied{world: w, devices: devices}
	for name, err := range w.mem.List(context.Background(), "", "") {
		if err != nil {
			w.t.Fatal(err)
		}
		body, _ := w.mem.Get(context.Background(), name)
		for i := range devices {
			c.folder.Copy(i).Replace(name, body)
		}
	}
	c.meet()
	for i, k := range devices {
		open := func(string) (store.Store, error) { return c.folder.Copy(i), nil }
		if err := k.MoveTo(context.Background(), fmt.Sprint(i), open); err != nil {
			w.t.Fatal(err)
		}
		k.store = c.folder.Copy(i)
	}
	c.settle()
	return c
}

// meet brings all copies together.
func (c *copied) meet() {
	for range 2 {
		for i := range c.devices {
			c.folder.Sync(i)
		}
	}
}

// settle lets everybody learn of everything.
func (c *copied) settle() {
	c.t.Helper()
	for range 4 {
		for _, k := range c.devices {
			k.sync()
			c.clock.now = c.clock.now.Add(30 * time.Second)
		}
		c.meet()
	}
}

// machines are two of one person, with some clients.
func machines(t *testing.T, clients ...string) (w *world, a, b *kapu) {
	t.Helper()
	w = newWorld(t)
	a = w.founder("Anna")
	for _, name := range clients {
		a.add(name, "")
	}
	a.sync()
	return w, a, w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
}

// numbers are the clients with their tax numbers.
func (k *kapu) numbers() string {
	var all []string
	for _, c := range k.home.tx.Clients {
		all = append(all, c.Name+" "+c.TaxNumber)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func setTax(number string) func(*vault.Account, *vault.Client) {
	return func(_ *vault.Account, c *vault.Client) { c.TaxNumber = number }
}

// What two machines change before their copies of the folder meet is there on both a moment after.
func TestChangesMeetInACopiedFolder(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.add("Béta Bt.", "B")
	a.sync()
	b := w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
	c := w.copies(a, b)
	for round := range 3 {
		one, two := fmt.Sprint(11111111+round), fmt.Sprint(22222222+round)
		a.change("Alma Kft.", setTax(one))
		b.change("Béta Bt.", setTax(two))
		c.settle()
		for _, k := range c.devices {
			if got, want := k.numbers(), "Alma Kft. "+one+", Béta Bt. "+two; got != want {
				t.Errorf("shows %s, want %s", got, want)
			}
		}
	}
	if n := len(slices.Collect(names(c.folder.Copy(0), prefixFeed))); n > keepEntries*len(c.devices) {
		t.Errorf("%d entries are in the feed", n)
	}
}

func names(s store.Store, prefix string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range s.List(context.Background(), prefix, "") {
			if !yield(name) {
				return
			}
		}
	}
}

// A request to join comes to an admin who works meanwhile.
func TestRequestInACopiedFolder(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.sync()
	text, err := a.Invite(t.Context(), NewMember{Name: "Béla", Role: Staff})
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	b := w.device()
	c := w.copies(a)
	c.devices = append(c.devices, b)
	c.meet()
	if err := b.join(t.Context(), text, "b@bela", func(string) (store.Store, error) { return c.folder.Copy(1), nil }); err != nil {
		t.Fatal(err)
	}
	a.add("Alma Kft.", "A")
	a.sync()
	c.meet()
	a.sync()
	if len(a.state.Requests) != 1 {
		t.Errorf("%d requests", len(a.state.Requests))
	}
}

// Two admins who decide before their copies meet: the one whose decision the program did not keep is told with the next
// sync, and not that all is in step.
func TestForkIsToldAtOnce(t *testing.T) {
	w, a, b := machines(t, "Alma Kft.")
	c := w.copies(a, b)
	for i, k := range c.devices {
		if err := k.Configure(t.Context(), Settings{BookDays: 2 + i, UntilHour: 24}); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Sync(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	c.meet()
	told := 0
	for _, k := range c.devices {
		if _, err := k.Sync(t.Context(), false); err != nil {
			says(t, err, ErrFork, "office-roster-two")
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d of them were told", told)
	}
}

// A machine that was removed and does not know yet goes on as an admin's: what it makes does not count, and what it
// deletes by that must not be missing for a day.
func TestRemovedMachineDeletesInItsCopy(t *testing.T) {
	w, a, b := machines(t, "Alma Kft.")
	c := w.copies(a, b)
	if err := a.RemoveDevice(t.Context(), b.state.Device); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.change("Alma Kft.", setTax("12345678"))
	b.sync()
	c.meet()
	c.devices = c.devices[:1]
	c.settle()
	w.clock.now = w.clock.now.Add(doubtTime)
	c.settle()
	found := 0
	for name := range names(c.folder.Copy(0), prefixAccounts) {
		if _, part, _, _ := splitBundleName(name); part == partRecord {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d bundles of the record", found)
	}
}

// sick is a store in which some objects can be neither read nor written.
type sick struct {
	store.Store
	is func(name string) bool
}

var errForeignFile = errors.New("it belongs to somebody else")

func (s *sick) Get(ctx context.Context, name string) ([]byte, error) {
	if s.is(name) {
		return nil, errForeignFile
	}
	return s.Store.Get(ctx, name)
}

func (s *sick) Put(ctx context.Context, name string, body []byte) error {
	if s.is(name) {
		return errForeignFile
	}
	return s.Store.Put(ctx, name, body)
}

// One object that cannot be read is named, and waited for; the others come, and this person's changes go out.
func TestOneUnreadableObject(t *testing.T) {
	w, a, b := machines(t)
	for _, name := range []string{"Alma Kft.", "Barack Kft.", "Citrom Kft."} {
		a.add(name, "")
	}
	a.sync()
	var bundles []string
	for name := range names(w.mem, prefixAccounts) {
		if _, part, _, _ := splitBundleName(name); part == partRecord {
			bundles = append(bundles, name)
		}
	}
	b.store = &sick{w.mem, func(name string) bool { return name == bundles[1] }}
	b.add("Dió Kft.", "")
	for range 2 * maxTries {
		_, err := b.Sync(t.Context(), false)
		says(t, err, err, "office-trouble")
		if !strings.Contains(err.Error(), bundles[1]) || strings.Contains(err.Error(), bundles[0]) {
			t.Fatal(err)
		}
	}
	if n := len(b.home.tx.Clients); n != 3 {
		t.Errorf("shows %s", b.shows())
	}
	a.sync()
	a.want("/Alma Kft. /Barack Kft. /Citrom Kft. /Dió Kft.")
	b.store = w.mem
	b.sync()
	b.want("/Alma Kft. /Barack Kft. /Citrom Kft. /Dió Kft.")
}

// Nor does one entry of the feed that cannot be read, of one device, hide what the others announce.
func TestOneUnreadableEntryOfTheFeed(t *testing.T) {
	w, a, b := machines(t)
	c := w.joins(a, NewMember{Member: a.member(), Name: "Anna"})
	b.sync()
	a.add("Alma Kft.", "")
	a.sync()
	c.add("Citrom Kft.", "")
	c.sync()
	b.store = &sick{w.mem, func(name string) bool { return strings.HasPrefix(name, prefixFeed+a.state.Device) }}
	b.add("Dió Kft.", "")
	_, err := b.Sync(t.Context(), false)
	says(t, err, err, "office-trouble")
	b.want("/Citrom Kft. /Dió Kft.")
	b.store = w.mem
	b.sync()
	b.want("/Alma Kft. /Citrom Kft. /Dió Kft.")
}

// closed is a store in which one folder may not be read.
type closed struct {
	store.Store
	folder string
}

func (c *closed) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		told := false
		for name, err := range c.Store.List(ctx, prefix, after) {
			switch {
			case !strings.HasPrefix(name, c.folder):
			case told:
				continue
			default:
				name, err, told = c.folder, errForeignFile, true
			}
			if !yield(name, err) {
				return
			}
		}
	}
}

// A folder of one record that may not be read keeps nothing else from being found, and the record is not sealed anew.
func TestOneUnreadableFolder(t *testing.T) {
	w, a, b := machines(t)
	a.add("Alma Kft.", "")
	a.sync()
	b.sync()
	alma, _ := b.state.byLocal(b.home.tx.Clients[0].Account)
	folder := prefixAccounts + alma + "/"
	before := slices.Collect(names(w.mem, folder))
	b.store, b.relist = &closed{w.mem, folder}, true
	a.add("Barack Kft.", "")
	a.sync()
	_, err := b.Sync(t.Context(), false)
	says(t, err, err, "office-trouble")
	b.want("/Alma Kft. /Barack Kft.")
	if after := slices.Collect(names(w.mem, folder)); !slices.Equal(before, after) {
		t.Errorf("%v, before %v", after, before)
	}
}

// One record that cannot be written keeps nothing else from going out, and goes out when it can.
func TestOneUnwritableRecord(t *testing.T) {
	w, a, b := machines(t)
	for _, name := range []string{"Alma Kft.", "Barack Kft."} {
		a.add(name, "")
	}
	a.sync()
	b.sync()
	alma, _ := a.state.byLocal(a.home.tx.Clients[0].Account)
	a.store = &sick{w.mem, func(name string) bool { return strings.Contains(name, alma) }}
	a.change("Alma Kft.", setTax("11111111"))
	a.change("Barack Kft.", setTax("22222222"))
	a.add("Citrom Kft.", "")
	for range 3 {
		r, err := a.Sync(t.Context(), false)
		says(t, err, err, "office-trouble")
		if r.Left.Seal != 1 {
			t.Errorf("left: %+v", r.Left)
		}
	}
	b.sync()
	if got, want := b.numbers(), "Alma Kft. , Barack Kft. 22222222, Citrom Kft. "; got != want {
		t.Errorf("shows %s, want %s", got, want)
	}
	a.store = w.mem
	a.sync()
	b.sync()
	if got, want := b.numbers(), "Alma Kft. 11111111, Barack Kft. 22222222, Citrom Kft. "; got != want {
		t.Errorf("shows %s, want %s", got, want)
	}
}

// A store that fails with everything is not asked for each of a thousand objects.
func TestStoreOutOfReachEndsThePass(t *testing.T) {
	w, a, b := machines(t)
	for n := range 100 {
		a.add(fmt.Sprint("Kft. ", n), "")
	}
	a.sync()
	asked := 0
	b.store = &sick{w.mem, func(name string) bool {
		if strings.HasPrefix(name, prefixAccounts) {
			asked++
			return true
		}
		return false
	}}
	if _, err := b.Sync(t.Context(), false); !errors.Is(err, errForeignFile) || asked > 2*maxTrouble {
		t.Errorf("%v, after %d objects", err, asked)
	}
}

// A roster that another machine is still writing is waited for: it is a true one, and this decision follows it.
func TestRosterOnItsWayIsWaitedFor(t *testing.T) {
	w, a, b := pair(t)
	next := rosterName(a.state.Roster.Number + 1)
	if err := a.Configure(t.Context(), Settings{BookDays: 5, UntilHour: 24}); err != nil {
		t.Fatal(err)
	}
	b.store = halfThere{w.mem, next}
	waited := 0
	b.sleep = func(context.Context, time.Duration) error {
		if waited++; waited == 3 {
			b.store = w.mem
		}
		return nil
	}
	if _, err := b.Invite(t.Context(), NewMember{Name: "Béla", Role: Staff}); err != nil {
		t.Fatal(err)
	}
	if b.state.Roster.Settings.BookDays != 5 || waited != 3 {
		t.Errorf("%d days, waited %d times", b.state.Roster.Settings.BookDays, waited)
	}
}

// A bundle whose Put failed may be there: it is found without a whole listing, so that none is left behind.
func TestPutWhoseAnswerIsLost(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "")
	a.sync()
	a.store = &deaf{w.mem}
	a.change("Alma Kft.", setTax("11111111"))
	if _, err := a.Sync(t.Context(), false); err == nil {
		t.Fatal("no error")
	}
	a.store = w.mem
	a.change("Alma Kft.", setTax("22222222"))
	a.sync()
	a.sync()
	if n := len(slices.Collect(names(w.mem, prefixAccounts))); n != 2 {
		t.Errorf("%d bundles of the two parts", n)
	}
}

// deaf is a store whose answers to Put get lost.
type deaf struct{ store.Store }

func (d *deaf) Put(ctx context.Context, name string, body []byte) error {
	_ = d.Store.Put(ctx, name, body)
	return storetest.ErrFault
}

// The feed of a device that has left is deleted, once everybody has had a day to list what it announced.
func TestFeedOfADeviceThatHasLeft(t *testing.T) {
	w, a, b := machines(t)
	b.add("Alma Kft.", "")
	b.sync()
	if err := a.RemoveDevice(t.Context(), b.state.Device); err != nil {
		t.Fatal(err)
	}
	feed := func() int { return len(slices.Collect(names(w.mem, prefixFeed+b.state.Device))) }
	a.sync()
	if feed() == 0 {
		t.Error("others have not read it yet")
	}
	w.days(1, a)
	if n := feed(); n != 0 {
		t.Errorf("%d entries are left", n)
	}
}

// Anybody can write into a feed that everything was deleted: it is asked for, and nothing follows from it.
func TestFeedThatSaysAllIsGone(t *testing.T) {
	w, a, b := machines(t, "Alma Kft.", "Barack Kft.")
	b.sync()
	before := slices.Collect(names(w.mem, prefixAccounts))
	said := []string{deletedMark, deletedMark + deletedMark, deletedMark + rosterName(0), deletedMark + prefixFeed}
	for name := range w.mem.List(t.Context(), "", "") {
		said = append(said, deletedMark+name)
	}
	body, _ := json.Marshal(said)
	w.mem.Replace(feedName(strings.Repeat("a", idLength), len(said)), body)
	for range 3 {
		for _, k := range []*kapu{a, b} {
			if _, err := k.Sync(t.Context(), false); err != nil {
				t.Fatal(err)
			}
			k.want("/Alma Kft. /Barack Kft.")
		}
	}
	if after := slices.Collect(names(w.mem, prefixAccounts)); !slices.Equal(before, after) {
		t.Errorf("%v, before %v", after, before)
	}
	if len(a.state.Retries)+len(b.state.Retries) != 0 {
		t.Errorf("waited for: %v, %v", a.state.Retries, b.state.Retries)
	}
}

// What a person has changed in a record that may have been taken from them waits until that is known, and then goes
// out: also where the store could not say so at once.
func TestChangeOfASuspectedRecordGoesOut(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	if err := a.Grant(t.Context(), Grant{Member: b.member(), Right: Edit}); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	id := a.state.recordIDs()[0]
	content := bundle{
		Record: id, Part: partRecord, Roster: a.state.Roster.Number, At: wireTime(a.now()), To: []string{a.state.Device},
	}
	for _, e := range a.state.Records[id].edits.ordered() {
		content.Edits = append(content.Edits, *e)
	}
	name, sealed, err := sealBundle(a.box, a.state.Office, &content, a.Office.id, []*seal.Public{a.Office.id.Public()})
	if err != nil {
		t.Fatal(err)
	}
	w.mem.Replace(name, sealed)
	a.state.Outbox = append(a.state.Outbox, name)
	if err := a.newPass().announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	live := b.state.Records[id].liveOf(partRecord)
	b.store = &sick{w.mem, func(name string) bool { return slices.Contains(live, name) }}
	b.change("Alma Kft.", setTax("11111111"))
	if _, err := b.Sync(t.Context(), false); err == nil {
		t.Fatal("no error")
	}
	b.store = w.mem
	b.sync()
	a.sync()
	if got := a.numbers(); got != "Alma Kft. 11111111" {
		t.Errorf("shows %s", got)
	}
}
