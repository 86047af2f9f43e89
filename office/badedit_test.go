package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/seal"
	"kapu/vault"
)

// forge makes an edit that is right but for what change does to it.
func (k *kapu) forge(record, part string, set map[string]string, change func(*edit)) signedEdit {
	k.t.Helper()
	es := edits{}
	if r := k.state.Records[record]; r != nil {
		es = r.part(part)
	}
	now := k.now().UnixMilli()
	e := &edit{
		Parents: es.heads(), Roster: k.state.Roster.Number, By: k.state.Device, Time: now, Clock: max(now, es.latestClock()+1), Set: set,
	}
	if change != nil {
		change(e)
	}
	root := len(e.Parents) == 0 && part == partRecord
	signed, err := signEdit(e, editContext(k.state.Office, record, part == partPrivate, root), k.id)
	if err != nil {
		k.t.Fatal(err)
	}
	return signed
}

// smuggle puts a bundle of a record into the store: all that this device knows and some more edits. change may make it
// wrong; it returns the readers if they are others than the bundle declares.
func (k *kapu) smuggle(record, part string, more []signedEdit, change func(*bundle) []*seal.Public) {
	k.t.Helper()
	es := edits{}
	content := bundle{Record: record, Part: part, Roster: k.state.Roster.Number, At: wireTime(k.now())}
	if r := k.state.Records[record]; r != nil {
		for _, e := range r.part(part).ordered() {
			content.Edits = append(content.Edits, *e)
		}
	}
	content.Edits = append(content.Edits, more...)
	for i := range content.Edits {
		e := &content.Edits[i]
		if e.parse() == nil {
			es[e.id] = e
		}
	}
	f := foldersOf(es.fields())
	if part == partPrivate {
		f = foldersOf(k.state.Records[record].edits.fields())
	}
	content.To = k.state.Roster.readers(facts{record, f}, part == partPrivate, content.At)
	var to []*seal.Public
	if change != nil {
		to = change(&content)
	}
	if to == nil {
		to = k.state.Roster.publicKeys(content.To)
	}
	name, sealed, err := sealBundle(k.box, k.state.Office, &content, k.id, to)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.st.Put(context.Background(), name, sealed); err != nil {
		k.t.Fatal(err)
	}
}

// looks is a sync that asks for all names.
func (k *kapu) looks() { k.t.Helper(); k.relist = true; k.sync() }

func (k *kapu) record(client string) string {
	k.t.Helper()
	for _, c := range k.home.tx.Clients {
		if c.Name == client {
			id, err := k.Record(c.Account)
			if err != nil {
				k.t.Fatal(err)
			}
			return id
		}
	}
	k.t.Fatalf("no client %q", client)
	return ""
}

// field is the name of a field of a record's only client.
func (k *kapu) field(record, name string) string {
	return clientPrefix + clientIDs(k.state.Records[record].edits.fields())[0] + "." + name
}

