package exchange

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/lang"
	"kapu/vault"
)

const testKey = "JBSWY3DPEHPK3PXP"

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t testing.TB, text string) []Entry {
	t.Helper()
	_, entries, err := Read([]byte(text), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func one(t testing.TB, text string) Entry {
	t.Helper()
	entries := read(t, text)
	if len(entries) != 1 {
		t.Fatalf("%d entries in %q", len(entries), text)
	}
	return entries[0]
}

func id(e *lang.Error) string {
	if e == nil {
		return ""
	}
	return e.ID
}

// describe writes entries so that a person can check them against the file.
// Each bad line is refused by its number and for its own reason.
func TestLineEndingsAndEncodings(t *testing.T) {
	list := string(readFile(t, "testdata/list.txt"))
	want := describe(read(t, list))
	utf16 := []byte{0xff, 0xfe}
	for _, r := range list { // all below U+10000
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, variant := range map[string]string{
		"CRLF":        strings.ReplaceAll(list, "\n", "\r\n"),
		"BOM":         "\ufeff" + list,
		"UTF-16":      string(utf16),
		"no last end": strings.TrimRight(list, "\n"),
	} {
		if diff := cmp.Diff(want, describe(read(t, variant))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	e := one(t, "otpauth://totp/K\xf5r\xf6si B\xfator Kft.?secret="+testKey) // as Notepad's "ANSI"
	if e.Name != "Kőrösi Bútor Kft." {
		t.Errorf("Windows-1250 read as %q", e.Name)
	}
}

func TestLabels(t *testing.T) {
	for _, tt := range []struct{ uri, name, service string }{
		{"totp/Issuer:Account?", "Account", "Issuer"},
		{"totp/Issuer: Account?", "Account", "Issuer"},
		{"totp/Issuer%3A%20Account?", "Account", "Issuer"},
		{"totp/Issuer:Account?issuer=Other", "Account", "Other"},
		{"totp/A:B:Account?issuer=A:B", "Account", "A:B"},
		{"totp/Account?", "Account", ""},
		{"totp/Account?issuer=Issuer", "Account", "Issuer"},
		{"totp/Issuer:?", "Issuer", "Issuer"},
		{"totp/:Account?", "Account", ""},
		{"totp?issuer=Issuer", "Issuer", "Issuer"},
		{"totp/?issuer=Issuer", "Issuer", "Issuer"},
		{"totp//Account?", "Account", ""},
		{"totp/Kov%C3%A1cs+Kft.?", "Kovács Kft.", ""},
		{"totp/A+B%20Kft.?", "A+B Kft.", ""},
		{"totp/A+B Kft.?", "A+B Kft.", ""},
		{"totp/Ügyfélkapu+:Kov%C3%A1cs+Kft.?issuer=Ügyfélkapu+", "Kovács Kft.", "Ügyfélkapu+"},
		{"totp/100% Kft.?", "100% Kft.", ""},
		{"totp/5%zz%?", "5%zz%", ""},
		{"totp/R&B Bt.?", "R&B Bt.", ""},
		{"totp/Mi ez? Kft.?", "Mi ez? Kft.", ""},
		{"totp/Bolt #2?", "Bolt #2", ""},
		{"totp/A/B Kft.?", "A/B Kft.", ""},
		{"totp/A%2FB Kft.?", "A/B Kft.", ""},
		{"totp/%22Idézett%22 Kft.?", `"Idézett" Kft.`, ""},
		{"totp/Sor%0Atörés?", "Sor törés", ""},
		{"totp/Account?issuer=Kovács & Társa", "Account", "Kovács & Társa"},
	} {
		uri := "otpauth://" + tt.uri
		if !strings.HasSuffix(uri, "?") {
			uri += "&"
		}
		e := one(t, uri+"secret="+testKey)
		if e.Refuse != nil || e.Name != tt.name || e.Service != tt.service || e.Key.Secret != testKey {
			t.Errorf("%s: name %q, service %q, refused: %v", uri, e.Name, e.Service, e.Refuse)
		}
	}
}

func TestKeys(t *testing.T) {
	usual := vault.Key{Kind: vault.TOTP, Secret: testKey, Algorithm: "SHA1", Digits: 6, Period: 30}
	with := func(change func(*vault.Key)) vault.Key { k := usual; change(&k); return k }
	for query, want := range map[string]vault.Key{
		"totp/x?secret=jbswy3dpehpk3pxp":                                    usual,
		"totp/x?secret=JBSW Y3DP-EHPK%203PXP":                               usual,
		"totp/x?secret=JBSW+Y3DP+EHPK+3PXP+":                                usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP%3D%3D":                              usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP==&digits=":                          usual,
		"totp/x&secret=JBSWY3DPEHPK3PXP":                                    usual,
		"totp/x?&secret=JBSWY3DPEHPK3PXP&":                                  usual,
		"totp/x?issuer=a&amp;secret=JBSWY3DPEHPK3PXP&amp;digits=6":          usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP&flag&digits=6&unknown=%zz":          usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP&counter=-7":                         usual, // a TOTP key has none
		"TOTP/x?secret=JBSWY3DPEHPK3PXP&algorithm=Algorithm.sha1&digits=06": usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=sha-1&period= 30 ":        usual,
		"totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=HmacSHA512":               with(func(k *vault.Key) { k.Algorithm = "SHA512" }),
		"totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=sha_256&digits=8&period=60": with(func(k *vault.Key) {
			k.Algorithm, k.Digits, k.Period = "SHA256", 8, 60
		}),
		"hotp/x?secret=JBSWY3DPEHPK3PXP":                             {Kind: vault.HOTP, Secret: testKey, Algorithm: "SHA1", Digits: 6},
		"hotp/x?secret=JBSWY3DPEHPK3PXP&counter=12&period=0":         {Kind: vault.HOTP, Secret: testKey, Algorithm: "SHA1", Digits: 6, Counter: 12},
		"steam/x?secret=JBSWY3DPEHPK3PXP&digits=5":                   with(func(k *vault.Key) { k.Kind, k.Digits = vault.Steam, 5 }),
		"totp/x?secret=JBSWY3DPEHPK3PXP&encoder=steam":               with(func(k *vault.Key) { k.Kind, k.Digits = vault.Steam, 5 }),
		"totp/Steam:x?secret=JBSWY3DPEHPK3PXP&issuer=Steam&digits=5": with(func(k *vault.Key) { k.Digits = 5 }),
	} {
		if e := one(t, "otpauth://"+query); e.Refuse != nil || e.Key != want {
			t.Errorf("%s: %+v, refused: %v", query, e.Key, e.Refuse)
		}
	}
}

// A key that stands where it does not belong is not shown: not in a name, not in a reason.
func TestNoSecretIsSaid(t *testing.T) {
	for _, line := range []string{
		testKey,
		"Kovács Kft. " + testKey,
		"otpauth://" + testKey,
		"otpauth://secret=" + testKey,
		"otpauth://" + testKey + "?issuer=x",
		"otpauth://totp/Kovács secret=" + testKey,
		"otpauth://totp/Kovács%3Fsecret%3D" + testKey,
		"otpauth://totp/?issuer=x & secret=" + testKey,
		"otpauth://totp/Kovács?secret=" + testKey + "&digits=6 " + testKey,
		"otpauth://totp/Kovács?algorithm=SHA1 secret=" + testKey,
		"otpauth://totp/Kovács?secret=" + testKey + "&algorithm=" + testKey,
		"otpauth://totp/Kovács?secret=" + testKey + "!",
		"otpauth://hotp/Kovács?secret=" + testKey + "&counter=" + testKey,
		"otpauth-migration://offline?data=" + testKey,
	} {
		e := read(t, "otpauth://totp/x?secret=AAAA\n"+line)[1]
		if e.Refuse == nil {
			t.Errorf("%s was taken", line)
			continue
		}
		if said := e.Name + e.Service + e.Refuse.Error() + lang.In(lang.Hungarian).Error(e.Refuse); strings.Contains(said, testKey) {
			t.Errorf("%s: %s", line, said)
		}
	}
}

func TestSeveralOnOneLine(t *testing.T) {
	uri := "otpauth://totp/a?secret=" + testKey
	for _, line := range []string{uri + "," + uri, uri + ", " + uri + ",", uri + " " + uri, `"` + uri + `","` + uri + `",`} {
		entries := read(t, "\n"+line)
		if len(entries) != 2 {
			t.Fatalf("%d entries in %s", len(entries), line)
		}
		for _, e := range entries {
			if e.Line != 2 || e.Refuse != nil || e.Key.Secret != testKey {
				t.Errorf("%s: %+v", line, e)
			}
		}
	}
}

func TestDetect(t *testing.T) {
	uri := "otpauth://totp/a?secret=" + testKey
	for text, want := range map[string]string{
		uri:                                     "otpauth",
		"\ufeff\r\n\r\n# x\r\n" + uri:           "otpauth",
		"név\nOTPAUTH://totp/a":                 "otpauth",
		strings.Repeat("# x\n", 1000) + uri:     "otpauth",
		"otpauth-migration://offline?data=AA":   "otpauth",
		`"` + uri + `"`:                         "otpauth",
		uri + "&codeDisplay=%7B%7D":             "Ente Auth",
		uri + "\n" + uri + "&codeDisplay=x":     "Ente Auth",
		`{"items":[{"rawData":"` + uri + `"}]}`: "Ente Auth",
		"# otpauth://totp/a":                    "import-unknown",
		`{"items":[{"login":{}}]}`:              "import-unknown",
		"név;kulcs\nKovács;" + testKey:          "CSV",
		"kulcs;név\n" + uri + ";Kovács":         "CSV",
		"név;kulcs\n" + uri:                     "CSV",
		"Név;Mappa\n" + uri:                     "otpauth",
		"Név;Mappa\nKovács;Kft-k":               "table-no-key",
		"egy, kettő, név\nx":                    "import-unknown",
		" \r\n\t":                               "import-empty",
		"":                                      "import-empty",
		`{"items":[{"rawData":"`:                "import-damaged",
		`{"rawData":1}`:                         "import-damaged",
	} {
		got, _, err := Read([]byte(text), ReadOptions{})
		if e, ok := errors.AsType[*lang.Error](err); ok {
			got = e.ID
		}
		if got != want {
			t.Errorf("%.40q is read as %q, want %q", text, got, want)
		}
	}
}

// Lines of a megabyte are lines like any other.
func TestLongLines(t *testing.T) {
	const mega = 1 << 20
	for name, line := range map[string]string{
		"name":      "otpauth://totp/" + strings.Repeat("a", mega) + "?secret=" + testKey,
		"secret":    "otpauth://totp/a?secret=" + strings.Repeat("A", mega),
		"issuer":    "otpauth://totp/a?secret=" + testKey + "&issuer=" + strings.Repeat("&a", mega/2),
		"escapes":   "otpauth://totp/" + strings.Repeat("%41", mega/3) + "?secret=" + testKey,
		"questions": "otpauth://totp/" + strings.Repeat("?", mega) + "secret=" + testKey,
		"garbage":   strings.Repeat("x", mega),
	} {
		entries := read(t, "otpauth://totp/x?secret=AAAA\n"+line+"\notpauth://totp/z?secret=AAAA\n")
		if len(entries) != 3 || entries[2].Refuse != nil || entries[2].Line != 3 {
			t.Errorf("%s: %d entries", name, len(entries))
			continue
		}
		if n := len([]rune(entries[1].Name)); n > vault.MaxName || len(entries[1].Service) > mega+3 {
			t.Errorf("%s: the name has %d characters", name, n)
		}
	}
	many := "otpauth://totp/a?secret=" + testKey + strings.Repeat("&x=1", mega/4) + "&digits=8"
	if e := one(t, many); e.Key.Digits != 8 {
		t.Errorf("the last of many parameters is lost: %+v, %v", e.Key, e.Refuse)
	}
}

func TestInFolder(t *testing.T) {
	entries := []Entry{{Name: "a"}, {Name: "b", Folder: "x"}}
	for _, e := range InFolder(entries, "Kft-k") {
		if e.Folder != "Kft-k" {
			t.Errorf("%q is in %q", e.Name, e.Folder)
		}
	}
	if entries[1].Folder != "x" {
		t.Error("the caller's entries were changed")
	}
}

// What other programs wrote: both files hold the same seven keys.
// The keys make the codes that another program makes of them.
