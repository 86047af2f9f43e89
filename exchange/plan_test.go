package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault"
)

func newVault(t testing.TB) *vault.Vault {
	t.Helper()
	identity, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Create(t.TempDir(), identity)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// taken imports entries and says what the vault was told.
func taken(t testing.TB, v *vault.Vault, entries []Entry) (report Report, changes vault.Changes) {
	t.Helper()
	changes, err := v.Update(context.Background(), func(tx *vault.Tx) (err error) {
		report, err = Apply(t.Context(), tx, entries, Decisions{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	addsUp(t, report, entries)
	return report, changes
}

func addsUp(t testing.TB, r Report, entries []Entry) {
	t.Helper()
	sum := 0
	for _, n := range r.Counts {
		sum += n
	}
	if len(r.Rows) != len(entries) || sum != len(entries) || len(r.Counts) != len(Fates) {
		t.Errorf("%d entries, %d rows, counts %v", len(entries), len(r.Rows), r.Counts)
	}
}

// fates writes a report's rows as "new changed:import-changed(folder)".
func fates(r Report) string {
	var words []string
	for _, row := range r.Rows {
		word := string(row.Fate)
		if row.Reason != nil {
			word += ":" + reasonOf(row.Reason)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func reasonOf(e *lang.Error) string {
	part := func(name string) string { inner, _ := e.Values[name].(*lang.Error); return reasonOf(inner) }
	switch {
	case e == nil:
		return ""
	case e.ID == "import-sentences":
		return part("First") + "+" + part("Second")
	case e.ID == "import-list":
		return part("First") + "," + part("Second")
	case e.Values["Fields"] != nil:
		return strings.TrimPrefix(e.ID, "import-") + "(" + part("Fields") + ")"
	}
	return strings.TrimPrefix(strings.TrimPrefix(e.ID, "import-field-"), "import-")
}

func totp(secret string) vault.Key {
	return vault.Key{Kind: vault.TOTP, Secret: secret, Algorithm: "SHA1", Digits: 6, Period: 30}
}

func hotp(secret string, counter uint64) vault.Key {
	return vault.Key{Kind: vault.HOTP, Secret: secret, Algorithm: "SHA1", Digits: 6, Counter: counter}
}

const (
	keyA = "JBSWY3DPEHPK3PXP"
	keyB = "GEZDGNBVGY3TQOJQ"
)

func TestFates(t *testing.T) {
	kovacs := Entry{Name: "Kovács Kft.", Key: totp(keyA)}
	with := func(change func(*Entry)) Entry { e := kovacs; change(&e); return e }
	for name, tt := range map[string]struct {
		before, file []Entry
		want         string
		accounts     int
		clients      int
	}{
		"new":                            {nil, []Entry{kovacs}, "new", 1, 1},
		"same":                           {[]Entry{kovacs}, []Entry{kovacs}, "same", 1, 1},
		"spelt without accents":          {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Name = " KOVACS  kft." })}, "same", 1, 1},
		"key written otherwise":          {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Key.Secret = "jbsw-y3dp ehpk-3pxp==" })}, "same", 1, 1},
		"another client of the person":   {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Name = "Szabó Bt." })}, "merged:merged", 1, 2},
		"one name, two keys":             {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Key = totp(keyB) })}, "new-key:new-key", 1, 1},
		"one name, two keys in the file": {nil, []Entry{kovacs, with(func(e *Entry) { e.Key = totp(keyB) })}, "new new:namesake", 2, 2},
		"one name, another's key": {
			[]Entry{kovacs},
			[]Entry{
				with(func(e *Entry) { e.Key, e.UserName = totp(keyB), "kp" }),
				with(func(e *Entry) { e.Name, e.Key, e.UserName = "B", totp(keyB), "szb" }),
			},
			"new-key:new-key doubtful:doubt-two-users", 1, 1,
		},
		"one name, the key of a later row": {
			[]Entry{kovacs},
			[]Entry{
				with(func(e *Entry) { e.Key, e.Note = totp(keyB), "a" }),
				with(func(e *Entry) { e.Name, e.Key, e.DeletionCode = "B", totp(keyB), "1" }),
			},
			"merged:merged+changed(note) new", 2, 3,
		},
		"one secret, two kinds": {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Key = hotp(keyA, 0) })}, "doubtful:doubt-parameters", 1, 1},
		"twice in the file":     {nil, []Entry{kovacs, kovacs, with(func(e *Entry) { e.Name = "B" })}, "new same merged:merged", 1, 2},
		"a folder":              {[]Entry{kovacs}, []Entry{with(func(e *Entry) { e.Folder = "Kft-k" })}, "changed:changed(folder)", 1, 1},
		"everything": {[]Entry{kovacs}, []Entry{{
			Name: "Kovács Kft.", Key: totp(keyA), TaxNumber: "12345678-1-42", Folder: "F", Service: "NAV", UserName: "kp",
			DeletionCode: "123", Note: "n", Favourite: true,
		}}, "changed:changed(service,user-name,note,deletion-code,tax-number,folder,favourite)", 1, 1},
		"a merged row changes the account": {
			[]Entry{kovacs},
			[]Entry{with(func(e *Entry) { e.Name, e.Note, e.Folder = "B", "n", "f" })},
			"merged:merged+changed(note)", 1, 2,
		},
		"silence changes nothing": {[]Entry{with(func(e *Entry) {
			e.TaxNumber, e.Folder, e.Service, e.UserName, e.DeletionCode, e.Note, e.Favourite = "1", "2", "3", "4", "5", "6", true
		})}, []Entry{kovacs}, "same", 1, 1},
		"counter forward": {
			[]Entry{{Name: "a", Key: hotp(keyA, 5)}},
			[]Entry{{Name: "a", Key: hotp(keyA, 7)}},
			"changed:changed(counter)", 1, 1,
		},
		"counter never back": {[]Entry{{Name: "a", Key: hotp(keyA, 5)}}, []Entry{{Name: "a", Key: hotp(keyA, 3)}}, "same", 1, 1},
		"the first row counts": {nil, []Entry{
			with(func(e *Entry) { e.Folder, e.Note = "x", "one" }),
			with(func(e *Entry) { e.Folder, e.UserName = "y", "kp" }),
			with(func(e *Entry) { e.Name, e.Note = "B", "two" }),
		}, "new changed:changed(user-name)+outdone(folder) merged:merged+changed(note)", 1, 2},
		"skipped and refused": {nil, []Entry{
			{Name: "a", Key: totp(keyA), Skip: lang.E("import-trashed")},
			{Name: "b", Refuse: lang.E("key-empty")},
			{Name: "c", Key: totp("1")},
			{Name: "d"},
			{Name: " ", Key: totp(keyA)},
			{Name: strings.Repeat("á", 201), Key: totp(keyA)},
			{Name: "e", Key: totp(keyA), Folder: strings.Repeat("á", 201)},
			{Name: "f", Key: totp(keyA), Note: strings.Repeat("á", 5001)},
			{Name: "g", Key: totp(keyA)},
		}, "skipped:trashed refused:key-empty refused:key-length refused:key-empty refused:name-empty " +
			"refused:text-long refused:text-long refused:note-long new", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			taken(t, v, tt.before)
			report, _ := taken(t, v, tt.file)
			if got := fates(report); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if c := v.Contents(); len(c.Accounts) != tt.accounts || len(c.Clients) != tt.clients {
				t.Errorf("%d accounts and %d clients, want %d and %d", len(c.Accounts), len(c.Clients), tt.accounts, tt.clients)
			}
			unchangedByAnother(t, v, tt.file)
		})
	}
}

