package office

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/seal"
)

// glassBox is a box that anybody has signed: what a fuzzer finds behind it is what a member of the office could do.
type glassBox struct{}

func (glassBox) seal(_ string, body []byte, _ *seal.Identity, _ ...*seal.Public) ([]byte, error) {
	return body, nil
}

func (glassBox) open(_ string, sealed []byte, _ *seal.Identity, authors ...string) ([]byte, string, error) {
	return sealed, authors[len(authors)-1], nil
}

func (glassBox) openBy(_ string, sealed []byte, _ *seal.Identity, authors func([]byte) []string) ([]byte, string, error) {
	list := authors(sealed)
	if len(list) == 0 {
		return nil, "", seal.ErrForged
	}
	return sealed, list[0], nil
}

func (glassBox) recipients(sealed []byte) (int, error) {
	var v struct {
		To []string `json:"to"`
	}
	return len(v.To), json.Unmarshal(sealed, &v)
}

func (glassBox) words(office, invite, device string) string { return office + invite + device }

// glassOffice is an office of an admin and an employee who may edit folder B, as the admin's machine sees it.
func glassOffice(f testing.TB) (admin, employee *Office) {
	f.Helper()
	var offices []*Office
	r := &Roster{Name: "Iroda", Settings: Settings{BookDays: 3, UntilHour: 24}}
	for i, role := range []Role{Admin, Staff} {
		id, err := seal.NewIdentity()
		if err != nil {
			f.Fatal(err)
		}
		o := newOffice(newMemHome(), id)
		o.box, o.store = glassBox{}, &storetest.Mem{}
		o.now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
		member := strings.Repeat(string(rune('a'+i)), idLength)
		r.Members = append(r.Members, Member{member, "Tag " + member[:1], "", role})
		r.Devices = append(r.Devices, Device{ID: DeviceID(id.Public()), Member: member, Name: "x@y", Public: id.Public()})
		offices = append(offices, o)
	}
	r.Grants = []Grant{{ID: newID(), Member: r.Members[1].ID, Right: Edit, Folder: "B"}}
	if err := r.check(); err != nil {
		f.Fatal(err)
	}
	body, _ := r.encode()
	for i, o := range offices {
		o.state = newState()
		o.state.Store, o.state.Office, o.state.Device = "mem", hash(body)[:idLength], r.Devices[i].ID
		o.state.Roster, o.state.Hash = r, hash(body)
	}
	return offices[0], offices[1]
}

// sample is a record of the employee's, as a bundle.
func sample(f testing.TB, o *Office) (bundle, string) {
	f.Helper()
	set := map[string]string{fieldKey: `{"kind":"totp","secret":"JBSWY3DPEHPK3PXP","digits":6,"period":30}`, "client.x.name": "Alma Kft.", "client.x.folder": "B"}
	e, err := o.signEdit(edits{}, set, editContext(o.state.Office, "", false, true), o.now())
	if err != nil {
		f.Fatal(err)
	}
	to := o.state.Roster.readers(facts{e.id, []string{"B"}}, false, o.now())
	return bundle{Record: e.id, Part: partRecord, At: wireTime(o.now()), To: to, Edits: []signedEdit{e}}, e.id
}

func FuzzInvitation(f *testing.F) {
	v := &invitation{1, "/x", "o", "Iroda", 1, "h", "AGE-SECRET-KEY-PQ-1", time.Unix(1e9, 0).UTC()}
	f.Add(v.String())
	f.Add(invitationMark + "eyJ2IjoxfQ")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := readInvitation(text)
		if err != nil {
			return
		}
		if again, err := readInvitation(v.String()); err != nil || !again.Until.Equal(v.Until) || again.Secret != v.Secret {
			t.Errorf("%+v, then %+v, %v", v, again, err)
		}
		_, _ = v.identity()
	})
}