// enters is joins without the invitation and its words, which cost more than all the rest.
func (w *world) enters(admin *kapu, n NewMember) *kapu {
	w.t.Helper()
	k := w.device()
	id := DeviceID(k.id.Public())
	err := admin.decide(context.Background(), func(r *Roster) error {
		if n.Member == "" {
			n.Member = newID()
			r.Members = append(r.Members, Member{n.Member, n.Name, "", n.Role})
		}
		r.Devices = append(r.Devices, Device{ID: id, Member: n.Member, Name: "b@" + n.Name, Public: k.id.Public(), Since: r.Number})
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	s := newState()
	s.Store, s.Office, s.Device, s.Roster, s.Hash = "mem", admin.state.Office, id, admin.state.Roster.clone(), admin.state.Hash
	k.state, k.store, k.dirty = s, w.mem, true
	if err := k.save(); err != nil {
		w.t.Fatal(err)
	}
	admin.sync()
	k.sync()
	return k
}

// crowd is an office with two admins' machines, and two employees: Béla may edit folder B and use folder A, Cili may
// use both.
func crowd(t *testing.T) (w *world, anna, second, béla, cili *kapu) {
	t.Helper()
	w = newWorld(t)
	anna = w.founder("Anna")
	anna.add("Alma Kft.", "A")
	anna.add("Banán Bt.", "B")
	anna.sync()
	béla = w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	cili = w.enters(anna, NewMember{Name: "Cili", Role: Staff})
	err := anna.Grant(
		context.Background(), Grant{Member: béla.member(), Right: Edit, Folder: "B"}, Grant{Member: béla.member(), Right: Use, Folder: "A"},
		Grant{Member: cili.member(), Right: Use},
	)
	if err != nil {
		t.Fatal(err)
	}
	anna.sync()
	second = w.enters(anna, NewMember{Member: anna.member(), Name: "Anna"})
	for _, k := range []*kapu{béla, cili, anna} {
		k.sync()
	}
	return w, anna, second, béla, cili
}

// agree syncs all until they have heard of each other, and checks that they hold the same edits of a record.
func agree(t *testing.T, record string, all ...*kapu) {
	t.Helper()
	for range 3 {
		for _, k := range all {
			k.looks()
		}
	}
	for _, k := range all[1:] {
		a, b := all[0].state.Records[record].edits.fields(), k.state.Records[record].edits.fields()
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("two show different records:\n%v\n%v", a, b)
		}
	}
}

func TestEditsThatNobodyTakes(t *testing.T) {
	_, a, a2, b, c := crowd(t)
	alma, banán := b.record("Alma Kft."), b.record("Banán Bt.")
	folder, name := b.field(alma, fieldFolder), b.field(alma, fieldName)
	rename := map[string]string{name: "Rossz Kft."}
	early := a.state.Past[0].Number
	other := func(e *edit) { e.By = a.state.Device }
	for _, bad := range []struct {
		what string
		edit signedEdit
	}{
		{"of a record that it may only use", b.forge(alma, partRecord, rename, nil)},
		{"that takes a record into its own folder first", b.forge(alma, partRecord, map[string]string{folder: "B"}, nil)},
		{"that names another as its author", b.forge(alma, partRecord, rename, other)},
		{"that names nobody as its author", b.forge(alma, partRecord, rename, func(e *edit) { e.By = strings.Repeat("a", idLength) })},
		{"with parents that never were", b.forge(alma, partRecord, rename, func(e *edit) { e.Parents = []string{strings.Repeat("a", idLength)} })},
		{"that cites a roster before it came", b.forge(alma, partRecord, rename, func(e *edit) { e.Roster = early })},
		{"that cites a roster from before all that are known", b.forge(alma, partRecord, rename, func(e *edit) { e.Roster = 0 })},
		{"that removes the record", b.forge(alma, partRecord, map[string]string{fieldGone: "yes"}, nil)},
		{"that is a second beginning", b.forge(alma, partRecord, map[string]string{name: "Rossz Kft.", folder: "B"}, func(e *edit) { e.Parents = nil })},
	} {
		t.Run(bad.what, func(t *testing.T) {
			b.smuggle(alma, partRecord, []signedEdit{bad.edit}, nil)
			for _, k := range []*kapu{a, a2, c} {
				k.t = t
				k.looks()
				k.want("A/Alma Kft. B/Banán Bt.")
			}
		})
	}
	a.t, a2.t, c.t = t, t, t
	agree(t, banán, a, a2, c)
}

// A bad edit in company: the good ones beside it count, and all come to the same record.
func TestBadEditDoesNotHideGoodOnes(t *testing.T) {
	w, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	good := b.forge(banán, partRecord, map[string]string{b.field(banán, fieldTax): "12345678"}, nil)
	bad := b.forge(banán, partRecord, map[string]string{b.field(banán, fieldName): "Rossz Bt."}, func(e *edit) { e.Roster = 1 }) // had no right then
	b.smuggle(banán, partRecord, []signedEdit{good, bad}, nil)
	// Somebody who came later than the roster that the bad one cites, and cannot judge it.
	d := w.enters(a2, NewMember{Member: a.member(), Name: "Anna"})
	agree(t, banán, a, a2, c, d)
	a.want("A/Alma Kft. B/Banán Bt.")
	if tax := a.state.Records[banán].edits.fields()[b.field(banán, fieldTax)]; tax != "12345678" {
		t.Error("the good edit is lost")
	}
	d.change("Banán Bt.", func(_ *vault.Account, c *vault.Client) { c.Folder = "C" })
	agree(t, banán, d, a, a2, c)
	a.want("A/Alma Kft. C/Banán Bt.")
}

// Who came later knows fewer rosters and judges some edits otherwise. Nobody can use that to keep two admins apart.
func TestAdminsWhoJudgeDifferentlyAgree(t *testing.T) {
	w, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	d := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	for _, k := range []*kapu{a, a2, b, c} {
		k.looks()
	}
	bad := b.forge(banán, partRecord, map[string]string{b.field(banán, fieldName): "Régi Bt."}, func(e *edit) { e.Roster = 1 }) // had no right then
	b.smuggle(banán, partRecord, []signedEdit{bad}, nil)
	if v := a.state.rosterAt(1); v == nil || d.state.rosterAt(1) != nil {
		t.Fatal("both know the same rosters")
	}
	d.looks()
	d.want("A/Alma Kft. B/Régi Bt.") // Béla may edit it today
	agree(t, banán, d, a, a2, c)
	a.change("Régi Bt.", func(_ *vault.Account, c *vault.Client) { c.Name = "Banán Bt." })
	agree(t, banán, a, a2, c, d)
	d.want("A/Alma Kft. B/Banán Bt.")
}

func TestNoClockIsSoHighThatNobodyGetsPast(t *testing.T) {
	_, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	name := b.field(banán, fieldName)
	for what, change := range map[string]func(*edit){
		"the highest there is":      func(e *edit) { e.Clock = 1<<63 - 1 },
		"the highest that is taken": func(e *edit) { e.Clock = maxClock },
		"a little too high":         func(e *edit) { e.Clock++ },
		"too low":                   func(e *edit) { e.Clock, e.Time = e.Time-1000, e.Time-2000 },
		"high, with lost parents":   func(e *edit) { e.Clock, e.Parents = maxClock, []string{strings.Repeat("a", idLength)} },
		"a time below zero":         func(e *edit) { e.Time, e.Clock = -1, 0 },
	} {
		b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, map[string]string{name: "Rossz"}, change)}, nil)
		for _, k := range []*kapu{a, c} {
			k.looks()
			if got := k.shows(); !strings.Contains(got, "Banán Bt.") {
				t.Errorf("%s: shows %q", what, got)
			}
		}
	}
	// A machine whose clock is centuries ahead is no reason: what others change later, in sight of it, counts.
	b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, map[string]string{name: "Jövő Bt."}, func(e *edit) { e.Time, e.Clock = maxTime, maxTime })}, nil)
	a.looks()
	a.want("A/Alma Kft. B/Jövő Bt.")
	a.change("Jövő Bt.", func(_ *vault.Account, c *vault.Client) { c.Name = "Banán Bt." })
	agree(t, banán, a, a2, c)
	c.want("A/Alma Kft. B/Banán Bt.")
}

