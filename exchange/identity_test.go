package exchange

import (
	"slices"
	"strings"
	"testing"

	"kapu/vault"
)

const keyC = "MFZWIZTHNBVGWZLQ"

// planned imports with decisions and says what became of the rows.
func planned(t *testing.T, v *vault.Vault, entries []Entry, d Decisions) string {
	t.Helper()
	var report Report
	if _, err := v.Update(t.Context(), func(tx *vault.Tx) (err error) {
		report, err = Apply(t.Context(), tx, entries, d)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	addsUp(t, report, entries)
	return fates(report)
}

// contains lists what a vault has as "name=first letters of the key", sorted.
func contains(v *vault.Vault) string {
	c := v.Contents()
	var all []string
	for _, client := range c.Clients {
		a, _ := c.Account(client.Account)
		all = append(all, client.Name+"="+a.Key.Secret[:3])
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Who a row means: by the key, by the tax number, by the name in its folder, and by what a client was called.
func TestWhoIsMeant(t *testing.T) {
	alfa := Entry{Name: "Alfa Kft.", TaxNumber: "12345678-1-42", Folder: "Kft-k", Key: totp(keyA)}
	with := func(change func(*Entry)) Entry { e := alfa; change(&e); return e }
	bare := Entry{Name: "Alfa Kft.", Key: totp(keyA)}
	for name, tt := range map[string]struct {
		before, file []Entry
		decisions    Decisions
		want, holds  string
	}{
		"renamed there": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Name = "Alfa Zrt." })},
			Decisions{},
			"renamed:renamed-there", "Alfa Kft.=JBS",
		},
		"renamed there, the name taken": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Name = "Alfa Zrt." })},
			Decisions{Names: true},
			"changed:changed(name)", "Alfa Zrt.=JBS",
		},
		"one key, another business of the same name": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.TaxNumber = "87654321-1-42" })},
			Decisions{},
			"merged:merged", "Alfa Kft.=JBS Alfa Kft.=JBS",
		},
		"the tax number in other dress": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.TaxNumber = "HU12345678" })},
			Decisions{},
			"changed:changed(tax-number)", "Alfa Kft.=JBS",
		},
		"the tax number comes later": {
			[]Entry{bare},
			[]Entry{alfa},
			Decisions{},
			"changed:changed(tax-number,folder)", "Alfa Kft.=JBS",
		},
		"a new key by the tax number": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) })},
			Decisions{},
			"new-key:new-key", "Alfa Kft.=JBS",
		},
		"a new key of a renamed client": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Name, e.Key = "Alfa Zrt.", totp(keyB) })},
			Decisions{},
			"new-key:new-key", "Alfa Kft.=JBS",
		},
		"replaced": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) })},
			Decisions{NewKeys: Replace},
			"replaced:replaced", "Alfa Kft.=GEZ",
		},
		"both kept": {
			[]Entry{alfa},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) })},
			Decisions{NewKeys: KeepBoth},
			"new:both", "Alfa Kft.=GEZ Alfa Kft.=JBS",
		},
		"decided for one row": {
			[]Entry{alfa, {Name: "Béta Bt.", Key: totp(keyC)}},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) }), {Name: "Béta Bt.", Key: totp("NBSWY3DPEHPK3PXQ")}},
			Decisions{Rows: map[int]Decision{0: Replace, 1: Leave}},
			"replaced:replaced skipped:left", "Alfa Kft.=GEZ Béta Bt.=MFZ",
		},
		"all businesses of an account get the new key": {
			[]Entry{alfa, {Name: "Béta Bt.", TaxNumber: "22222222-1-42", Key: totp(keyA)}},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) }), {Name: "Béta Bt.", TaxNumber: "22222222-1-42", Key: totp(keyB)}},
			Decisions{NewKeys: Replace},
			"replaced:replaced+replaced-others same", "Alfa Kft.=GEZ Béta Bt.=GEZ",
		},
		"one business of an account gets another key": {
			[]Entry{alfa, {Name: "Béta Bt.", TaxNumber: "22222222-1-42", Key: totp(keyA)}},
			[]Entry{with(func(e *Entry) { e.Key = totp(keyB) }), {Name: "Béta Bt.", TaxNumber: "22222222-1-42", Key: totp(keyA)}},
			Decisions{NewKeys: Replace},
			"replaced:replaced same", "Alfa Kft.=GEZ Béta Bt.=JBS",
		},
		"the file contradicts itself": {
			nil,
			[]Entry{alfa, with(func(e *Entry) { e.Key = totp(keyB) })},
			Decisions{},
			"new new-key:new-key", "Alfa Kft.=JBS",
		},
		"two of one name in two folders": {
			[]Entry{{Name: "Kovács Bt.", Folder: "A", Key: totp(keyA)}},
			[]Entry{{Name: "Kovács Bt.", Folder: "B", Key: totp(keyB)}},
			Decisions{},
			"new:namesake", "Kovács Bt.=GEZ Kovács Bt.=JBS",
		},
		"two of one name with two users": {
			[]Entry{{Name: "Google", UserName: "a@x.hu", Key: totp(keyA)}},
			[]Entry{{Name: "Google", UserName: "b@x.hu", Key: totp(keyB)}},
			Decisions{},
			"new:namesake", "Google=GEZ Google=JBS",
		},
		"other digits, stated": {
			[]Entry{bare},
			[]Entry{{Name: "Béta", Key: vault.Key{Kind: vault.TOTP, Secret: keyA, Algorithm: "SHA1", Digits: 8, Period: 30}, Stated: Stated{Digits: true}}},
			Decisions{},
			"doubtful:doubt-parameters", "Alfa Kft.=JBS",
		},
		"other digits, accepted": {
			[]Entry{bare},
			[]Entry{{Name: "Béta", Key: vault.Key{Kind: vault.TOTP, Secret: keyA, Algorithm: "SHA1", Digits: 8, Period: 30}, Stated: Stated{Digits: true}}},
			Decisions{Doubtful: true},
			"new", "Alfa Kft.=JBS Béta=JBS",
		},
		"other period, not stated": {
			[]Entry{{Name: "Alfa Kft.", Key: vault.Key{Kind: vault.TOTP, Secret: keyA, Algorithm: "SHA1", Digits: 6, Period: 60}, Stated: Stated{Period: true}}},
			[]Entry{bare},
			Decisions{},
			"same", "Alfa Kft.=JBS",
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			planned(t, v, tt.before, Decisions{})
			if got := planned(t, v, tt.file, tt.decisions); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := contains(v); got != tt.holds {
				t.Errorf("holds %s, want %s", got, tt.holds)
			}
			generation := v.Contents().Generation
			if again := planned(t, v, tt.file, Decisions{}); v.Contents().Generation != generation {
				t.Errorf("a second import changes something: %s", again)
			}
		})
	}
}