func FuzzRoster(f *testing.F) {
	a, _ := glassOffice(f)
	next := a.state.Roster.clone()
	next.Office, next.Number, next.Before = a.state.Office, 1, a.state.Hash
	body, _ := next.encode()
	f.Add(body)
	f.Add([]byte(`{"number":1,"members":[{"id":"x","name":"y","role":"admin"}],"devices":[{"id":"x","public":null}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, sum, err := readRoster(a.box, body, 1, a.state.Office, a.id, a.state.Roster, a.state.Hash)
		if err != nil {
			return
		}
		if len(r.admins()) == 0 || r.Number != 1 || sum != hash(body) {
			t.Errorf("taken: %s", body)
		}
		_ = r.readersOfRoster()
		for _, m := range r.Members {
			_ = r.right(m.ID, facts{"x", []string{"B"}}, a.now())
		}
		r.expire(a.now())
	})
}

func FuzzBundle(f *testing.F) {
	a, b := glassOffice(f)
	content, id := sample(f, b)
	body, _ := json.Marshal(content)
	f.Add(body, false)
	content.Part = partPrivate
	body, _ = json.Marshal(content)
	f.Add(body, true)
	f.Add([]byte(`{"to":[],"edits":[{"edit":{},"signature":""}]}`), false)
	f.Fuzz(func(t *testing.T, body []byte, private bool) {
		a.state.Records = map[string]*record{}
		part := partRecord
		if private {
			part = partPrivate
		}
		name := bundleName(id, part, body)
		v, err := openBundle(a.box, a.state.Office, name, body, a.id, a.state.Roster)
		if err != nil || a.state.authorize(v) != nil {
			return
		}
		a.state.merge(name, v)
		shown(t, a.state.Records[id].edits)
	})
}

// shown makes of edits all that is made of them.
func shown(t *testing.T, es edits) {
	f := es.fields()
	if c, err := cardOf(f); err == nil && c.check() == nil {
		again := c.fields()
		if c2, err := cardOf(again); err != nil || !maps.Equal(c2.fields(), again) {
			t.Errorf("a card changes when it is read: %v", again)
		}
	}
	_, _, _ = nameOf(f), foldersOf(f), es.newestHeads()
	for _, e := range es {
		_ = es.causalPast(e)
		for name := range e.edit.Set {
			_, _ = clientField(name, f, es)
		}
	}
	es.prune()
	if after := es.fields(); f[fieldCounter] == "" && !maps.Equal(f, after) {
		t.Errorf("pruning changes the record: %v, then %v", f, after)
	}
}

// FuzzEdits are edits that somebody has signed, whatever is in them: every machine comes to the same record, in
// whatever order it hears of them.
func FuzzEdits(f *testing.F) {
	a, b := glassOffice(f)
	content, id := sample(f, b)
	root := content.Edits[0]
	f.Add(`{"roster":0,"by":"B","time":1,"clock":1,"set":{"service":"x"}}` + "\n" + `{"parents":["ROOT"],"roster":0,"by":"B","time":2,"clock":9999999999999,"set":{"gone":"yes"}}`)
	f.Add(`{"parents":["ROOT"],"roster":7,"by":"A","time":-1,"clock":0,"set":{"":""}}`)
	f.Fuzz(func(t *testing.T, lines string) {
		list := []*signedEdit{&root}
		lines = strings.NewReplacer("ROOT", id, `"B"`, `"`+b.state.Device+`"`, `"A"`, `"`+a.state.Device+`"`).Replace(lines)
		for line := range strings.Lines(lines) {
			e := &signedEdit{Body: json.RawMessage(strings.TrimSpace(line))}
			if e.parse() == nil {
				list = append(list, e)
			}
		}
		var want map[string]string
		for range 2 {
			a.state.Records = map[string]*record{}
			all := edits{}
			for _, e := range list {
				all[e.id] = e
			}
			v := &verified{bundle: bundle{Record: id, Part: partRecord, At: content.At}, by: b.state.Device, edits: all}
			v.To = a.state.Roster.readers(facts{id, foldersOf(all.fields())}, false, v.At)
			if a.state.authorize(v) != nil {
				return
			}
			a.state.merge("x", v)
			got := a.state.Records[id].edits.fields()
			if want != nil && !maps.Equal(got, want) {
				t.Errorf("%v, then %v", want, got)
			}
			want = got
			slices.Reverse(list)
		}
		shown(t, a.state.Records[id].edits)
	})
}

func FuzzBook(f *testing.F) {
	a, b := glassOffice(f)
	id := strings.Repeat("a", idLength)
	from := a.now().Truncate(time.Hour)
	name := bookName(id, b.state.Device, from, from.Add(time.Hour), strings.Repeat("a", printLength))
	label, err := splitBookName(name)
	if err != nil {
		f.Fatal(err)
	}
	content := book{id, b.state.Device, from, bookCard{"NAV", "", []bookClient{{"x", "Alma", "", "B"}}}, 30, 6, []bookSpan{{from.Unix() / 30, packCodes([]uint32{1, 999_999, 0})}}, make([]byte, turnKeyLength)}
	body, _ := json.Marshal(content)
	f.Add(body)
	f.Add(bytes.Replace(body, []byte(`"first":`), []byte(`"first":-922337203685477580`), 1))
	f.Fuzz(func(t *testing.T, body []byte) {
		bk, err := b.openBook(name, label, body, signingKeys(b.state.Roster.admins()))
		if err != nil {
			return
		}
		for _, at := range []time.Time{from, from.Add(30 * time.Second), {}, time.Unix(1<<40, 0), time.Unix(-1<<40, 0)} {
			if c, ok := bk.code(at); ok && len(c.Digits) != bookDigits {
				t.Errorf("a code of %q", c.Digits)
			}
		}
	})
}

func FuzzRequest(f *testing.F) {
	a, b := glassOffice(f)
	body, _ := json.Marshal(request{Invite: "x", Name: "x@y", Public: b.id.Public()})
	f.Add(body)
	f.Add([]byte(`{"public":{"recipient":"age1pq1","signing":""}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a.receiveRequest(b.state.Device, body) == nil {
			t.Errorf("taken without an invitation: %s", body)
		}
	})
}

func FuzzPage(f *testing.F) {
	a, b := glassOffice(f)
	body, _ := json.Marshal(page{Device: b.state.Device, Number: 1, Entries: []Journal{{Name: "x"}}})
	f.Add(body, 1)
	f.Add([]byte(`{"entries":null}`), 999_999_999)
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		if n < 0 || n > 999_999_999_999 {
			return
		}
		mem := &storetest.Mem{}
		mem.Replace(journalName(b.state.Device, n), body)
		a.store = mem
		lines, gaps, err := a.readPages(context.Background(), b.state.Device, []int{n})
		if err != nil || n > 1 && len(gaps) == 0 || len(gaps) > 2 {
			t.Errorf("%d lines, gaps %+v, %v", len(lines), gaps, err)
		}
	})
}