// So many changes at once that no edit can name them all.
func TestVeryManyChangesAtOnce(t *testing.T) {
	_, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	var many []signedEdit
	heads := b.state.Records[banán].edits.heads()
	for i := range maxParents + 50 {
		many = append(many, b.forge(banán, partRecord, map[string]string{b.field(banán, fieldTax): fmt.Sprint(i)}, func(e *edit) { e.Parents = heads }))
	}
	b.smuggle(banán, partRecord, many, nil)
	a.looks()
	a.change("Banán Bt.", func(_ *vault.Account, c *vault.Client) { c.Name = "Barack Bt." })
	agree(t, banán, a, a2, c)
	c.want("A/Alma Kft. B/Barack Bt.")
	a.state = nil // a new session reads its state
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
}

func TestNoteOfFiveThousandAccentedCharacters(t *testing.T) {
	_, a, a2, _, _ := crowd(t)
	note := strings.Repeat("ű", 5000)
	a.change("Alma Kft.", func(acc *vault.Account, _ *vault.Client) { acc.Note = note })
	agree(t, a.record("Alma Kft."), a, a2)
	if i := slices.IndexFunc(a2.home.tx.Accounts, func(acc vault.Account) bool { return acc.Note == note }); i < 0 {
		t.Error("the note has not arrived")
	}
	a.state = nil
	if err := a.load(); err != nil {
		t.Fatal(err)
	}
}