// A client that was renamed here is known by the name that the file still has, also without a tax number.
func TestRenamedHere(t *testing.T) {
	v := newVault(t)
	file := []Entry{{Name: "Alfa Kft.", Key: totp(keyA)}, {Name: "Béta Bt.", TaxNumber: "22222222-1-42", Key: totp(keyA)}}
	planned(t, v, file, Decisions{})
	if _, err := v.Update(t.Context(), func(tx *vault.Tx) error {
		for _, c := range tx.Contents.Clients {
			c.Name += " f.a."
			if _, err := tx.PutClient(c); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, want := planned(t, v, file, Decisions{}), "renamed:renamed-here renamed:renamed-here"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := contains(v); got != "Alfa Kft. f.a.=JBS Béta Bt. f.a.=JBS" {
		t.Errorf("holds %s", got)
	}
}

// A replaced key is kept as a former key, and an account that keeps its clients keeps its id.
func TestReplacedKeyIsKept(t *testing.T) {
	v := newVault(t)
	alfa := Entry{Name: "Alfa Kft.", TaxNumber: "12345678-1-42", UserName: "alfa", Key: totp(keyA)}
	planned(t, v, []Entry{alfa}, Decisions{})
	before := v.Contents().Accounts[0]
	alfa.Key = totp(keyB)
	planned(t, v, []Entry{alfa}, Decisions{NewKeys: Replace})
	c := v.Contents()
	if len(c.Accounts) != 1 || c.Accounts[0].ID != before.ID || c.Accounts[0].UserName != "alfa" {
		t.Fatalf("%+v", c.Accounts)
	}
	if f := c.FormerKeys(before.ID); len(f) != 1 || f[0].Key.Secret != keyA {
		t.Errorf("former keys: %+v", f)
	}
}

// What a table says of each business of an account is kept, also where they share the note; a note that is full says
// so.
func TestNotesOfOneAccount(t *testing.T) {
	v := newVault(t)
	file := []Entry{
		{Name: "Alfa Kft.", TaxNumber: "11111111-1-42", Note: "Telefon: 1", Key: totp(keyA)},
		{Name: "Béta Bt.", TaxNumber: "22222222-1-42", Note: "Telefon: 2", Key: totp(keyA)},
		{Name: "Gamma Bt.", TaxNumber: "33333333-1-42", Note: strings.Repeat("á", vault.MaxNote-10), Key: totp(keyA)},
	}
	if got, want := planned(t, v, file, Decisions{}), "new merged:merged+changed(note) merged:merged+outdone(note)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := v.Contents().Accounts[0].Note, "Telefon: 1\n\nBéta Bt.:\nTelefon: 2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := planned(t, v, file[:2], Decisions{}), "same same"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	alone := Entry{Name: "Delta Kft.", TaxNumber: "44444444-1-42", Note: "régi", Key: totp(keyB)}
	planned(t, v, []Entry{alone}, Decisions{})
	alone.Note = "új"
	if got, want := planned(t, v, []Entry{alone}, Decisions{}), "changed:changed(note)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
