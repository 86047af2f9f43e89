package exchange

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"kapu/vault"
)

// What a client has no field for stands in its note behind its name, and a secret is named.
func TestNothingVanishesInAnEntry(t *testing.T) {
	for name, tt := range map[string]struct{ file, note, warn, without string }{
		"Aegis, two groups": {
			`{"version":1,"header":{"slots":null,"params":null},"db":{"version":3,"groups":[{"uuid":"a","name":"Kft-k"},{"uuid":"b","name":"Negyedéves"}],` +
				`"entries":[{"type":"totp","name":"X","note":"n","groups":["a","b"],"info":{"secret":"JBSWY3DPEHPK3PXP"}}]}}`,
			"n\nGroups: Negyedéves", "", "",
		},
		"andOTP, two tags": {`[{"secret":"JBSWY3DPEHPK3PXP","label":"X","type":"TOTP","tags":["a","b","c"]}]`, "Tags: b, c", "", ""},
		"Ente, two tags": {
			`otpauth://totp/X?secret=JBSWY3DPEHPK3PXP&codeDisplay=` + "%7B%22tags%22%3A%5B%22a%22%2C%22b%22%5D%7D", "Tags: b", "", "",
		},
		"Bitwarden": {
			`{"encrypted":false,"collections":[{"id":"1","name":"Egy"},{"id":"2","name":"Kettő"}],"items":[{"type":1,"name":"X","notes":"n",` +
				`"collectionIds":["1","2"],"fields":[{"type":0,"name":"Cégjegyzékszám","value":"01-09-1"},{"type":1,"name":"Rejtett","value":"titok1"},` +
				`{"type":2,"name":"Éves","value":"true"},{"type":0,"name":"Portál jelszava","value":"titok2"},{"type":3,"name":"L","value":null}],` +
				`"login":{"username":"u","password":"titok3","totp":"JBSWY3DPEHPK3PXP","uris":[{"uri":"https://x.invalid"}],"fido2Credentials":[{}]}}]}`,
			"n\nCollections: Kettő\nURI: https://x.invalid\nCégjegyzékszám: 01-09-1\nÉves: true", "passkey Rejtett Portál jelszava", "titok",
		},
		"FreeOTP+": {
			`{"tokenOrder":[],"tokens":[{"algo":"SHA1","digits":6,"issuerExt":"P","label":"Eredeti","labelAlt":"Átnevezett","period":30,` +
				`"secret":[1,2,3,4,5,6,7,8,9,10],"type":"TOTP"}]}`,
			"label: Eredeti", "", "",
		},
	} {
		_, entries, err := Read([]byte(tt.file), ReadOptions{})
		if err != nil || len(entries) != 1 || entries[0].Refuse != nil {
			t.Errorf("%s: %v, %+v", name, err, entries)
			continue
		}
		e := entries[0]
		if e.Note != tt.note {
			t.Errorf("%s: the note is %q", name, e.Note)
		}
		warn := fmt.Sprint(e.Warn)
		for word := range strings.FieldsSeq(tt.warn) {
			if !strings.Contains(warn, word) {
				t.Errorf("%s: %q is not named in %s", name, word, warn)
			}
		}
		if tt.warn == "" && e.Warn != nil || tt.without != "" && strings.Contains(e.Note+warn, tt.without) {
			t.Errorf("%s: %s, %s", name, warn, e.Note)
		}
	}
}

// A field that the person has added may be one that a client has.
func TestCustomFields(t *testing.T) {
	var e Entry
	e.custom("Adószám", "12345678141", false)
	e.custom("törlőkód", "0123456", true)
	e.custom("PIN", "1234", false)
	e.custom("Ügyintéző", "Éva", false)
	if e.TaxNumber != "12345678-1-41" || e.DeletionCode != "0123456" || e.Note != "Ügyintéző: Éva" || sentenceOf(e.Warn) != "import-left-out" {
		t.Errorf("%+v", e)
	}
	e = Entry{Note: strings.Repeat("x", maxLeftover)}
	e.keep("Hosszú", "y")
	if len(e.Note) != maxLeftover || e.Warn == nil {
		t.Errorf("%d, %v", len(e.Note), e.Warn)
	}
}

