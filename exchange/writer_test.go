package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/vault"
)

// toWrite has what names and keys can be.
func toWrite() []Entry {
	usual := func(secret string) vault.Key {
		return vault.Key{Kind: vault.TOTP, Secret: secret, Algorithm: "SHA1", Digits: 6, Period: 30}
	}
	return []Entry{
		{
			Name: "Árvíztűrő & Társa „Kft.”", TaxNumber: "12345678-1-42", Folder: "Kft-k, régi", Service: vault.DefaultService,
			UserName: "arviz.anna", Key: usual("JBSWY3DPEHPK3PXP"), Note: "első sor\nmásodik; \"idézet\"", Favourite: true,
			MandateUntil: "2027-01-31", PasswordUntil: "2026-12-31", DeletionCode: "12345678",
		},
		{Name: "=HYPERLINK(1)", Service: "A:B/C?d=e&f#g%h+i", Key: usual("GEZDGNBVGY3TQOJQ")},
		{Name: "@név: 50% + 1", Service: vault.DefaultService, Key: usual("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")},
		{Name: "Számlálós", Service: "Bank", Key: vault.Key{Kind: vault.HOTP, Secret: "MFRGGZDF", Algorithm: "SHA256", Digits: 8, Counter: 42}},
		{Name: "Gőz", Service: "Steam", Key: vault.Key{Kind: vault.Steam, Secret: "MFRGGZDFMZTWQ2LK", Algorithm: "SHA1", Digits: 5, Period: 30}},
		{Name: "Hosszú ablak", Service: "Bank", Key: vault.Key{Kind: vault.TOTP, Secret: "MFRGGZDFMZTWQ2LKNNWG23TPOA", Algorithm: "SHA512", Digits: 7, Period: 60}},
	}
}

// What a writer writes, the reader reads again: all that the format has a place for.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	const passphrase = "piros alma fán"
	for format, holds := range map[string]func(Entry) Entry{
		"otpauth": func(e Entry) Entry { return Entry{Name: e.Name, Service: e.Service, Key: e.Key} },
		"ente": func(e Entry) Entry {
			return Entry{Name: e.Name, Service: e.Service, Key: e.Key, Folder: e.Folder, Note: e.Note, Favourite: e.Favourite}
		},
	} {
		t.Run(format, func(t *testing.T) {
			w, err := WriterOf(format)
			if err != nil {
				t.Fatal(err)
			}
			var want []Entry
			for _, e := range toWrite() {
				if w.Fits(e) {
					want = append(want, holds(e))
				}
			}
			data, left, err := Write(w, toWrite(), passphrase)
			if err != nil || left != len(toWrite())-len(want) {
				t.Fatalf("%d left out, %v", left, err)
			}
			name, got, err := Read(data, func(string) (string, error) { return passphrase, nil })
			if err != nil || name != w.Name() {
				t.Fatalf("read as %q: %v\n%s", name, err, data)
			}
			for i := range got {
				got[i].Line = 0
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n%s", diff, data)
			}
		})
	}
}
