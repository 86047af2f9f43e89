package exchange

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kapu/vault"
)

func seeds(f *testing.F) {
	for _, file := range []string{"list.txt", "ente.txt", "ente.json", "ente-encrypted.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		for line := range strings.SplitSeq(string(data), "\n") {
			f.Add([]byte(line))
		}
	}
}

// lines counts what a list says, in another way than the reader does.
func lines(text string) (least, most int) {
	for line := range strings.SplitSeq(strings.ToLower(text), "\n") {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")); line != "" && line[0] != '#' {
			least++
			most += max(1, strings.Count(line, "otpauth")) // several on one line are several
			if strings.Contains(line, migration) {
				most += len(line) // of which each may hold many
			}
		}
	}
	return least, most
}

func FuzzOtpauth(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := otpauth{}.Read(data, ReadOptions{Budget: budgetOf(t)})
		if err != nil {
			t.Fatal(err)
		}
		if least, most := lines(plainText(data)); len(entries) < least || len(entries) > most {
			t.Errorf("%d entries of %d to %d lines", len(entries), least, most)
		}
		check(t, entries)
	})
}

func FuzzEnte(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := ente{}.Read(data, ReadOptions{Budget: budgetOf(t)})
		if err != nil {
			return
		}
		text := plainText(data)
		least, most := lines(text)
		if hasKeys(data, '{') {
			var file struct {
				Items []any `json:"items"`
			}
			if err := json.Unmarshal([]byte(text), &file); err != nil {
				t.Fatal(err)
			}
			least, most = len(file.Items), len(file.Items)
		}
		if len(entries) < least || len(entries) > most {
			t.Errorf("%d entries of %d to %d", len(entries), least, most)
		}
		check(t, entries)
	})
}

// fuzzJSON fuzzes a reader of JSON. What is sealed it leaves alone, as whoever has no password, which tries the
// envelope; the stage after it is that of the plain export.
func fuzzJSON(f *testing.F, r Reader, files ...string) {
	for _, file := range files {
		f.Add(readFile(f, filepath.Join("testdata", file)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r.Detect(data)
		entries, err := r.Read(data, ReadOptions{Budget: budgetOf(t)})
		if err != nil {
			if sentenceOf(err) == "" || entries != nil {
				t.Errorf("%d entries and %v", len(entries), err)
			}
			return
		}
		for i, e := range entries {
			if e.Line != i+1 {
				t.Fatalf("entry %d is number %d", i+1, e.Line)
			}
		}
		check(t, entries)
	})
}

func FuzzAegis(f *testing.F)   { fuzzJSON(f, aegis{}, "aegis.json", "aegis-encrypted.json") }
func FuzzTwoFAS(f *testing.F)  { fuzzJSON(f, twoFAS{}, "2fas.json", "2fas-encrypted.json") }
func FuzzAndOTP(f *testing.F)  { fuzzJSON(f, andOTP{}, "andotp.json", "andotp.bin", "andotp-old.bin") }
func FuzzFreeOTP(f *testing.F) { fuzzJSON(f, freeOTP{}, "freeotp.json") }
func FuzzProton(f *testing.F)  { fuzzJSON(f, proton{}, "proton.json", "proton-encrypted.json") }
func FuzzBitwarden(f *testing.F) {
	fuzzJSON(f, bitwarden{}, "bitwarden.json", "bitwarden-pbkdf2.json", "bitwarden-argon2.json", "bitwarden-account.json")
}

func FuzzStratum(f *testing.F) {
	fuzzJSON(f, stratum{}, "stratum.json", "stratum.bin", "stratum-legacy.bin")
}
func FuzzLastPass(f *testing.F) { fuzzJSON(f, lastPass{}, "lastpass.json") }
func FuzzTwoFAuth(f *testing.F) { fuzzJSON(f, twoFAuth{}, "2fauth.json") }
func FuzzRaivo(f *testing.F)    { fuzzJSON(f, raivo{}, "raivo-otp-export.json") }
func FuzzFreeOTP2(f *testing.F) { fuzzJSON(f, freeOTP2{}, "freeotp2.bin") }
func FuzzExtension(f *testing.F) {
	fuzzJSON(f, extension{}, "extension.json", "extension-1.json", "extension-2.json", "extension-3.json")
}

func FuzzWinAuthXML(f *testing.F) {
	fuzzJSON(f, winAuthXML{}, "winauth.xml", "winauth-password.xml", "winauth-entries.xml")
}
func FuzzKeePassXML(f *testing.F) { fuzzJSON(f, keepassXML{}, "keepass-export.xml") }
func FuzzKdbx(f *testing.F) {
	fuzzJSON(f, kdbx{}, "keepass3.kdbx", "keepass4-argon2d.kdbx", "keepass4-keyfile.kdbx")
}

func FuzzBitwardenAuth(f *testing.F) {
	f.Add(readFile(f, "testdata/bitwarden-authenticator.csv"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := bitwardenAuth{}.Read(data, ReadOptions{Budget: budgetOf(t)})
		if err == nil {
			check(t, entries)
		} else if sentenceOf(err) == "" {
			t.Error(err)
		}
	})
}

func FuzzKeyFile(f *testing.F) {
	f.Add([]byte("<KeyFile><Meta><Version>2.0</Version></Meta><Key><Data>00</Data></Key></KeyFile>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(keyOfFile(data)) != keyLength {
			t.Error("of another length")
		}
	})
}

