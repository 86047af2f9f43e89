package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/seal"
	"kapu/vault"
)

// object is one of the store, and what its reader makes of it or of something else in its place.
type object struct {
	kind    string
	name    string
	sealed  []byte
	accepts func(name string, sealed []byte) bool
	// readers are the offices that the object is read in; with another id they must not take it.
	readers []*kapu
}

// objects are one of each kind, from an office with two admins' machines, an employee and a substitute.
func objects(t *testing.T) []object {
	t.Helper()
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	account := a.add("Alma Kft.", "A")
	a.sync()
	b := w.enters(a, NewMember{Name: "Béla", Role: Staff})
	before, beforeHash := a.state.Roster, a.state.Hash
	err := a.Grant(
		ctx, Grant{Member: b.member(), Right: Codes, Folder: "A", Until: w.clock.now.Add(48 * time.Hour)},
	)
	if err != nil {
		t.Fatal(err)
	}
	a.home.log = append(a.home.log, vault.LogEntry{At: w.clock.now, Act: vault.Added, Name: "Alma Kft."})
	a.sync()
	b.sync()
	text, err := a.Invite(ctx, NewMember{Name: "Cili", Role: Staff})
	if err != nil {
		t.Fatal(err)
	}
	c := w.device()
	if err := c.join(ctx, text, "c@cili", w.open); err != nil {
		t.Fatal(err)
	}
	id, err := a.Record(account)
	if err != nil {
		t.Fatal(err)
	}
	get := func(name string) []byte {
		body, err := w.mem.Get(ctx, name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return body
	}
	one := func(prefix string, is func(string) bool) string {
		for name, err := range w.mem.List(ctx, prefix, "") {
			if err == nil && is(name) {
				return name
			}
		}
		t.Fatalf("no %s", prefix)
		return ""
	}
	bundleIn := func(name string, sealed []byte) bool {
		v, err := openBundle(a.box, a.state.Office, name, sealed, a.id, a.state.Roster)
		return err == nil && a.state.authorize(v) == nil
	}
	rec := one("accounts/"+id+"/", func(n string) bool { return !strings.Contains(n, "/admin/") })
	private := one("accounts/"+id+"/admin/", func(string) bool { return true })
	book := one("books/", func(string) bool { return true })
	page := journalName(a.state.Device, 1)
	seen := one("seen/"+a.state.Device, func(string) bool { return true })
	number := before.Number + 1
	return []object{
		{"roster", rosterName(number), get(rosterName(number)), func(name string, sealed []byte) bool {
			n, err := numberOf(name, prefixRoster)
			if err != nil {
				return false
			}
			_, _, err = readRoster(a.box, sealed, n, a.state.Office, a.id, before, beforeHash)
			return err == nil
		}, []*kapu{a}},
		{"record", rec, get(rec), bundleIn, []*kapu{a}},
		{"private", private, get(private), bundleIn, []*kapu{a}},
		{"book", book, get(book), func(name string, sealed []byte) bool {
			label, err := splitBookName(name)
			if err != nil {
				return false
			}
			_, err = b.openBook(name, label, sealed, signingKeys(b.state.Roster.admins()))
			return err == nil
		}, []*kapu{b}},
		{"join", joinName(c.state.Device), get(joinName(c.state.Device)), func(name string, sealed []byte) bool {
			device, ok := splitJoinName(name)
			a.state.Requests = map[string]*Request{}
			return ok && a.receiveRequest(device, sealed) == nil
		}, []*kapu{a}},
		{"journal", page, get(page), func(name string, sealed []byte) bool {
			device := strings.Split(name, "/")[1]
			n, err := numberOf(name, prefixJournal+device+"/")
			if err != nil {
				return false
			}
			was := get(page)
			defer w.mem.Replace(page, was)
			w.mem.Replace(name, sealed)
			a.pages = nil // what was opened before is not read again
			lines, gaps, err := a.readPages(ctx, device, []int{n})
			if name != page {
				_ = w.mem.Delete(ctx, name)
			}
			return err == nil && len(lines) > 0 && len(gaps) == 0
		}, []*kapu{a}},
		{"seen", seen, get(seen), func(name string, sealed []byte) bool {
			device := strings.Split(name, "/")[1]
			d := a.state.Roster.device(device)
			if d == nil {
				return false
			}
			var said heartbeat
			body, _, err := a.box.open(seenContext(a.state.Office, device), sealed, a.id, d.Public.SigningKey())
			return err == nil && strict(body, &said) == nil && said.Device == device
		}, []*kapu{a}},
		{"state", stateFile, b.home.files[stateFile], func(_ string, sealed []byte) bool {
			home := newMemHome()
			home.files[stateFile] = sealed
			_, err := readState(b.box, home, b.root)
			return err == nil
		}, nil},
	}
}

// named gives altered bytes the name that whoever altered them would give them.
func (o *object) named(sealed []byte) string {
	if record, part, _, err := splitBundleName(o.name); err == nil {
		return bundleName(record, part, sealed)
	}
	return o.name
}

func TestNothingAlteredIsTaken(t *testing.T) {
	for _, o := range objects(t) {
		t.Run(o.kind, func(t *testing.T) {
			if !o.accepts(o.name, o.sealed) {
				t.Fatal("the good one is not taken")
			}
			// Every byte where the format has most to say, some of the rest, and the end.
			at := func(i int) bool {
				return i < 60 || i < 1200 && i%16 == 0 || i%211 == 0 || i > len(o.sealed)-18
			}
			for i := range o.sealed {
				if !at(i) {
					continue
				}
				bad := bytes.Clone(o.sealed)
				bad[i] ^= 1 << (i % 8)
				if o.accepts(o.named(bad), bad) {
					t.Errorf("taken with byte %d flipped", i)
				}
				if cut := o.sealed[:i]; o.accepts(o.named(cut), cut) {
					t.Errorf("taken when cut to %d bytes", i)
				}
			}
			long := append(bytes.Clone(o.sealed), '\n')
			if o.accepts(o.named(long), long) {
				t.Error("taken with a byte more")
			}
		})
	}
}

func TestNothingIsTakenInAnothersPlace(t *testing.T) {
	all := objects(t)
	other := strings.Repeat("b", idLength)
	swapped := map[string][]string{ // to these names
		"roster":  {rosterName(0), rosterName(1), rosterName(99)},
		"record":  {bundleName(other, partRecord, all[1].sealed), bundleName(strings.Split(all[1].name, "/")[1], partPrivate, all[1].sealed)},
		"private": {bundleName(other, partPrivate, all[2].sealed), bundleName(strings.Split(all[2].name, "/")[1], partRecord, all[2].sealed)},
		"join":    {joinName(other)},
	}
	label, err := splitBookName(all[3].name)
	if err != nil {
		t.Fatal(err)
	}
	swapped["book"] = []string{
		bookName(other, label.device, label.from, label.until, label.fingerprint),
		bookName(label.record, other, label.from, label.until, label.fingerprint),
		bookName(label.record, label.device, label.from, label.until.Add(time.Hour), label.fingerprint),
		bookName(label.record, label.device, label.from, label.until, strings.Repeat("a", printLength)),
	}
	device := strings.Split(all[5].name, "/")[1]
	swapped["journal"] = []string{journalName(device, 2), journalName(label.device, 1)}
	swapped["seen"] = []string{prefixSeen + label.device + "/20261123"}
	for _, o := range all {
		for _, name := range swapped[o.kind] {
			if name != o.name && o.accepts(name, o.sealed) {
				t.Errorf("%s: taken as %s", o.kind, name)
			}
		}
		for _, p := range all {
			if p.kind != o.kind && o.accepts(o.named(p.sealed), p.sealed) {
				t.Errorf("%s: a %s is taken in its place", o.kind, p.kind)
			}
		}
		for _, k := range o.readers { // the same machines in another office
			was := k.state.Office
			k.state.Office = other
			if o.accepts(o.name, o.sealed) {
				t.Errorf("%s: taken in another office", o.kind)
			}
			k.state.Office = was
		}
	}
}

func TestInvitationWithOneWrongCharacter(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	text, err := a.Invite(context.Background(), NewMember{Name: "Béla", Role: Staff})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := readInvitation(" " + text[:40] + "\r\n  " + text[40:] + "\n"); err != nil || v.Office != a.state.Office {
		t.Fatalf("broken into lines: %v, %v", v, err)
	}
	for i := range text {
		bad := []byte(text)
		bad[i] = 'A'
		if text[i] == 'A' {
			bad[i] = 'B'
		}
		if _, err := readInvitation(string(bad)); !errors.Is(err, ErrInvite) {
			t.Errorf("character %d: %v", i, err)
		}
		if _, err := readInvitation(text[:i]); !errors.Is(err, ErrInvite) {
			t.Errorf("cut to %d: %v", i, err)
		}
	}
	for _, bad := range []string{"", invitationMark, invitationMark + "AAAA", text + text, strings.ToUpper(text)} {
		if _, err := readInvitation(bad); !errors.Is(err, ErrInvite) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	v, _ := readInvitation(text)
	for name, change := range map[string]func(*invitation){
		"a newer version":         func(v *invitation) { v.Version = 2 },
		"another office":          func(v *invitation) { v.Office = strings.Repeat("b", idLength) },
		"another roster":          func(v *invitation) { v.Number-- },
		"another hash":            func(v *invitation) { v.Hash = strings.Repeat("b", hashLength) },
		"another secret":          func(v *invitation) { v.Secret = a.id.String() },
		"a secret that is none":   func(v *invitation) { v.Secret = "AGE-SECRET-KEY-PQ-1" },
		"an end that has come":    func(v *invitation) { v.Until = w.clock.now.Add(-time.Second) },
		"a roster that is to be":  func(v *invitation) { v.Number = 1 << 40 },
		"a number below all ones": func(v *invitation) { v.Number = -1 },
	} {
		bad := *v
		change(&bad)
		c := w.device()
		if err := c.join(context.Background(), bad.String(), "c@c", w.open); !errors.Is(err, ErrInvite) && name != "another secret" {
			t.Errorf("%s: %v", name, err)
		} else if err == nil {
			t.Errorf("%s: taken", name)
		}
		if _, err := c.home.Read(stateFile); err == nil {
			t.Errorf("%s: a state is left behind", name)
		}
	}
}

// What anybody can write who can write into the store is neither signed nor sealed: the feed, and names.
func TestPranksInTheStoreStopNobody(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	id := strings.Repeat("a", idLength)
	sum := strings.Repeat("a", hashLength)
	names := []string{
		"", "accounts/", "accounts/../../etc/passwd", "accounts/" + id + "/" + strings.ToUpper(sum), "accounts/" + id + "/..", "joins/..", "joins/" + id,
		"accounts/" + id + "/" + sum, "accounts/" + id + "/admin/" + sum, "accounts/" + strings.Repeat("/", idLength) + "/" + sum,
		"books/" + id + "/" + b.state.Device + "/202611230000-202611240000-../x", "books/" + id + "/" + b.state.Device + "/202611230000-202611240000-" + sum[:printLength],
		strings.Repeat("x", 5000), "roster/000000000001", "\x00", "accounts/" + id + "/" + sum + "\x00",
	}
	body, _ := json.Marshal(names)
	next := a.state.Feed.Announced
	for i, text := range [][]byte{body, []byte("{"), []byte("null"), []byte(`[1]`), bytes.Repeat([]byte("["), 100_000), nil} {
		w.mem.Replace(feedName(a.state.Device, next+1+i), text)
		w.mem.Replace(feedName(id, 1+i), text)
	}
	for _, device := range []string{a.state.Device, b.state.Device, id} {
		w.mem.Replace(feedName(device, 999_999_999_999), []byte("[]"))
	}
	for i := range 2 * maxStrangers {
		w.mem.Replace(feedName(short(fmt.Append(nil, i)), 1), body)
	}
	for _, name := range []string{
		"accounts/" + id + "/" + sum, "accounts/" + id + "/admin/" + sum, "accounts/x", "joins/" + id, "joins/x", "books/x/y/z",
		"journal/" + a.state.Device + "/999999999999", "journal/x/000000000001", "seen/" + a.state.Device + "/99999999", "seen/x", "feed/x", "roster/x",
		"roster/999999999999",
	} {
		w.mem.Replace(name, []byte("not one of ours"))
	}
	for range maxTries + 2 {
		a.sync()
		b.sync()
	}
	a.add("Banán Bt.", "B")
	a.sync()
	b.sync()
	b.want("A/Alma Kft. B/Banán Bt.")
	if n := len(a.state.Retries) + len(b.state.Retries); n != 0 {
		t.Errorf("%d names are still waited for", n)
	}
	if _, err := a.LastSeen(ctx); err != nil {
		t.Error(err)
	}
	c := w.enters(b, NewMember{Member: a.member(), Name: "Anna"}) // a new machine finds its way, too
	c.want("A/Alma Kft. B/Banán Bt.")
}

func TestOldStateOfAnObjectBringsNothingBack(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	old := map[string][]byte{}
	for name := range w.mem.List(ctx, "", "") {
		old[name], _ = w.mem.Get(ctx, name)
	}
	a.change("Alma Kft.", func(acc *vault.Account, c *vault.Client) { c.Folder, acc.Key.Secret = "Z", "GEZDGNBVGY3TQOJQ" })
	a.add("Banán Bt.", "B")
	a.sync()
	b.sync()
	for name, body := range old { // what was deleted comes back
		_ = w.mem.Put(ctx, name, body)
	}
	for _, k := range []*kapu{a, b, a, b} {
		k.relist = true
		k.sync()
		k.want("B/Banán Bt. Z/Alma Kft.")
	}
	// The whole store as it was: nothing is lost, and it is filled again.
	for name := range w.mem.List(ctx, "", "") {
		if old[name] == nil {
			_ = w.mem.Delete(ctx, name)
		}
	}
	for name, body := range old {
		w.mem.Replace(name, body)
	}
	for _, k := range []*kapu{a, b} {
		k.relist = true
		k.sync()
		k.want("B/Banán Bt. Z/Alma Kft.")
	}
	found := 0
	for name := range w.mem.List(ctx, prefixAccounts, "") {
		body, _ := w.mem.Get(ctx, name)
		if v, err := openBundle(a.box, a.state.Office, name, body, a.id, a.state.Roster); err == nil && v.Part == partRecord && strings.Contains(nameOf(v.edits.fields()), "Banán") {
			found++
		}
	}
	if found == 0 {
		t.Error("what the store has lost is not put there again")
	}
}

// An age file for the right reader, but not signed by whom it should be.
func TestOnlyTheAuthorsSignatureCounts(t *testing.T) {
	for _, o := range objects(t) {
		if o.kind == "state" {
			continue
		}
		stranger, err := seal.NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		k := o.readers[0]
		context, body := reseal(t, k, o)
		bad, err := seal.Seal(context, body, stranger, k.id.Public())
		if err != nil {
			t.Fatal(err)
		}
		if o.accepts(o.named(bad), bad) {
			t.Errorf("%s: taken from a stranger", o.kind)
		}
	}
}

// reseal is the context and body of an object.
func reseal(t *testing.T, k *kapu, o object) (string, []byte) {
	t.Helper()
	device := ""
	if parts := strings.Split(o.name, "/"); len(parts) > 1 {
		device = parts[1]
	}
	n, _ := numberOf(o.name, prefixRoster)
	context := map[string]string{
		"roster": rosterContext(k.state.Office, n), "record": bundleContext(k.state.Office, device, partRecord),
		"private": bundleContext(k.state.Office, device, partPrivate), "book": bookContext(k.state.Office, o.name),
		"join": joinContext(k.state.Office, device), "journal": journalContext(k.state.Office, device), "seen": seenContext(k.state.Office, device),
	}[o.kind]
	var keys []string
	for i := range k.state.Roster.Devices {
		keys = append(keys, k.state.Roster.Devices[i].Public.SigningKey())
	}
	body, _, err := seal.OpenBy(context, o.sealed, k.id, func(body []byte) []string {
		var r request
		if o.kind == "join" && json.Unmarshal(body, &r) == nil {
			return []string{r.Public.SigningKey()}
		}
		return keys
	})
	if err != nil {
		t.Fatalf("%s: %v", o.kind, err)
	}
	return context, slices.Clone(body)
}