// A newer Kapu may know what this one does not. It cannot show it then; that must not pass for the person's removing
// it.
func TestRecordThatThisVersionCannotShow(t *testing.T) {
	_, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	good := b.state.Records[banán].edits.fields()[fieldKey]
	for _, set := range []map[string]string{
		{fieldKey: `{"kind":"quantum","secret":"x"}`},
		{fieldKey: `[]`},
		{fieldKey: ""},
		{b.field(banán, fieldName): "\n "},
		{b.field(banán, fieldName): strings.Repeat("x", 1000)},
		{fieldPassword: "soon"},
	} {
		b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, set, nil)}, nil)
		b.looks()
		agree(t, banán, a, a2, b, c)
		a.want("A/Alma Kft.")
		for _, k := range []*kapu{a, a2, b, c} {
			if f := k.state.Records[banán].edits.fields(); f[fieldGone] != "" {
				t.Fatalf("%v: somebody has removed it", set)
			}
		}
		back := map[string]string{fieldKey: good, b.field(banán, fieldName): "Banán Bt.", fieldPassword: ""}
		b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, back, nil)}, nil)
		b.looks()
		agree(t, banán, a, a2, b, c)
		a.want("A/Alma Kft. B/Banán Bt.")
	}
}

// Naming another record's client in one's own would take it away from there.
func TestClientOfAnotherRecordIsNotTaken(t *testing.T) {
	w, a, a2, b, c := crowd(t)
	alma, banán := b.record("Alma Kft."), b.record("Banán Bt.")
	victim := clientIDs(b.state.Records[alma].edits.fields())[0]
	set := map[string]string{clientPrefix + victim + "." + fieldName: "Lopott Kft.", clientPrefix + victim + "." + fieldFolder: "B"}
	own := a.home.tx // and one that is only Anna's
	a.state.Own["own-account"] = true
	if _, err := own.PutAccount(vault.Account{ID: "own-account", Key: own.Accounts[0].Key}); err != nil {
		t.Fatal(err)
	}
	mine, err := own.PutClient(vault.Client{Account: "own-account", Name: "Saját"})
	if err != nil {
		t.Fatal(err)
	}
	set[clientPrefix+mine.ID+"."+fieldName] = "Lopott is"
	b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, set, nil)}, nil)
	for _, k := range []*kapu{a, a2, c, a, a2} {
		k.looks()
	}
	a.want("/Saját A/Alma Kft. B/Banán Bt.")
	if got := a2.shows(); !strings.Contains(got, "A/Alma Kft.") {
		t.Errorf("the second machine shows %q", got)
	}
	if f := a.state.Records[alma].edits.fields(); len(clientIDs(f)) != 1 {
		t.Errorf("the record has lost its client: %v", f)
	}
	d := w.enters(a, NewMember{Member: a.member(), Name: "Anna"})
	if got := d.shows(); !strings.Contains(got, "A/Alma Kft.") {
		t.Errorf("a new machine shows %q", got)
	}
	agree(t, alma, a, a2, c, d)
}

