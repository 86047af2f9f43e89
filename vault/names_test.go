package vault

import (
	"bytes"
	"context"
	"testing"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"

	"kapu/seal"
)

var keyOfTests = Key{Kind: TOTP, Secret: "MNUW4Z3FOJ2GK4TB", Algorithm: "SHA1", Digits: 6, Period: 30}

// What comes in is kept without what nobody sees, in one normal form; what an older program kept so is read that way.
func TestNamesAreKeptAsTheyAreSeen(t *testing.T) {
	const seen = "Kós és Társa Bt."
	for _, name := range []string{
		norm.NFD.String(seen), "\u202eKós és Társa Bt.\u202c", "Kós\u200b és\u00a0Társa Bt.", "Kós és Társa Bt.\ufe0f", "Kós\u2028és Társa Bt.\x1b",
	} {
		c := Client{Name: name, Folder: name, Account: "a"}
		a := Account{Key: keyOfTests, Service: name, UserName: name, Note: "egy\n" + name}
		check(t, c.Check())
		check(t, a.Check())
		for _, got := range []string{c.Name, c.Folder, a.Service, a.UserName} {
			if got != seen {
				t.Errorf("%+q is kept as %+q", name, got)
			}
		}
		old := newContents([]Account{{ID: "a", Key: keyOfTests, Service: name}}, []Client{{ID: "c", Account: "a", Name: name}, {ID: "d", Account: "a", Name: "\u200b"}})
		old.Undos = []Undo{{Name: name, Clients: []Client{{Name: name}}}}
		data, err := encode(old, "kapu 0.1.0")
		check(t, err)
		read, err := decode(data)
		check(t, err)
		if read.Clients[0].Name != seen || read.Accounts[0].Service != seen || read.Undos[0].Clients[0].Name != seen || read.Undos[0].Name != seen {
			t.Errorf("%+q was read as %+q", name, read.Clients[0].Name)
		}
		if read.Clients[1].Name != "?" {
			t.Errorf("a name of which nothing is seen was read as %+q", read.Clients[1].Name)
		}
	}
}

// Two names that look the same are two clients of one name, which must be told apart.
func TestNamesThatLookTheSameAreToldApart(t *testing.T) {
	same := []Namesake{{ID: "aaaaaaaa", Name: "Kós Kft.", TaxNumber: "12345678"}, {ID: "bbbbbbbb", Name: norm.NFD.String("Kós Kft.") + "\u200b"}}
	beside := TellApart(same, func(string) bool { return false })
	if beside["aaaaaaaa"] == "" || beside["bbbbbbbb"] == "" {
		t.Errorf("%v", beside)
	}
}

// An accent that is a character of its own, as a Mac may type it, is the same password.
func TestAPasswordIsTheSameOnEveryKeyboard(t *testing.T) {
	password := "kék zokni őrült bojler"
	if norm.NFC.String(password) == norm.NFD.String(password) {
		t.Fatal("no accents")
	}
	for _, set := range []norm.Form{norm.NFC, norm.NFD} {
		d := Door{Dir: t.TempDir(), State: t.TempDir(), cheap: true}
		v, err := d.Create(context.Background(), Password, Given(set.String(password)))
		check(t, err)
		archive, err := v.Archive("", set.String(password), func(*Account) bool { return false })
		check(t, err)
		for _, typed := range []norm.Form{norm.NFC, norm.NFD} {
			if _, err := d.Unlock(context.Background(), Given(typed.String(password))); err != nil {
				t.Errorf("set %v, typed %v: %v", set, typed, err)
			}
			if err := d.Authenticate(context.Background(), v, typed.String(password)); err != nil {
				t.Errorf("set %v, typed %v: %v", set, typed, err)
			}
			if _, err := OpenArchive(archive, typed.String(password)); err != nil {
				t.Errorf("backup set %v, typed %v: %v", set, typed, err)
			}
		}
		if _, err := d.Unlock(context.Background(), Given("kek zokni orult bojler")); err == nil {
			t.Error("a password without the accents opens it")
		}
	}
}

// What an older program sealed to what the keyboard gave still opens.
func TestAnOlderVaultsPasswordStillOpens(t *testing.T) {
	id, err := seal.NewIdentity()
	check(t, err)
	d := Door{Dir: t.TempDir(), State: t.TempDir(), cheap: true}
	_, err = Create(d.Dir, id)
	check(t, err)
	password := norm.NFD.String("kék zokni őrült bojler")
	sealed := sealedAsTyped(t, id, password)
	_, err = writeFile(d.keyFile(), sealed)
	check(t, err)
	for _, typed := range []string{password, norm.NFC.String(password)} {
		if _, err := d.Unlock(context.Background(), Given(typed)); err != nil {
			t.Errorf("%+q: %v", typed, err)
		}
	}
}

// sealedAsTyped is a key file as programs before this one wrote it: sealed to the password's bytes.
func sealedAsTyped(t *testing.T, id *seal.Identity, password string) []byte {
	t.Helper()
	r, err := age.NewScryptRecipient(password)
	check(t, err)
	r.SetWorkFactor(4)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, r)
	check(t, err)
	_, err = w.Write([]byte(id.String()))
	check(t, err)
	check(t, w.Close())
	return sealed.Bytes()
}