// Stated is what the file says, not what is the default.
func TestStated(t *testing.T) {
	all, none := Stated{true, true, true, true}, Stated{}
	for text, want := range map[string]Stated{
		"JBSWY3DPEHPK3PXP":                                                                     none,
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP":                                             {Kind: true},
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=60":                                   {Kind: true, Period: true},
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=30&digits=6&algorithm=SHA1":           all,
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=&digits=&algorithm=":                  {Kind: true},
		"key=JBSWY3DPEHPK3PXP&size=8":                                                          {Digits: true},
		"key=JBSWY3DPEHPK3PXP&type=HOTP":                                                       {Kind: true},
		"steam://JBSWY3DPEHPK3PXP":                                                             {Kind: true},
		"otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=3&algorithm=sha256#akármi-a-végén=1": {Kind: true, Algorithm: true},
	} {
		if e, err := readCode(text); err != nil || e.Stated != want {
			t.Errorf("%s: %+v, %v", text, e.Stated, err)
		}
	}
	_, entries, err := Read([]byte(`[{"secret":"JBSWY3DPEHPK3PXP","label":"X","type":"TOTP","digits":6,"period":null}]`), ReadOptions{})
	if err != nil || entries[0].Stated != (Stated{Kind: true, Digits: true}) {
		t.Errorf("andOTP: %+v, %v", entries, err)
	}
	for file, want := range map[string]Stated{ // of the first entry, in which most formats state all
		"2fas.json": all, "aegis.json": all, "andotp.json": all, "bitwarden.json": all, "ente.txt": all, "freeotp.json": all,
		"proton.json": all, "stratum.json": all, "extension.json": all, "winauth.xml": all, "2fauth.json": all,
		"raivo-otp-export.json": all, "lastpass.json": {Algorithm: true, Digits: true, Period: true},
		"bitwarden-authenticator.csv": all, "keepass-export.xml": {Kind: true, Period: true},
	} {
		if entries := read(t, string(readFile(t, "testdata/"+file))); entries[0].Stated != want {
			t.Errorf("%s: %+v", file, entries[0].Stated)
		}
	}
}

// A fragment behind a URI means nothing; a "#" within a name does.
func TestFragment(t *testing.T) {
	for line, want := range map[string]Entry{
		"otpauth://totp/A:x?secret=JBSWY3DPEHPK3PXP&issuer=A#frag":        {Name: "x", Service: "A"},
		"otpauth://totp/A:x?issuer=A&secret=JBSWY3DPEHPK3PXP#frag?a=b":    {Name: "x", Service: "A"},
		"otpauth://totp/A:x?secret=JBSWY3DPEHPK3PXP&issuer=Iroda #2":      {Name: "x", Service: "Iroda #2"},
		"otpauth://totp/A:%232%20x?secret=JBSWY3DPEHPK3PXP&issuer=A%232#": {Name: "#2 x", Service: "A#2"},
	} {
		e, _ := readURI(1, line)
		if e.Refuse != nil || e.Name != want.Name || e.Service != want.Service || e.Key.Secret != "JBSWY3DPEHPK3PXP" {
			t.Errorf("%s: %+v", line, e)
		}
	}
}

// Keys that are not made of whole bytes are read as the programs that accepted them do, each in one form.
func TestOddKeys(t *testing.T) {
	for odd, want := range map[string]string{
		"jdjd bdbd dbdb bxbx b": "JDJDBDBDDBDBBXBX", "JDJDBDBDDBDBBXBX": "JDJDBDBDDBDBBXBX",
		"ABC": "AA", "ABCDEF": "ABCDE", "A": "A", "ABC1": "ABC1", "ABCDE1": "ABCDE1",
	} {
		e := Entry{Key: vault.Key{Secret: odd}}
		e.wholeKey()
		if got := strings.ToUpper(e.Key.Secret); got != want {
			t.Errorf("%s: %s", odd, got)
		}
	}
	for _, file := range []string{
		`{"services":[{"name":"X","secret":"JDJDUZBXHSHDBXBXHBB","otp":{"digits":6,"period":30,"tokenType":"TOTP"}}],"groups":[],"schemaVersion":4}`,
		`{"items":[{"rawData":"otpauth://totp/X?secret=JDJDUZBXHSHDBXBXHBB"}]}`,
		`{"encrypted":false,"items":[{"type":1,"name":"X","login":{"totp":"JDJDUZBXHSHDBXBXHBB"}}]}`,
	} {
		_, entries, err := Read([]byte(file), ReadOptions{})
		if err != nil || len(entries) != 1 || entries[0].Key.Secret != "JDJDUZBXHSHDBXBXHA" || sentenceOf(entries[0].Warn) != "import-odd-key" {
			t.Errorf("%.30s: %+v, %v", file, entries, err)
		}
	}
}

// A password opens in whichever Unicode form it is typed, and the person is asked once.
func TestPasswordForms(t *testing.T) {
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		asked := 0
		_, entries, err := Read(readFile(t, "testdata/aegis-encrypted.json"), ReadOptions{Ask: func(string) (string, error) {
			asked++
			return form.String(testPassword), nil
		}})
		if err != nil || len(entries) == 0 || asked != 1 {
			t.Errorf("form %d: %d entries, asked %d times, %v", form, len(entries), asked, err)
		}
	}
}

// A group within the bin is in the bin, wherever it stands; a client of such a name is not.
func TestBins(t *testing.T) {
	for path, want := range map[string]bool{
		"Recycle Bin": true, "Recycle Bin/Kft-k": true, "lomtár/a/b": true, "Kft-k/Recycle Bin": false, "Recycle Bin Kft.": false, "": false,
	} {
		if got := inBin(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
