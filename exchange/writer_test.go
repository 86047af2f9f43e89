package exchange

import (
	"bytes"
	"strings"
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
		{Name: "=HYPERLINK(1)", Service: "A:B/C?d=e&f#g%h+i", Key: usual("GEZDGNBVGY3TQOJQ"), MandateUntil: vault.Indefinite},
		{Name: "@név: 50% + 1", Service: vault.DefaultService, Key: usual("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")},
		{Name: "Számlálós", Service: "Bank", Key: vault.Key{Kind: vault.HOTP, Secret: "MFRGGZDF", Algorithm: "SHA256", Digits: 8, Counter: 42}},
		{Name: "Gőz", Service: "Steam", Key: vault.Key{Kind: vault.Steam, Secret: "MFRGGZDFMZTWQ2LK", Algorithm: "SHA1", Digits: 5, Period: 30}},
		{Name: "Hosszú ablak", Service: "Bank", Key: vault.Key{Kind: vault.TOTP, Secret: "MFRGGZDFMZTWQ2LKNNWG23TPOA", Algorithm: "SHA512", Digits: 7, Period: 60}},
	}
}

// What a writer writes, the reader reads again: all that the format has a place for.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	const passphrase = "piros alma fán"
	plain := func(e Entry) Entry { return Entry{Name: e.Name, Service: e.Service, Key: e.Key} }
	noted := func(e Entry) Entry {
		return Entry{Name: e.Name, Service: e.Service, Key: e.Key, Folder: e.Folder, Note: e.Note, Favourite: e.Favourite}
	}
	tests := map[string]struct {
		reader string
		left   int // of toWrite
		holds  func(Entry) Entry
	}{
		"otpauth":         {"otpauth", 0, plain},
		"ente":            {"Ente Auth", 0, noted},
		"ente-encrypted":  {"Ente Auth", 0, noted},
		"aegis":           {"Aegis", 0, noted},
		"aegis-encrypted": {"Aegis", 0, noted},
		"csv":             {"CSV", 0, func(e Entry) Entry { return e }},
		"keepassxc": {"KeePassXC", 1, func(e Entry) Entry {
			return Entry{Name: e.Name, Service: e.Service, Key: e.Key, Folder: e.Folder, UserName: e.UserName, Note: e.Note}
		}},
		"qr": {"QR", 2, plain},
	}
	for _, format := range Formats() {
		tt, ok := tests[format]
		if !ok && format != "pdf" { // nothing reads that but a camera
			t.Errorf("%s is not read again", format)
		}
		if !ok {
			continue
		}
		t.Run(format, func(t *testing.T) {
			w, err := WriterOf(format)
			if err != nil {
				t.Fatal(err)
			}
			if format == "ente-encrypted" {
				w = enteSealed{1 << 20, 2} // the same for less
			}
			if strings.HasSuffix(format, "-encrypted") != w.Sealed() {
				t.Errorf("sealed: %v", w.Sealed())
			}
			var want []Entry
			for _, e := range toWrite() {
				if w.Fits(e) {
					want = append(want, tt.holds(e))
				}
			}
			files, left, err := Write(w, toWrite(), Options{Passphrase: passphrase})
			if err != nil || left != tt.left || len(want) != len(toWrite())-left {
				t.Fatalf("%d left out, %v", left, err)
			}
			asked := 0
			var got []Entry
			for _, data := range files {
				name, entries, err := Read(data, ReadOptions{Ask: func(string) (string, error) { asked++; return passphrase, nil }})
				if err != nil || name != tt.reader {
					t.Fatalf("read as %q: %v\n%s", name, err, data)
				}
				got = append(got, entries...)
			}
			if w.Sealed() != (asked == 1) || w.Sealed() && bytes.Contains(files[0], []byte("JBSWY3DPEHPK3PXP")) {
				t.Errorf("a password was asked for %d times", asked)
			}
			for i := range got {
				got[i].Line, got[i].Share = 0, nil
			}
			if diff := cmp.Diff(want, got, unstated); diff != "" {
				t.Errorf("%s\n%s", diff, files[0])
			}
		})
	}
}

// A short URI means the same key, and is shorter only where nothing is lost.
func TestShortURI(t *testing.T) {
	shorter := 0
	for _, e := range toWrite() {
		short := e.ShortURI()
		if len(short) < len(e.URI()) {
			shorter++
		}
		if got, _ := readURI(1, short); got.Key != e.Key || got.Name != e.Name || got.Service != e.Service {
			t.Errorf("%s is read as %+v", short, got)
		}
	}
	if shorter != 3 {
		t.Errorf("%d are shorter", shorter)
	}
}

// What a spreadsheet must not take for a formula, and what only looks as if it were written so, stays what it is.
func TestCellsOfText(t *testing.T) {
	for _, s := range []string{"=1+1", "+36 1 234", "-", "@név", "'idézett'", "''", `="00123"`, "'=1", "sima", "it's"} {
		if got := bareCell(TextCell(s)); got != s {
			t.Errorf("%q is read as %q", s, got)
		}
		if cell := TextCell(s); strings.ContainsRune("=+-@", rune(cell[0])) {
			t.Errorf("%q is a formula", cell)
		}
	}
}

// The cost of a sealed file is what the other program's own would be, and what its reader affords.
func TestSealedFilesCostWhatTheirOwnDo(t *testing.T) {
	if w := writers["ente-encrypted"]; w != (enteSealed{128 << 20, 32}) {
		t.Errorf("Ente's would be of other cost: %v", w)
	}
	o := ReadOptions{Budget: budgetOf(t)}
	if err := o.affordable("x", argon2id(nil, entePasses, enteMemory>>10, 1), scryptOf(nil, aegisN, aegisR, aegisP)); err != nil {
		t.Error(err)
	}
}

// A stream opens to what was sealed in it, and not when a byte of it has changed.
func TestSealedStreamOpens(t *testing.T) {
	key := random(keyLength)
	for _, n := range []int{0, 1, 15, 16, 17, 63, 64, 65, 1000} {
		plain := random(n)
		header, chunk := sealStream(key, plain)
		if got, ok := openStream(key, header, chunk); !ok || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes do not come back", n)
		}
		for i := range chunk {
			chunk[i] ^= 1
			if _, ok := openStream(key, header, chunk); ok {
				t.Fatalf("%d bytes: opened though byte %d is another", n, i)
			}
			chunk[i] ^= 1
		}
	}
}

// Nothing is written where nothing fits: an empty file would look like an office without clients.
func TestNothingFits(t *testing.T) {
	hotp := toWrite()[3]
	files, left, err := Write(keepassxcWriter{}, []Entry{hotp}, Options{})
	if files != nil || left != 1 || sentenceOf(err) != "export-none-fits" {
		t.Errorf("%d files, %d left out, %v", len(files), left, err)
	}
}
