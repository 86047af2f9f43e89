package exchange

import (
	"bytes"
	"encoding/hex"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/lang"
)

const testPassword = "Árvíztűrő 12"

// sealedFiles are the encrypted exports with the plain ones that hold the same. A test that breaks them in every
// place breaks only each step-th byte of those whose key is dear.
var sealedFiles = []struct {
	file, format, plain string
	step                int
	as                  string // what the person says it is
	// open: names and the like stand beside what is sealed, or what seals has no tag: an entry may be refused alone.
	open bool
}{
	{"aegis-encrypted.json", "Aegis", "aegis.json", 7, "", false},
	{"2fas-encrypted.json", "2FAS", "2fas.json", 61, "", false},
	{"andotp.bin", "andOTP", "andotp.json", 3, "", false},
	{"andotp-old.bin", "andOTP", "andotp.json", 3, "andOTP", false},
	{"bitwarden-pbkdf2.json", "Bitwarden", "bitwarden.json", 31, "", false},
	{"bitwarden-argon2.json", "Bitwarden", "bitwarden.json", 61, "", false},
	{"ente-encrypted.json", "Ente Auth", "ente.txt", 13, "", false},
	{"proton-encrypted.json", "Proton Authenticator", "proton.json", 331, "", false},
	{"stratum.bin", "Stratum", "stratum.json", 499, "", false},
	{"stratum-legacy.bin", "Stratum", "stratum.json", 97, "", true},
	{"extension-3.json", "Authenticator", "extension.json", 997, "", true},
	{"extension-2.json", "Authenticator", "extension.json", 61, "", true},
	{"extension-1.json", "Authenticator", "extension.json", 61, "", true},
	{"winauth-password.xml", "WinAuth", "winauth.xml", 31, "", false},
	{"winauth-entries.xml", "WinAuth", "winauth.xml", 61, "", true},
	{"freeotp2.bin", "FreeOTP", "freeotp.json", 31, "", true},
	{"keepass3.kdbx", "KeePass", "keepass-export.xml", 31, "", false},
	{"keepass4-argon2d.kdbx", "KeePass", "keepass-export.xml", 31, "", false},
}

func answer(password string) Ask {
	return func(string) (string, error) { return password, nil }
}

// TestSealed opens what other programs' libraries have sealed. Each reader asks once, whatever comes of it.
func TestSealed(t *testing.T) {
	for _, tt := range sealedFiles {
		t.Run(tt.file, func(t *testing.T) {
			data := readFile(t, filepath.Join("testdata", tt.file))
			want := string(readFile(t, filepath.Join("testdata", tt.plain+".golden")))
			asked := 0
			format, entries, err := Read(data, ReadOptions{As: tt.as, Ask: func(of string) (string, error) {
				if asked++; strings.TrimSuffix(of, "?") != tt.format {
					t.Errorf("asks for the password of %q", of)
				}
				return testPassword, nil
			}})
			if err != nil || format != tt.format || asked != 1 {
				t.Fatalf("%s, asked %d times: %v", format, asked, err)
			}
			if diff := cmp.Diff(want, describe(entries)); diff != "" {
				t.Error(diff)
			}
			stop := errors.New("stop")
			wrong := "import-password"
			switch tt.format {
			case "andOTP":
				wrong = "andotp-password"
			case "KeePass":
				wrong = "kdbx-password"
			}
			as := tt.as
			for name, tt := range map[string]struct {
				ask  Ask
				id   string
				kind error
			}{
				"wrong":   {answer("árvíztűrő 12"), wrong, ErrPassword},
				"longer":  {answer(testPassword + " "), wrong, ErrPassword},
				"empty":   {answer(""), "import-no-password", nil},
				"nobody":  {nil, "import-encrypted", nil},
				"stopped": {func(string) (string, error) { return testPassword, stop }, "", stop},
			} {
				_, entries, err := Read(data, ReadOptions{As: as, Ask: tt.ask})
				if said := sentenceOf(err); said != tt.id || entries != nil || tt.kind != nil && !errors.Is(err, tt.kind) {
					t.Errorf("%s: %v (%s), %d entries", name, err, said, len(entries))
				}
				if tt.kind != ErrPassword && errors.Is(err, ErrPassword) {
					t.Errorf("%s: is taken for a wrong password", name)
				}
			}
		})
	}
}

// sentenceOf is the id of an error's sentence.
func sentenceOf(err error) string {
	e, _ := errors.AsType[*lang.Error](err)
	return id(e)
}