func FuzzFeed(f *testing.F) {
	a, _ := glassOffice(f)
	id, sum := strings.Repeat("a", idLength), strings.Repeat("a", hashLength)
	body, _ := json.Marshal([]string{"accounts/" + id + "/" + sum, "joins/" + id, "accounts/" + id + "/admin/" + sum, "x"})
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, name := range feedNames(body) {
			if a.newPass().isMissing(name) && !store.ValidName(name) {
				t.Errorf("%q would be asked for, and is not a name", name)
			}
		}
	})
}

func FuzzName(f *testing.F) {
	id := strings.Repeat("a", idLength)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, name := range []string{
		rosterName(1), journalName(id, 1), joinName(id), seenName(id, at), feedName(id, 1), bookName(id, id, at, at.Add(time.Hour), id[:printLength]),
		bundleName(id, partRecord, nil), bundleName(id, partPrivate, nil),
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		again := ""
		if record, part, sum, err := splitBundleName(name); err == nil {
			again = prefixAccounts + record + map[string]string{partRecord: "/", partPrivate: "/admin/"}[part] + sum
		} else if l, err := splitBookName(name); err == nil {
			again = bookName(l.record, l.device, l.from, l.until, l.fingerprint)
			if strings.ContainsAny(bookFile(name), `/\`) {
				t.Errorf("%q would be a file elsewhere", name)
			}
		} else if device, ok := splitJoinName(name); ok {
			again = joinName(device)
		} else if e, err := splitFeedName(name); err == nil {
			again = feedName(e.device, e.number)
		} else if n, err := numberOf(name, prefixRoster); err == nil {
			again = rosterName(n)
		} else {
			return
		}
		if again != name || !store.ValidName(name) {
			t.Errorf("%q is read as %q", name, again)
		}
	})
}

func FuzzState(f *testing.F) {
	_, b := glassOffice(f)
	content, id := sample(f, b)
	b.state.Records[id] = newRecord()
	b.state.Records[id].edits[id] = &content.Edits[0]
	if err := b.state.write(b.box, b.home, b.root); err != nil {
		f.Fatal(err)
	}
	body, _ := b.home.Read(stateFile)
	f.Add(body)
	f.Add([]byte(`{"office_state":1,"records":{"x":null}}`))
	f.Add([]byte(`{"office_state":1,"records":null,"joining":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		home := newMemHome()
		home.files[stateFile] = body
		o := newOffice(home, b.root)
		o.box, o.now, o.store = glassBox{}, b.now, &storetest.Mem{}
		if err := o.load(); err != nil {
			return
		}
		_, _ = o.View()
		_, _ = o.Rights()
		_ = o.Worklist()
		_, _ = o.Sync(context.Background(), true)
	})
}
