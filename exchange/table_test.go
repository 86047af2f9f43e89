package exchange

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/charmap"

	"kapu/internal/need"
	"kapu/lang"
	"kapu/vault"
)

func TestHeadings(t *testing.T) {
	for want, headings := range map[field][]string{
		nameField:          {"Ügyfél", "ÜGYFÉL NEVE", "Cégnév", "Cég neve:", "Client", "Client name", "company", "Megbízó neve"},
		personField:        {"Név", "név*", "Name", "Fiók"},
		ownerField:         {"Fiók tulajdonosa", "A fiók tulajdonosa", "Account owner", "Ügyvezető neve"},
		keyField:           {"Kulcs", "Egyedi kulcs", "Titkos kulcs (Base32)", "Ügyfélkapu+ kulcs", "ÜK+ titkos  kulcs", "Egyedi azonosító kód", "TOTP", "Secret", "Secret key", "otpauth URI", "otpauth"},
		taxField:           {"Adószám", "ADÓSZÁMA", "adó-szám", "Tax number", "tax no.", "Adószám/adóazonosító jel", "VAT"},
		folderField:        {"Mappa", "Csoport", "Mappa/csoport", "Folder", "group"},
		userField:          {"Felhasználónév", "Ügyfélkapus felhasználónév", "Felhasználói név", "User name", "user_name", "login", "KAÜ felhasználónév"},
		deletionField:      {"Törlőkód", "törlő kód", "Deletion code"},
		noteField:          {"Megjegyzés", "Megjegyzések", "Note", "comment"},
		serviceField:       {"Szolgáltatás", "Service", "issuer"},
		favouriteField:     {"Kedvenc", "favourite", "Favorite"},
		mandateField:       {"Meghatalmazás vége", "Meghatalmazás érvényes", "Érvényes", "valid until", "Meghatalmazás (vége)"},
		passwordUntilField: {"Jelszó lejárata", "Password expires", "Ügyfélkapu jelszó lejárata"},
		passwordField:      {"Jelszó", "Ügyfélkapu jelszó", "Password"},
		unknownField:       {"", "Telefon", "Ügyfélkapu", "Ügyfelek titkos kulcsai 2026", "kulcs helye"},
	} {
		for _, heading := range headings {
			if got := office.field(heading); got != want {
				t.Errorf("%q is %d, want %d", heading, got, want)
			}
		}
	}
}

// rows is a table with everything that an office may know, as a spreadsheet would save it.
var everything = [][]string{
	{"Minta Könyvelő Iroda", "", "", ""},
	{},
	{"Titkos kulcs", "Törlőkód", "Ügyfél", "Fiók tulajdonosa", "Adószám", "Mappa", "Felhasználónév", "Megjegyzés", "Meghatalmazás vége", "Jelszó lejárata", "Kedvenc", "Szolgáltatás"},
	{"jbsw y3dp-ehpk 3pxp", "00123456", "Kőrösi \"Bútor\" Kft.", "Tóth Éva", "12345678142", "Kft-k", "toth.eva", "első; sor,\nmásodik\tsor", "2026. 12. 31.", "2027-01-15", "igen", "NAV"},
	{"", "", "", "", "", "", "", "", "", "", "", ""},
	{"otpauth://totp/Mindegy:x?secret=GEZDGNBVGY3TQOJQ&issuer=Ügyfélkapu%2B&digits=8", "", "Árvíztűrő Bt.", "Árvíztűrő Bt.", "87654321-2-13", "", "", "", "határozatlan", "", "", ""},
	{"JBSWY3DPEHPK3PX1", "", "Hibás Zrt.", "", "", "", "", "", "", "", "", ""},
}