// A broken file is an error or, where what broke means nothing, whole: never half of it, and never something else.
func TestBroken(t *testing.T) {
	for _, tt := range sealedFiles {
		t.Run(tt.file, func(t *testing.T) {
			data := readFile(t, filepath.Join("testdata", tt.file))
			whole := keysOf(t, data, tt.as)
			step := tt.step
			if raceEnabled { // each try costs ten times as much
				step *= 10
			}
			for at := 0; at < len(data); at += step {
				broken := bytes.Clone(data)
				broken[at] ^= 1
				_, entries, err := Read(broken, ReadOptions{As: tt.as, Ask: answer(testPassword)})
				switch {
				case err != nil && sentenceOf(err) == "":
					t.Fatalf("byte %d: %v is no sentence", at, err)
				case err == nil && tt.open:
					for _, e := range entries {
						const ofWrongDigits = "NBSWY3DPEB3W64TM" // refused while its digits can be read
						if e.Key.Secret != "" && e.Key.Secret != ofWrongDigits && !strings.Contains(whole, " "+e.Key.Secret+" ") {
							t.Fatalf("byte %d: a key that there was not: %+v", at, e)
						}
					}
				case err == nil && describe(withoutFolders(entries)) != whole:
					t.Fatalf("byte %d: %d entries, other than there were", at, len(entries))
				}
			}
			for n := 0; n < len(data)-1; n += step + len(data)/500 { // -1: a line end
				if _, entries, err := Read(data[:n], ReadOptions{As: tt.as, Ask: answer(testPassword)}); err == nil || sentenceOf(err) == "" {
					t.Fatalf("cut off at %d of %d: %d entries, %v", n, len(data), len(entries), err)
				}
			}
		})
	}
}

// withoutFolders leaves out what some programs do not seal.
func withoutFolders(entries []Entry) []Entry { return InFolder(entries, "") }

func keysOf(t *testing.T, data []byte, as string) string {
	_, entries, err := Read(data, ReadOptions{As: as, Ask: answer(testPassword)})
	if err != nil {
		t.Fatal(err)
	}
	return describe(withoutFolders(entries))
}

// Where a file says so much that the password was right, damage is not put down to the password.
func TestDamageIsNoWrongPassword(t *testing.T) {
	for _, tt := range []struct{ file, before string }{
		{"aegis-encrypted.json", `"db": "`},
		{"2fas-encrypted.json", `"servicesEncrypted": "`},
		{"bitwarden-pbkdf2.json", `|`}, // of the validation, but the data's comes last
	} {
		data := string(readFile(t, filepath.Join("testdata", tt.file)))
		at := strings.LastIndex(data, tt.before) + len(tt.before) + 20
		other := "A"
		if data[at] == 'A' {
			other = "B"
		}
		_, _, err := Read([]byte(data[:at]+other+data[at+1:]), ReadOptions{Ask: answer(testPassword)})
		if sentenceOf(err) != "import-damaged" || errors.Is(err, ErrPassword) {
			t.Errorf("%s: %v", tt.file, err)
		}
	}
}

func TestBitwardenAccount(t *testing.T) {
	format, _, err := Read(readFile(t, "testdata/bitwarden-account.json"), ReadOptions{Ask: answer(testPassword)})
	if format != "Bitwarden" || sentenceOf(err) != "import-bitwarden-account" {
		t.Errorf("%s: %v", format, err)
	}
}