// FuzzStream breaks a chunk: whatever opens must be what libsodium sealed.
func FuzzStream(f *testing.F) {
	key := make([]byte, keyLength)
	f.Add(make([]byte, streamHeader), make([]byte, streamOverhead))
	f.Fuzz(func(t *testing.T, header, chunk []byte) {
		if plain, ok := openStream(key, header, chunk); ok {
			t.Errorf("%d bytes were forged", len(plain))
		}
	})
}

// FuzzSealed breaks Bitwarden's sealed texts.
func FuzzSealed(f *testing.F) {
	f.Add("2.AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAA==|AA==")
	f.Fuzz(func(t *testing.T, text string) {
		if box, ok := parseSealed(text); ok {
			if _, ok := box.open(make([]byte, keyLength)); ok {
				t.Errorf("%s was forged", text)
			}
		}
	})
}

func check(t *testing.T, entries []Entry) {
	for _, e := range entries {
		if e.Refuse != nil {
			if e.Key != (vault.Key{}) || !utf8.ValidString(e.Name) || e.Refuse.Error() == "" {
				t.Errorf("refused: %+v", e)
			}
			continue
		}
		if key, err := e.Key.Normalize(); e.Skip == nil && (err != nil || key != e.Key) {
			t.Errorf("%+v is not as the vault keeps it: %v", e.Key, err)
		}
	}
	tx := vault.Draft()
	report, err := Apply(t.Context(), tx, entries, Decisions{})
	if err != nil {
		t.Fatal(err)
	}
	addsUp(t, report, entries)
	accounts, clients := len(tx.Accounts), len(tx.Clients)
	if accounts != report.Counts[New] || clients != report.Counts[New]+report.Counts[Merged] {
		t.Errorf("%d accounts and %d clients of %v", accounts, clients, report.Counts)
	}
	for _, a := range tx.Accounts {
		if _, err := a.Key.Code(time.Unix(1_800_000_000, 0)); err != nil {
			t.Errorf("%+v makes no code: %v", a.Key, err)
		}
	}
	again, err := Apply(t.Context(), tx, entries, Decisions{})
	if err != nil {
		t.Fatal(err)
	}
	if c := again.Counts; c[New]+c[Merged]+c[Changed] != 0 {
		t.Errorf("first %s, then %s", fates(report), fates(again))
	}
}