// unchangedByAnother imports the same file once more: nothing may be saved.
func unchangedByAnother(t testing.TB, v *vault.Vault, entries []Entry) {
	t.Helper()
	generation := v.Contents().Generation
	report, changes := taken(t, v, entries)
	if report.Taken() != 0 || len(changes.Accounts)+len(changes.Clients) != 0 {
		t.Errorf("a second import changes something: %s", fates(report))
	}
	if v.Contents().Generation != generation {
		t.Error("a second import was saved")
	}
}

func TestWhatIsKept(t *testing.T) {
	v := newVault(t)
	taken(t, v, []Entry{{Name: "Kovács Kft.", Key: hotp(keyA, 5), Note: "old", UserName: "kp", Folder: "x"}})
	taken(t, v, []Entry{{Name: "kovacs kft.", Key: hotp(keyA, 2), Note: "new\r\nlines", DeletionCode: "7", Favourite: true}})
	account, client := v.Contents().Accounts[0], v.Contents().Clients[0]
	if account.Note != "new\nlines" || account.UserName != "kp" || account.DeletionCode != "7" ||
		account.Service != vault.DefaultService || account.Key.Counter != 5 {
		t.Errorf("%+v", account)
	}
	if client.Name != "Kovács Kft." || client.Folder != "x" || !client.Favourite || client.Account != account.ID {
		t.Errorf("%+v", client)
	}
}

func TestFilesOneAfterTheOther(t *testing.T) {
	v := newVault(t)
	for _, file := range []string{"list.txt", "ente.txt", "ente.json"} {
		entries := read(t, string(readFile(t, "testdata/"+file)))
		report, _ := taken(t, v, entries)
		if report.Counts[New] == 0 {
			t.Errorf("%s: %s", file, fates(report))
		}
		unchangedByAnother(t, v, entries)
	}
}

// Entries reach Apply through the agent's JSON, and the report comes back the same way.
func TestOverTheWire(t *testing.T) {
	entries := read(t, string(readFile(t, "testdata/ente.txt")))
	data, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	var sent []Entry
	if err := json.Unmarshal(data, &sent); err != nil {
		t.Fatal(err)
	}
	sent = append(sent, Entry{Name: "Másik", Key: sent[0].Key, Note: "n", Folder: "f"}, Entry{Name: "Hegyalja Borászat Kft.", Key: sent[0].Key, Folder: "g"})
	report, _ := taken(t, newVault(t), sent)
	if data, err = json.Marshal(report); err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fates(report), fates(got)); diff != "" {
		t.Error(diff)
	}
	last := got.Rows[len(got.Rows)-1].Reason
	for l, want := range map[string]string{
		lang.Hungarian: "A fájl egy korábbi sora mást mond, és az számít: mappa.",
		lang.English:   "An earlier row of this file says otherwise, and counts: folder.",
	} {
		if said := lang.In(l).Error(last); said != want {
			t.Errorf("%q, want %q", said, want)
		}
	}
}

// Whoever has asked for a plan and is gone ends it.
func TestApplyEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	entries := []Entry{{Name: "Alfa", Key: totp(keyA)}}
	if report, err := Apply(ctx, vault.Draft(), entries, Decisions{}); !errors.Is(err, context.Canceled) || len(report.Rows) > 0 {
		t.Errorf("%v, %v", report, err)
	}
}