// What a file asks for is refused before anybody is asked for a password; otherwise this test would not live to its
// end.
func TestCostlyFiles(t *testing.T) {
	for _, tt := range []struct{ file, from, to, want string }{
		{"ente-encrypted.json", `"memLimit": 1048576`, `"memLimit": 1073742848`, "import-costly"},
		{"ente-encrypted.json", `"memLimit": 1048576`, `"memLimit": 18446744073709551615`, "import-costly"},
		{"ente-encrypted.json", `"memLimit": 1048576`, `"memLimit": 1023`, "import-damaged"},
		{"ente-encrypted.json", `"memLimit": 1048576`, `"memLimit": -1`, "import-damaged"},
		{"ente-encrypted.json", `"opsLimit": 2`, `"opsLimit": 4294967296`, "import-costly"},
		{"ente-encrypted.json", `"opsLimit": 2`, `"opsLimit": 0`, "import-damaged"},
		{"ente-encrypted.json", `"version": 1`, `"version": 2`, "import-newer"},
		{"aegis-encrypted.json", `"n": 32`, `"n": 33`, "import-damaged"},
		{"aegis-encrypted.json", `"n": 32`, `"n": 0`, "import-damaged"},
		{"aegis-encrypted.json", `"n": 32`, `"n": 9223372036854775808`, "import-costly"},
		{"aegis-encrypted.json", `"r": 8`, `"r": 1152921504606846976`, "import-costly"},
		{"aegis-encrypted.json", `"p": 1`, `"p": 18446744073709551615`, "import-costly"},
		{"aegis-encrypted.json", `"p": 1`, `"p": 0`, "import-damaged"},
		{"aegis-encrypted.json", `"version": 1`, `"version": 2`, "import-newer"},
		{"aegis.json", `"version": 3`, `"version": 4`, "import-newer"},
		{"2fas-encrypted.json", `"schemaVersion": 3`, `"schemaVersion": 5`, "import-newer"},
		{"proton-encrypted.json", `"version": 1`, `"version": 2`, "import-newer"},
		{"bitwarden-pbkdf2.json", `"kdfIterations": 5000`, `"kdfIterations": 18446744073709551615`, "import-costly"},
		{"bitwarden-pbkdf2.json", `"kdfIterations": 5000`, `"kdfIterations": 0`, "import-damaged"},
		{"bitwarden-pbkdf2.json", `"kdfType": 0`, `"kdfType": 2`, "import-damaged"},
		{"bitwarden-argon2.json", `"kdfMemory": 1`, `"kdfMemory": 1025`, "import-costly"},
		{"bitwarden-argon2.json", `"kdfMemory": 1`, `"kdfMemory": 18446744073709551615`, "import-costly"},
		{"bitwarden-argon2.json", `"kdfParallelism": 4`, `"kdfParallelism": 256`, "import-damaged"},
	} {
		data := string(readFile(t, filepath.Join("testdata", tt.file)))
		if !strings.Contains(data, tt.from) {
			t.Fatalf("%s has no %s", tt.file, tt.from)
		}
		asked := false
		_, _, err := Read([]byte(strings.Replace(data, tt.from, tt.to, 1)), ReadOptions{Ask: func(string) (string, error) {
			asked = true
			return testPassword, nil
		}})
		if got := sentenceOf(err); got != tt.want || asked != (tt.want == "import-password") {
			t.Errorf("%s, %s: %s, asked %v (%v)", tt.file, tt.to, got, asked, err)
		}
	}
}

// What programs ask for themselves is afforded, and many slots cost what they sum up to.
func TestAffordable(t *testing.T) {
	slot := scryptOf(nil, 1<<15, 8, 1)
	for name, tt := range map[string]struct {
		all  []kdf
		want string
	}{
		"Ente":               {[]kdf{argon2id(nil, 16, 256<<10, 1)}, ""},
		"Ente, on a phone":   {[]kdf{argon2id(nil, 32, 128<<10, 1)}, ""},
		"Ente, on a server":  {[]kdf{argon2id(nil, 4, 1<<20, 1)}, "import-costly-memory"},
		"Bitwarden's most":   {[]kdf{pbkdf2SHA256(nil, 2_000_000)}, ""},
		"and with Argon2":    {[]kdf{argon2id(nil, 10, 1<<20, 16)}, "import-costly-memory"},
		"Aegis":              {[]kdf{slot, slot, slot}, ""},
		"Aegis' whole house": {slices.Repeat([]kdf{slot}, 1000), "import-costly"},
		"a long time":        {[]kdf{argon2id(nil, 100, 1<<20, 1)}, "import-costly"},
		"an age":             {[]kdf{pbkdf2SHA1(nil, 1<<32)}, "import-costly"},
		"one is nonsense":    {[]kdf{slot, {}}, "import-damaged"},
	} {
		o := ReadOptions{Budget: budgetOf(t)}
		if got := sentenceOf(o.affordable("x", tt.all...)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		o = ReadOptions{Budget: budgetOf(t), Costly: true}
		if got := sentenceOf(o.affordable("x", tt.all...)); tt.want == "import-costly-memory" && got != "" {
			t.Errorf("%s: %q though the person wants it", name, got)
		}
	}
}

// The stream is opened as libsodium seals it, whatever remains beyond the last block, and for the tags of a whole.
func TestStream(t *testing.T) {
	opened := 0
	for line := range strings.Lines(string(readFile(t, "testdata/secretstream.txt"))) {
		var b [4][]byte
		words := strings.Fields(line)
		for i, word := range words[1:] {
			b[i], _ = hex.DecodeString(strings.TrimPrefix(word, "-"))
		}
		plain, ok := openStream(b[0], b[1], b[2])
		if want := words[0] == "0" || words[0] == "3"; ok != want || ok && !bytes.Equal(plain, b[3]) {
			t.Errorf("%d bytes, tag %s: %v", len(b[3]), words[0], ok)
		}
		if ok {
			opened++
		}
		b[2][len(b[2])/2] ^= 0x80
		if _, ok := openStream(b[0], b[1], b[2]); ok {
			t.Errorf("%d bytes: opened though broken", len(b[3]))
		}
	}
	if opened != 74 {
		t.Errorf("%d were opened", opened)
	}
}