func TestPartForAdminsIsAdminsOnly(t *testing.T) {
	ctx := context.Background()
	_, a, a2, b, _ := crowd(t)
	b.add("Citrom Kft.", "B") // Béla's own: he says everything about it once
	b.sync()
	a.sync()
	citrom, alma := a.record("Citrom Kft."), b.record("Alma Kft.")
	private := func(k *kapu, record string) map[string]string { return k.state.Records[record].private.fields() }
	if got := private(a, citrom)[fieldDeletion]; got != "törlő-Citrom Kft." {
		t.Fatalf("what came with the account: %q", got)
	}
	a.change("Citrom Kft.", func(acc *vault.Account, _ *vault.Client) { acc.DeletionCode = "új" })
	a.sync()
	root := b.state.Records[citrom].edits[citrom].edit.Time
	for what, e := range map[string]signedEdit{
		"later":                  b.forge(citrom, partPrivate, map[string]string{fieldDeletion: "rossz"}, func(e *edit) { e.Parents = nil }),
		"as if at the beginning": b.forge(citrom, partPrivate, map[string]string{fieldDeletion: "rossz"}, func(e *edit) { e.Parents, e.Time, e.Clock = nil, root, e.Clock+1000 }),
		"the work list": b.forge(citrom, partPrivate, map[string]string{exposurePrefix + b.state.Device: "{}"}, func(e *edit) {
			e.Parents, e.Time, e.Clock = nil, root, root
		}),
	} {
		b.smuggle(citrom, partPrivate, []signedEdit{e}, nil)
		a.looks()
		if got := private(a, citrom); got[fieldDeletion] != "új" || len(got) != 2 {
			t.Errorf("%s: %v", what, got)
		}
	}
	b.smuggle(alma, partPrivate, []signedEdit{b.forge(alma, partPrivate, map[string]string{fieldDeletion: "rossz"}, nil)}, nil)
	a.looks()
	a2.looks()
	if got := private(a, alma)[fieldDeletion]; got != "törlő-Alma Kft." {
		t.Errorf("an employee has changed a deletion code: %q", got)
	}
	// Who loses the key is written down; they cannot wipe it away.
	v, _ := a.View()
	for _, g := range v.Roster.Grants {
		if g.Member == b.member() && g.Folder == "B" {
			if err := a.Revoke(ctx, g.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.sync()
	if len(a.Worklist()) != 2 { // Banán and Citrom
		t.Fatalf("work list %+v", a.Worklist())
	}
	b.smuggle(citrom, partPrivate, []signedEdit{b.forge(citrom, partPrivate, map[string]string{exposurePrefix + b.state.Device: ""}, func(e *edit) { e.Parents = nil })}, nil)
	a.looks()
	if len(a.Worklist()) != 2 {
		t.Error("an employee has wiped the work list")
	}
}

func TestBundlesSealedToOthersThanTheRosterSays(t *testing.T) {
	w, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	spy := w.device()
	tax := map[string]string{b.field(banán, fieldTax): "99999999"}
	drop := func(list []string, id string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == id })
	}
	for what, change := range map[string]func(*bundle) []*seal.Public{
		"to one more, not declared": func(v *bundle) []*seal.Public { return append(b.state.Roster.publicKeys(v.To), spy.id.Public()) },
		"to one more, declared": func(v *bundle) []*seal.Public {
			v.To = append(v.To, DeviceID(spy.id.Public()))
			slices.Sort(v.To)
			return append(b.state.Roster.publicKeys(v.To), spy.id.Public())
		},
		"to one less":                    func(v *bundle) []*seal.Public { v.To = drop(v.To, c.state.Device); return nil },
		"to one less, declared all same": func(v *bundle) []*seal.Public { return b.state.Roster.publicKeys(drop(v.To, c.state.Device)) },
		"in no order":                    func(v *bundle) []*seal.Public { slices.Reverse(v.To); return nil },
		"by a roster that is to come":    func(v *bundle) []*seal.Public { v.Roster = 1 << 40; return nil },
		"by a roster below all":          func(v *bundle) []*seal.Public { v.Roster = -1; return nil },
	} {
		b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, tax, nil)}, change)
		for _, k := range []*kapu{a, a2} {
			k.looks()
			if f := k.state.Records[banán].edits.fields(); f[b.field(banán, fieldTax)] != "" {
				t.Errorf("%s: taken", what)
			}
		}
	}
	// One declared reader cannot open it though the number is right: an admin's device sees to it that they can.
	b.smuggle(banán, partRecord, []signedEdit{b.forge(banán, partRecord, tax, nil)}, func(v *bundle) []*seal.Public {
		return append(b.state.Roster.publicKeys(drop(v.To, c.state.Device)), spy.id.Public())
	})
	agree(t, banán, c, a, a2)
	if f := c.state.Records[banán].edits.fields(); f[b.field(banán, fieldTax)] == "" {
		t.Error("a reader was kept from what the others have")
	}
	n := 0
	for name := range w.mem.List(context.Background(), prefixAccounts+banán+"/", "") {
		if _, part, _, err := splitBundleName(name); err == nil && part == partRecord && a.state.Records[banán].Live[name] != nil {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d bundles are left of one record", n)
	}
}