func save(rows [][]string, sep, end string) string {
	var b strings.Builder
	for _, r := range rows {
		for i, cell := range r {
			if i > 0 {
				b.WriteString(sep)
			}
			if strings.ContainsAny(cell, sep+"\"\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(end)
	}
	return b.String()
}

func wantEverything() []Entry {
	eight := totp("GEZDGNBVGY3TQOJQ")
	eight.Digits = 8
	return []Entry{
		{
			Line: 4, Name: `Kőrösi "Bútor" Kft.`, Key: totp(testKey), DeletionCode: "00123456", TaxNumber: "12345678-1-42",
			Folder: "Kft-k", UserName: "toth.eva", Note: "Fiók tulajdonosa: Tóth Éva\nelső; sor,\nmásodik sor",
			MandateUntil: "2026-12-31", PasswordUntil: "2027-01-15", Favourite: true, Service: "NAV",
		},
		{
			Line: 7, Name: "Árvíztűrő Bt.", Key: eight, TaxNumber: "87654321-2-13", Service: "Ügyfélkapu+", MandateUntil: vault.Indefinite,
		},
		{Line: 8, Name: "Hibás Zrt.", Refuse: lang.E("key-base32")},
	}
}

// unstated leaves out of a comparison which parameters of a key a file states, which TestStated looks at, and whether
// another program kept the entry, which TestForeign does.
var unstated = cmp.Options{
	cmp.Transformer("unstated", func(Stated) struct{} { return struct{}{} }),
	cmpopts.IgnoreFields(Entry{}, "Foreign"),
}

// What another program kept is told from an office's own table, and from our own file.
func TestForeign(t *testing.T) {
	for data, want := range map[string]bool{
		"Ügyfél;Kulcs\nAlfa Kft.;" + testKey + "\n":                                                             false,
		"<table><tr><td>Ügyfél<td>Kulcs<tr><td>A<td>" + testKey:                                                 false,
		"otpauth://totp/Alfa?secret=" + testKey:                                                                 true,
		`[{"secret":"` + testKey + `","label":"Alfa","type":"TOTP","digits":6,"algorithm":"SHA1","period":30}]`: true,
	} {
		_, entries, err := Read([]byte(data), ReadOptions{})
		if err != nil || len(entries) != 1 || entries[0].Foreign != want {
			t.Errorf("%s: %+v, %v", data, entries, err)
		}
	}
}

func same(t testing.TB, what string, want, got []Entry) {
	t.Helper()
	byID := cmp.Comparer(func(a, b *lang.Error) bool { return id(a) == id(b) })
	if diff := cmp.Diff(want, got, byID, unstated); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func TestSeparatorsAndEncodings(t *testing.T) {
	utf16of := func(s string, little bool) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			if little {
				b = append(b, byte(u), byte(u>>8))
			} else {
				b = append(b, byte(u>>8), byte(u))
			}
		}
		return string(b)
	}
	for _, sep := range []string{";", ",", "\t", "|"} {
		for _, end := range []string{"\n", "\r\n"} {
			text := save(everything, sep, end)
			ansi, err := charmap.Windows1250.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			for encoding, data := range map[string]string{
				"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text, "Windows-1250": ansi, "no last line end": strings.TrimSuffix(text, end),
				"UTF-16 LE": utf16of("\ufeff"+text, true), "UTF-16 BE": utf16of("\ufeff"+text, false),
				"UTF-16 LE unmarked": utf16of(text, true), "UTF-16 BE unmarked": utf16of(text, false),
			} {
				name := "CSV"
				for _, said := range []string{"Windows-1250", "UTF-16"} {
					if strings.HasPrefix(encoding, said) {
						name = "CSV (" + said + ")"
					}
				}
				format, got, err := Read([]byte(data), ReadOptions{})
				if err != nil || format != name {
					t.Fatalf("%q, %s: read as %q, %v", sep, encoding, format, err)
				}
				want := wantEverything()
				if end == "\r\n" {
					want[0].Note = strings.ReplaceAll(want[0].Note, "\r\n", "\n")
				}
				same(t, sep+" "+encoding, want, got)
			}
		}
	}
	same(t, "Excel's own first line", wantEverything()[1:2], shifted(read(t, "sep=;\n"+save(everything[2:3], ";", "\n")+save(everything[5:6], ";", "\n")), 4))
	mixed := read(t, "név;kulcs\nK\xf5r\xf6s;"+testKey+"\nKőrös;"+testKey+"\n")
	if mixed[0].Name != "Kőrös" || mixed[1].Name != "Kőrös" {
		t.Errorf("one line in another encoding garbles the others: %q, %q", mixed[0].Name, mixed[1].Name)
	}
}

func shifted(entries []Entry, by int) []Entry {
	for i := range entries {
		entries[i].Line += by
	}
	return entries
}

// A quotation mark that has no other half costs no row but, at most, its own.
func TestQuotationMarks(t *testing.T) {
	for text, want := range map[string][][]string{
		`a;"b;c";d`:                      {{"a", "b;c", "d"}},
		`"a ""b"" c";d`:                  {{`a "b" c`, "d"}},
		"\"a\nb\";c\nd;e":                {{"a\nb", "c"}, {"d", "e"}},
		"\"5 col;b\nc;d\ne;f":            {{`"5 col`, "b"}, {"c", "d"}, {"e", "f"}},
		"\"5 col;b\nc;\"d\"\ne;f":        {{`"5 col`, "b"}, {"c", "d"}, {"e", "f"}},
		"a 5\" b;c\nd;e":                 {{`a 5" b`, "c"}, {"d", "e"}},
		"\"Kovács \"és\" Társa\";b\nc;d": {{`Kovács "és" Társa`, "b"}, {"c", "d"}},
		`"";"";x`:                        {{"", "", "x"}},
		"a;b\r\rc;d":                     {{"a", "b"}, {""}, {"c", "d"}},
		`"`:                              {{`"`}},
		"a;":                             {{"a"}, {}},
	} {
		var got [][]string
		for _, r := range split(text, ';') {
			got = append(got, r.cells)
		}
		if text == "a;" {
			want = [][]string{{"a", ""}}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	rows := split("a\n\"b\r\nc\"\nd", ';')
	if rows[1].line != 2 || rows[2].line != 4 {
		t.Errorf("the lines are counted as %d and %d", rows[1].line, rows[2].line)
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]string{
		"2026-12-31": "2026-12-31", "2026.12.31.": "2026-12-31", "2026.12.31": "2026-12-31", "2026. 12. 31.": "2026-12-31",
		"2026/12/31": "2026-12-31", "2026. 1. 5.": "2026-01-05", "20261231": "2026-12-31", "31/12/2026": "2026-12-31", "12/31/2026": "2026-12-31",
		"31.12.2026": "2026-12-31", "05.06.2026": "2026-06-05", "5. 6. 2026": "2026-06-05", "2026. december 31.": "2026-12-31", "2026. szept. 1.": "2026-09-01",
		"2026-12-31 00:00:00": "2026-12-31", "2026-12-31T00:00:00Z": "2026-12-31", "2026. 12. 31. 0:00": "2026-12-31",
		"46387": "2026-12-31", "46387.75": "2026-12-31", "": "", "-": "", "nincs": "", "Határozatlan": vault.Indefinite, "visszavonásig": vault.Indefinite,
		"06/06/2026": "2026-06-06", "05/06/2026": "date-order", "2026-02-30": "date-wrong", "2026-13-01": "date-wrong", "31.12.26": "date-wrong", "202612": "date-wrong",
		"év vége": "date-wrong", "123": "date-wrong", testKey: "date-wrong", "2026. alma 3.": "date-wrong",
	} {
		var order dayOrder
		order.learn(text)
		got, err := order.day(text, since1900)
		if err != nil {
			got = sentence(err).ID
			if strings.Contains(err.Error(), testKey) {
				t.Errorf("a key is said: %v", err)
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got, _ := (dayOrder{}).day("44925", since1904); got != "2026-12-31" {
		t.Errorf("of an old Mac: %s", got)
	}
	// The other dates of the column tell which half is the month; where they disagree, nothing is guessed.
	for column, want := range map[string]string{
		"05/06/2026 31/12/2026": "2026-06-05", "05/06/2026 12/31/2026": "2026-05-06", "05/06/2026 12/31/2026 31/12/2026": "date-order",
	} {
		text := "név;kulcs;érvényes\n"
		for i, day := range strings.Fields(column) {
			text += "a;" + numbered(i) + ";" + day + "\n"
		}
		e := read(t, text)[0]
		got := e.MandateUntil
		if e.Warn != nil && strings.Contains(e.Warn.Error(), "two different days") {
			got += "date-order"
		}
		if got != want || e.Refuse != nil {
			t.Errorf("%s: %s, want %s", column, got, want)
		}
	}
}

func TestTaxNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"12345678-1-42": "12345678-1-42", "12345678142": "12345678-1-42", " 12345678 - 1 - 42 ": "12345678-1-42", "12345678–1–42": "12345678-1-42",
		"12345678142.0": "12345678-1-42", "1.2345678142E+10": "12345678-1-42", "1,2345678142E+10": "12345678-1-42", "1.2345678142E10": "12345678-1-42",
		"12345678": "12345678", "8123456789": "8123456789", "HU12345678": "HU12345678", `="12345678142"`: "12345678-1-42", "'12345678142": "12345678-1-42", "": "",
		"1.2E+10": "table-rounded", "1,23457E+10": "table-rounded",
	} {
		e := read(t, "név\tkulcs\tadószám\na\t"+testKey+"\t"+text+"\n")[0]
		if got := e.TaxNumber + id(e.Warn); got != want || e.Refuse != nil {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// What a table says is taken in, or it is said that it was not.
func TestWhatATableLeavesOut(t *testing.T) {
	got := read(t, "Ssz;Név;Ügyfél;Kulcs;Telefon;Üres;Jelszó;Megjegyzés;Megjegyzés\n1;Éva;A;"+testKey+";123;;titok;n;m\n2;;;;;;;;\n;;#N/A;"+testKey+";;;;;\n;;B;;;;;;\n")
	same(t, "entries", []Entry{
		{Line: 1, Name: "Jelszó", Skip: lang.E("table-password")},
		{Line: 2, Name: "A", Key: totp(testKey), Note: "Név: Éva\nn\nTelefon: 123\nMegjegyzés: m"},
		{Line: 4, Name: "#N/A", Refuse: lang.E("table-formula")},
		{Line: 5, Name: "B", Refuse: lang.E("key-empty")},
	}, got)
	wide := read(t, "név;kulcs\na;"+testKey+";x\n")
	same(t, "a column without a heading", []Entry{{Line: 1, Name: "C", Skip: lang.E("table-columns")}, {Line: 2, Name: "a", Key: totp(testKey)}}, wide)
}

func TestNoColumnOfKeys(t *testing.T) {
	for text, want := range map[string]string{
		"Ügyfél;Adószám;Egyedi\na;1;nincs": "Understood columns: Ügyfél, Adószám; not understood: Egyedi.",
		"Ügyfél;Adószám\na;1":              "Understood columns: Ügyfél, Adószám. ",
	} {
		_, _, err := Read([]byte(text), ReadOptions{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

// Where the columns are mixed up, a key stands in the place of a name.
func TestNoSecretOfATableIsSaid(t *testing.T) {
	for _, text := range []string{
		"név;kulcs\n" + testKey + ";Kovács Kft.",
		"név;kulcs\notpauth://totp/a?secret=" + testKey + ";x",
		"név;kulcs;adószám\nKovács;x;" + testKey,
		"név;kulcs;érvényes\nKovács;" + testKey + ";" + testKey,
		"név;kulcs\nKovács;" + testKey + "1",
		"név;kulcs;" + testKey + "\nKovács;x;y",
		"név;mappa;" + testKey + "\nKovács;x;y",
	} {
		_, entries, err := Read([]byte(text), ReadOptions{})
		said := ""
		if err != nil {
			said = err.Error()
		}
		for _, e := range entries {
			if e.Refuse != nil || e.Skip != nil || e.Warn != nil {
				said += e.Name + e.TaxNumber + e.Note + sentences(e.Refuse, e.Skip, e.Warn).Error()
			}
		}
		if said == "" || strings.Contains(said, testKey) {
			t.Errorf("%q: %q", text, said)
		}
	}
}

func TestKeyInAField(t *testing.T) {
	eight := vault.Key{Kind: vault.TOTP, Secret: testKey, Algorithm: "SHA256", Digits: 8, Period: 60}
	for text, want := range map[string]vault.Key{
		testKey: totp(testKey), "jbsw y3dp ehpk 3pxp": totp(testKey), " " + testKey + "==\n": totp(testKey),
		"otpauth://totp/?secret=" + testKey:                                           totp(testKey),
		"steam://" + testKey:                                                          {Kind: vault.Steam, Secret: testKey, Algorithm: "SHA1", Digits: 5, Period: 30},
		"key=" + testKey + "&size=8&step=60&otpHashMode=Sha256":                       eight,
		"key=" + testKey + "&step=60&size=8&otpHashMode=HMAC-SHA-256":                 eight,
		"key=" + testKey:                                                              totp(testKey),
		"otpauth://totp/a?secret=" + testKey + "&digits=8&period=60&algorithm=sha256": eight,
	} {
		e := read(t, "ügyfél\tkulcs\nKovács\t\""+text+"\"\n")
		if len(e) != 1 || e[0].Refuse != nil || e[0].Key != want || e[0].Name != "Kovács" {
			t.Errorf("%s: %+v", text, e)
		}
	}
}

func wantKeePassXC() []Entry {
	eight := vault.Key{Kind: vault.TOTP, Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Algorithm: "SHA256", Digits: 8, Period: 60}
	return []Entry{
		{Line: 2, Name: "Gyökérben Zrt.", UserName: "gyoker", Key: totp("MFRGGZDFMZTWQ2LK")},
		{Line: 3, Name: "Csak jelszó", Skip: lang.E("table-no-code")},
		{Line: 4, Name: `Kovács, "és" Társa Kft.`, UserName: "kovacs.anna", Folder: "Kft-k", Note: "első sor\nmásodik, sor", Key: totp(testKey)},
		{Line: 6, Name: "Szabó Bt.", UserName: "szabo", Folder: "Kft-k", Key: eight},
		{Line: 7, Name: "Törölt Kft.", Folder: "Recycle Bin", Key: totp("ONSWG4TFOQQGWZLZ"), Skip: lang.E("table-trashed")},
	}
}

func TestKeePassXC(t *testing.T) {
	format, got, err := Read(readFile(t, "testdata/keepassxc.csv"), ReadOptions{})
	if err != nil || format != "KeePassXC" {
		t.Fatalf("read as %q, %v", format, err)
	}
	same(t, "entries", wantKeePassXC(), got)
	legacy := "Group,Title,Username,Password,URL,Notes,TOTP\nRoot/A/B,x,,p,,,key=" + testKey + "&size=6\n"
	same(t, "an older one", []Entry{{Line: 2, Name: "x", Folder: "A/B", Key: totp(testKey)}}, read(t, legacy))
}

// The installed KeePassXC writes what is read here.
func TestKeePassXCItself(t *testing.T) {
	run := keepassxcProgram(t)
	db := filepath.Join(t.TempDir(), "t.kdbx")
	run("test\ntest\n", "import", "-p", "testdata/keepassxc.xml", db)
	run("test\n", "rm", db, "Törölt Kft.")
	_, got, err := Read(run("test\n", "export", "-f", "csv", db), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "entries", wantKeePassXC(), got)
}

// keepassxcProgram runs the installed KeePassXC with the lines that answer its questions.
func keepassxcProgram(t *testing.T) func(answers string, args ...string) []byte {
	need.Program(t, "keepassxc-cli", "keepassxc")
	home := t.TempDir()
	return func(answers string, args ...string) []byte {
		cmd := exec.Command("keepassxc-cli", args...)
		cmd.Stdin = strings.NewReader(answers)
		cmd.Env = append(os.Environ(), "HOME="+home, "LC_ALL=C.UTF-8", "QT_QPA_PLATFORM=offscreen")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", args[0], err)
		}
		return out
	}
}

func TestBitwardenCSV(t *testing.T) {
	steam := vault.Key{Kind: vault.Steam, Secret: testKey, Algorithm: "SHA1", Digits: 5, Period: 30}
	format, got, err := Read(readFile(t, "testdata/bitwarden.csv"), ReadOptions{})
	if err != nil || format != "Bitwarden" {
		t.Fatalf("read as %q, %v", format, err)
	}
	same(t, "entries", []Entry{
		{Line: 1, Name: "fields", Skip: lang.E("table-columns")},
		{Line: 2, Name: "Kovács Kft.", UserName: "kovacs", Folder: "Kft-k", Favourite: true, Note: "egy\nkettő", Key: totp(testKey)},
		{Line: 4, Name: "Steam", Key: steam},
		{Line: 5, Name: "Jegyzet", Skip: lang.E("table-no-code")},
	}, got)

	data, err := os.ReadFile("../../shared/samples/aegis-tests/bitwarden.csv")
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	_, got, err = Read(data, ReadOptions{})
	if err != nil || len(got) != 4 || got[1].Key.Digits != 7 || got[3].Key.Kind != vault.Steam {
		t.Errorf("%+v, %v", got, err)
	}
}

// The password of an entry is in nothing that leaves a reader.
func TestNoPasswordIsRead(t *testing.T) {
	for _, file := range []string{"keepassxc.csv", "bitwarden.csv"} {
		for _, e := range read(t, string(readFile(t, "testdata/"+file))) {
			if said := fmt.Sprintf("%+v", e); strings.Contains(said, "titok-jelszo") || strings.Contains(said, "NeVidd") {
				t.Errorf("a password was read: %s", e.Name)
			}
		}
	}
}

func TestTheSampleOfTheDocuments(t *testing.T) {
	_, got, err := Read(readFile(t, "../docs/spreadsheet-sample.csv"), ReadOptions{})
	if err != nil || len(got) < 3 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	for _, e := range got {
		if e.Refuse != nil || e.Skip != nil {
			t.Errorf("line %d: %v %v", e.Line, e.Refuse, e.Skip)
		}
	}
}

func TestCodesOfTablesAgreeWithOathtool(t *testing.T) {
	oathtool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool is not installed")
	}
	at := time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)
	compared := 0
	for _, file := range []string{"keepassxc.csv", "office.xlsx"} {
		for _, e := range read(t, string(readFile(t, "testdata/"+file))) {
			if e.Refuse != nil || e.Skip != nil {
				continue
			}
			cmd := exec.Command(oathtool, "--base32", "--digits", fmt.Sprint(e.Key.Digits), "--totp="+e.Key.Algorithm,
				"--time-step-size", fmt.Sprint(e.Key.Period), "--now", at.Format("2006-01-02 15:04:05 UTC"), "-")
			cmd.Stdin = strings.NewReader(e.Key.Secret)
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s: %v", e.Name, err)
			}
			if code, err := e.Key.Code(at); err != nil || strings.TrimSpace(string(out)) != code.Digits {
				t.Errorf("%s: %s, but oathtool says %s (%v)", e.Name, code.Digits, out, err)
			}
			compared++
		}
	}
	if compared < 6 {
		t.Errorf("only %d keys were compared", compared)
	}
}

// What stands in the column of keys and is none is said to be so, a table without rows is said to have none, and a key
// in a name is asked about without being shown.
func TestWhatIsNoKeyOrNoRow(t *testing.T) {
	for text, want := range map[string]string{"telefonon": "table-remark", "ld. fent": "table-remark", "???": "table-remark", "ABCDEFGHA": "table-remark", keyA[:11]: "key-length"} {
		_, entries, err := Read([]byte("Cégnév;Egyedi kulcs\nAlfa;"+text+"\nBéta;"+keyB+"\n"), ReadOptions{})
		if err != nil || len(entries) != 2 || entries[0].Refuse == nil || entries[0].Refuse.ID != want {
			t.Errorf("%s: %+v, %v, want %s", text, entries, err, want)
		}
	}
	if _, _, err := Read([]byte("Cégnév;Adószám;Egyedi kulcs\n"), ReadOptions{}); err == nil || sentence(err).ID != "table-no-rows" {
		t.Errorf("only a heading: %v", err)
	}
	report, err := Apply(t.Context(), vault.Draft(), []Entry{{Name: "Alfa " + keyA, Key: totp(keyB)}}, Decisions{})
	if err != nil || report.Rows[0].Fate != Doubtful || strings.Contains(report.Rows[0].Name, keyA) {
		t.Errorf("%+v, %v", report, err)
	}
}

// A column is named by its place where its heading does not tell it from another, or where there is none; what the
// person says counts before a heading that is understood.
func TestColumnsByPlace(t *testing.T) {
	for what, tt := range map[string]struct {
		table   string
		columns map[string]string
		name    string
		by      By
	}{
		"two of one heading": {"Név;Név;Kulcs\nKovács Éva;Alfa Kft.;" + keyA, map[string]string{"[B]": "name"}, "Alfa Kft.", ByPerson},
		"no heading":         {"x1;Alfa Kft.;" + keyA, map[string]string{"[b]": "name", "[C]": "key"}, "Alfa Kft.", ByPerson},
		"by letters":         {"x1;Alfa Kft.;" + keyA, map[string]string{"B": "name", "C": "key"}, "Alfa Kft.", ByPerson},
		"unknown headings":   {"Egyik;Másik;Jel\nx1;Alfa Kft.;" + keyA, map[string]string{"[B]": "name", "[C]": "key"}, "Alfa Kft.", ByPerson},
		"another sheet's":    {"Név;Más;Kulcs\nAlfa Kft.;Kovács Éva;" + keyA, map[string]string{"[Munka2!B]": "name"}, "Alfa Kft.", ByNothing},
	} {
		var columns []Column
		_, entries, err := Read([]byte(tt.table), ReadOptions{
			As: "CSV", Columns: tt.columns, Understood: func(c []Column) { columns = append(columns, c...) },
		})
		if err != nil || len(entries) == 0 || entries[len(entries)-1].Name != tt.name || len(columns) < 2 || columns[len(columns)-2].By != tt.by {
			t.Errorf("%s: %+v, %+v, %v", what, entries, columns, err)
		}
	}
	said := Said([]Column{
		{Letters: "A", Heading: "A", Field: "name", By: ByPerson},
		{Letters: "B", Heading: "Kar", Field: "folder", By: ByPerson},
		{Letters: "C", Heading: "Név", Field: "name", By: ByPerson},
		{Letters: "D", Heading: "Név", Field: "note"},
		{Letters: "E", Heading: "Kulcs", Field: "key"},
	})
	if len(said) != 1 || said["Kar"] != "folder" {
		t.Errorf("remembered: %v", said)
	}
}