// Someone who has left still has their keys, and maybe the folder too.
func TestDepartedMembersLateWork(t *testing.T) {
	ctx := context.Background()
	_, a, a2, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	late := b.forge(banán, partRecord, map[string]string{b.field(banán, fieldName): "Késő Bt."}, nil)
	if err := a.RemoveMember(ctx, b.member()); err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.smuggle(banán, partRecord, []signedEdit{late}, nil)
	agree(t, banán, a, a2, c)
	c.want("A/Alma Kft. B/Banán Bt.")
	c.smuggle(banán, partRecord, []signedEdit{late}, nil) // an accomplice who may not edit hands it in
	agree(t, banán, a, a2)
	a.want("A/Alma Kft. B/Banán Bt.")
}

// Books come from admins. One who has left makes no new ones; what was taken before is good until there is another.
func TestBooksByOthersThanAdmins(t *testing.T) {
	ctx := context.Background()
	w, a, _, b, c := crowd(t)
	banán := b.record("Banán Bt.")
	zoli := w.enters(a, NewMember{Name: "Zoli", Role: Admin})
	for _, k := range []*kapu{zoli, b} {
		if err := a.RemoveMember(ctx, k.member()); err != nil {
			t.Fatal(err)
		}
	}
	a.sync()
	c.sync()
	until := w.clock.now.Add(24 * time.Hour).Truncate(time.Hour)
	name := bookName(banán, c.state.Device, until.Add(-48*time.Hour), until, strings.Repeat("a", printLength))
	label, err := splitBookName(name)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(book{
		Record: banán, Device: c.state.Device, Made: wireTime(until), Period: 30, Digits: 6, Card: bookCard{Clients: []bookClient{{"x", "Y", "", ""}}},
		Turn: make([]byte, turnKeyLength),
	})
	for _, by := range []struct {
		who         string
		k           *kapu
		taken, kept bool
	}{{"an admin", a, true, true}, {"an admin who has left", zoli, false, true}, {"an employee", c, false, false}, {"one who has left", b, false, false}} {
		sealed, err := seal.Seal(bookContext(c.state.Office, name), body, by.k.id, c.id.Public())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.newPass().receiveBook(name, label, sealed); (err == nil) != by.taken {
			t.Errorf("by %s: %v", by.who, err)
		}
		if _, err := c.openCached(name, label, sealed); (err == nil) != by.kept {
			t.Errorf("kept, by %s: %v", by.who, err)
		}
	}
}
