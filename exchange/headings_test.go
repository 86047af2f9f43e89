package exchange

import (
	"fmt"
	"strings"
	"testing"

	"kapu/lang"
	"kapu/vault"
)

// What offices write above their columns, and what they mean.
func TestHeadingsOfOffices(t *testing.T) {
	for want, headings := range map[field][]string{
		nameField: {
			"Társaság", "Társaság neve", "A társaság neve", "TÁRSASÁG MEGNEVEZÉSE", "Gazdálkodó", "Gazdálkodó neve", "gazdálkodó szervezet", "Gazdálkodó szervezet megnevezése",
			"adóalany neve", "Adóalany", "Adózó", "Adózó neve:", "Ügyfelek", "Ügyfél megnevezése", "Ügyfelünk neve", "Vállalkozás", "vállalkozások", "Egyéni vállalkozó", "Partner neve",
			"partnernév", "Cég", "Cégek", "Cégnevek", "Cég rövid neve", "Cégszerű név", "Megbízó", "Megbízóink", "Könyvelt cég", "Könyvelt cégek neve", "Képviselt", "Szervezet", "szervezet neve",
			"Vevő", "Név (ügyfél)", "Client", "CLIENTS", "Company Name", "company_name", "Business", "Legal name", "Taxpayer", "Firm", "Organisation name", "Cég/vállalkozó",
			"Ügyfél (cégnév)", "Ügyf. neve",
		},
		personField: {"Nevek", "Teljes név", "Személy neve", "Display name"},
		ownerField: {
			"Tulajdonos", "Képviselő", "Képviselője", "Törvényes képviselő neve", "Ügyvezetők", "Ügyfélkapu tulajdonosa", "Director", "A fiók tulajdonosának neve",
		},
		keyField: {
			"EGYEDI KULCS", "egyedi kód", "Egyedi kódja", "titkos kód", "Titkos kódok", "Google Authenticator", "Google Authenticator kulcs", "Google Authenticator kulcsa", "Authenticator", "Authenticator kód", "QR kulcs", "QR-kód", "QR kód kulcsa",
			"Kétfaktoros kulcs", "kétfaktoros azonosítás kulcsa", "Kétlépcsős azonosítás kulcsa", "2FA", "2FA-kulcs", "2FA kód", "TOTP-kulcs", "TOTP kulcsa", "totp_secret", "ÜK+ kulcs", "Ügyfélkapu+ titkos kulcsa",
			"Ügyfélkapu+ (titkos kulcs)", "KAÜ kulcs", "Hitelesítő kulcs", "Hitelesítési kulcs", "hitelesítő alkalmazás kulcsa", "Beállítási kulcs", "Setup key", "Secret", "Secrets", "Shared secret", "OTP", "OTP seed", "MFA secret", "Base32", "Kulcsok", "Kulcsa",
			"Egyedi azonosító kód", "Microsoft Authenticator kulcs", "Titok", "Key (Base32)", "Auth. kulcs", "kapukulcs", "Ügyfélkapus kulcs", "Kulcs, egyedi",
		},
		taxField: {
			"Adósz.", "adósz", "ADÓSZÁM", "Adószámok", "Adó szám", "Cég adószáma", "Ügyfél adószáma", "Adóaz. jel", "Adóazonosító", "Adóazonosító jele", "Adószám vagy adóazonosító jel", "Törzsszám",
			"Közösségi adószám", "tax_number", "Tax-ID", "VAT no.", "EU VAT number", "Asz.",
		},
		folderField: {"Mappák", "mappa neve", "Csoportok", "Kategória", "Kategóriák", "Besorolás", "Kat.", "Groups", "Tags", "Labels"},
		userField: {
			"Felh. név", "felh.név", "Felhaszn. név"[:0] + "Felhasználó neve", "Felhasználónevek", "Felhasználói azonosító", "Azonosító", "Azonosítója", "Azon.", "Belépési azonosító", "Bejelentkezési név", "Login név", "Ügyfélkapu azonosító",
			"Ügyfélkapus név", "ÜK név", "user_id", "UserName", "Log-in name"[:0] + "Login ID",
		},
		deletionField: {"TÖRLŐKÓD", "Törlő-kód", "Törlőkódok", "Törlőkódja", "Törlési kód", "Visszavonási kódok", "Helyreállító kód", "Recovery code"},
		noteField:     {"Megj.", "megj", "Megjegyzései", "Jegyzet", "Jegyzetek", "Komment", "Egyéb megjegyzés", "Egyéb", "Info", "Remarks", "Memo", "Leírás"},
		serviceField:  {"Szolgáltatások", "Rendszer", "Szolgáltató", "Website"},
		mandateField: {
			"Meghatalmazás lejárat", "Meghatalmazás lejárata", "Meghatalmazás lejárta", "MEGHATALMAZÁS LEJÁR", "Meghat. lejárat", "Meghatalm. lej.", "Lejárat (meghatalmazás)", "EGYKE", "EGYKE lejárata", "EGYKE érv.", "Állandó meghatalmazás vége",
			"Érv.", "Érvényesség", "Lejárati dátum", "Lejárat napja", "Meghatalmazás érvényességének vége", "NAV meghatalmazás lejárata", "Meghatalmazás dátuma", "Mandate expiry date", "POA expiry", "Meghatalmazás (eddig)",
		},
		passwordUntilField: {"Jelszó lejárata", "A jelszó lejárta", "Jelszó lej.", "Jelszó érvényessége", "jelszó-lejárat", "Jelszócsere", "Jelszó csere dátuma", "Password expiry date", "Lejárat (jelszó)"},
		passwordField:      {"Jelszavak", "Jelszó 2025", "Ügyfélkapus jelszava", "NAV-os jelszó", "Régi jelszó", "Jelszó (titkos)", "PW", "Password 2", "PIN", "jelsz."},
		digitsField:        {"Számjegyek", "Digits", "Kód hossza"},
		periodField:        {"Periódus", "Időköz", "Period"},
		algorithmField:     {"Algoritmus", "Algorithm", "Hash"},
		favouriteField:     {"Kedvencek", "Fontos", "Starred"},
		ignoredField:       {"Ssz.", "S.sz.", "#", "Sorszám", "No."},
		otherField: {
			"Könyvelő", "Könyvelője", "Felelős", "Felelősök", "Ügyintéző", "Ügyintéző neve", "Cégforma", "Cégformája", "Típus", "Ügyfél típusa", "Adózási mód", "Székhely", "Cím", "E-mail", "E-mail cím", "Telefonszám", "Statisztikai számjel",
			"Accountant", "Legal form", "Status", "Kapcsolattartó",
		},
		unknownField: {"", "Telefon", "Hely", "Belső szám", "2026", "Kulcs helye", "Ügyfélkapu", "Kulcsszó", "Adószámla", "Mappaszám", "Kód"},
	} {
		for _, heading := range headings {
			if got := office.field(heading); got != want && !(heading == "#" && got == unknownField) {
				t.Errorf("%q is %q (%d), want %q (%d)", heading, fieldNames[got], got, fieldNames[want], want)
			}
		}
	}
}

// No phrase means two things.
func TestNoHeadingIsClaimedTwice(t *testing.T) {
	claimed := map[string]field{}
	for f, list := range officeHeadings {
		for phrase := range strings.SplitSeq(list, ", ") {
			if phrase == "" {
				continue
			}
			key := strings.ReplaceAll(phrase, " ", "")
			if before, ok := claimed[key]; ok && before != field(f) {
				t.Errorf("%q is %s and %s", phrase, fieldNames[before], fieldNames[f])
			}
			claimed[key] = field(f)
		}
	}
}

// What no heading says, the cells say.
func TestColumnsAreGuessed(t *testing.T) {
	keys := []string{"U7VVF4W2XKZGSHGZ", "pxli l53n n2ff kmq7", "5ICAJ4PGNU2M6MRI", "YG66-UCZ6-DRUS-LOQD", "VCPHHHLT6J764NJX"}
	rows := func(format string) string {
		var b strings.Builder
		for i, name := range []string{"Alfa Kft.", "Béta Bt.", "Gamma Zrt.", "Delta e.v.", "KERESKEDELMI KFT"} {
			fmt.Fprintf(&b, format+"\n", name, keys[i], fmt.Sprintf("1234567%d-1-42", i))
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"no headings":               rows("%[1]s;%[2]s"),
		"keys first":                rows("%[2]s;%[1]s"),
		"with tax numbers":          rows("%[3]s;%[1]s;%[2]s"),
		"unknown key":               "Cégnév;Belső jel\n" + rows("%[1]s;%[2]s"),
		"unknown name":              "Kicsoda;Egyedi kulcs\n" + rows("%[1]s;%[2]s"),
		"all unknown":               "Kicsoda;Micsoda\n" + rows("%[1]s;%[2]s"),
		"beside whose":              "Kicsoda;Könyvelő;Micsoda\n" + rows("%[1]s;Nagy Ilona;%[2]s"),
		"a title above":             "Irodánk ügyfelei;;\n;;\nKicsoda;Micsoda;\n" + rows("%[1]s;%[2]s;"),
		"one that is no key":        "Kicsoda;Micsoda\n" + rows("%[1]s;%[2]s") + "Epszilon Kft.;nincs\n",
		"a title that says 'kulcs'": "Kulcsok;;\nCégnév;Adószám;Belső jel\n" + rows("%[1]s;%[3]s;%[2]s"),
	} {
		var columns []Column
		_, got, err := Read([]byte(text), ReadOptions{Understood: func(c []Column) { columns = append(columns, c...) }})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		taken := 0
		for _, e := range got {
			if e.Refuse == nil && e.Skip == nil && e.Name != "" && len(e.Key.Secret) == 16 {
				taken++
			}
		}
		guessed := 0
		for _, c := range columns {
			if c.By == ByContent {
				guessed++
			}
		}
		if taken != 5 || guessed == 0 || got[0].Name == "" {
			t.Errorf("%s: %d of 5 were taken, %d columns guessed: %+v", name, taken, guessed, got)
		}
	}
	for name, text := range map[string]string{
		"one row":       "Alfa Kft.;" + testKey + "\n",
		"words":         "Cégnév;Jelszó\nA;KERESKEDELMI\nB;SZOLGALTATOIPARI\n",
		"no such thing": "a;b\nc;d\n",
	} {
		if format, got, err := Read([]byte(text), ReadOptions{}); err == nil {
			t.Errorf("%s: read as %s: %+v", name, format, got)
		}
	}
}

// The person's word counts, for any heading or letter, whatever the heading seems to say.
func TestColumnsByThePerson(t *testing.T) {
	text := "Cégnév;Kulcs;Mappa;Belső;Jegyzet;\nAlfa Kft.;" + testKey + ";x;Kft-k;titkos;00123\n"
	columns := map[string]string{"BELSŐ": "folder", "Mappa": "note", "jegyzet": "", "F": "deletion-code"}
	var understood []Column
	_, got, err := Read([]byte(text), ReadOptions{Columns: columns, Understood: func(c []Column) { understood = c }})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "entries", []Entry{{Line: 2, Name: "Alfa Kft.", Key: totp(testKey), Folder: "Kft-k", Note: "x", DeletionCode: "00123"}}, got)
	var said []string
	for _, c := range understood {
		said = append(said, c.Heading+"="+c.Field)
	}
	if s := strings.Join(said, " "); s != "Cégnév=name Kulcs=key Mappa=note Belső=folder Jegyzet= F=deletion-code" {
		t.Error(s)
	}
	for said, want := range map[string]string{"folder": "folder", "Mappa": "folder", "kulcs": "key", "-": "", "": "", "név": "name", "note": "note", "adószám": "tax-number", "szín": "column-field", "jelszó": "column-field"} {
		got, err := FieldOf(said)
		if err != nil {
			got = sentence(err).ID
		}
		if got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

// A side field that cannot be read costs no client: it is said, and nothing of it is lost.
func TestSideFieldsWarn(t *testing.T) {
	long := strings.Repeat("x", 300)
	for cells, want := range map[string]Entry{
		"2026.12.31-ig;;":           {MandateUntil: "2026-12-31"},
		"2026. december 31-ig;;":    {MandateUntil: "2026-12-31"},
		"2026. dec. 31-éig;;":       {MandateUntil: "2026-12-31"},
		"31/12/2026;;":              {MandateUntil: "2026-12-31"},
		"31 December 2026;;":        {MandateUntil: "2026-12-31"},
		"Dec 31, 2026;;":            {MandateUntil: "2026-12-31"},
		"lejár: 2026.12.31.;;":      {MandateUntil: "2026-12-31"},
		"2026. 12. 31. napjáig;;":   {MandateUntil: "2026-12-31"},
		"korlátlan;;":               {MandateUntil: vault.Indefinite},
		"Határozatlan idejű;;":      {MandateUntil: vault.Indefinite},
		"nincs lejárata;;":          {MandateUntil: vault.Indefinite},
		"until revoked;;":           {MandateUntil: vault.Indefinite},
		"indefinite;;":              {MandateUntil: vault.Indefinite},
		"nincs;;":                   {},
		"nincs meghatalmazás;;":     {},
		"meghatalmazás nélkül;;":    {},
		"határozatlan ideig szól;;": {Warn: lang.E("table-date"), Note: "Meghatalmazás vége: határozatlan ideig szól"},
		"visszavonásig;;":           {MandateUntil: vault.Indefinite},
		"visszavonásig érvényes;;":  {MandateUntil: vault.Indefinite},
		"—;;":                       {},
		"folyamatban;;":             {Warn: lang.E("table-date"), Note: "Meghatalmazás vége: folyamatban"},
		"2026.13.45;;":              {Warn: lang.E("table-date"), Note: "Meghatalmazás vége: 2026.13.45"},
		";" + long + ";":            {Folder: long[:199] + "…", Warn: lang.E("table-long")},
		";;" + long:                 {Warn: lang.E("table-long")},
		";;1,2E+12":                 {Warn: lang.E("table-rounded")},
	} {
		_, got, err := Read([]byte("Cégnév;Kulcs;Meghatalmazás vége;Mappa;Törlőkód\nAlfa Kft.;"+testKey+";"+cells+"\n"), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want.Line, want.Name, want.Key = 2, "Alfa Kft.", totp(testKey)
		same(t, cells[:min(len(cells), 40)], []Entry{want}, got)
		if len(got) == 1 && got[0].Warn != nil && strings.HasPrefix(cells, "folya") && !strings.Contains(got[0].Warn.Error(), "folyamatban") {
			t.Errorf("the value is not said: %v", got[0].Warn)
		}
	}
}

// Columns of their own say how codes are made.
func TestParameterColumns(t *testing.T) {
	_, got, err := Read([]byte("Cégnév;Kulcs;Digits;Period;Algorithm\nA;"+testKey+";8;60 s;HMAC-SHA-256\nB;MFRGGZDFMZTWQ2LK;;;\nC;GEZDGNBVGY3TQOJQ;sok;;\n"), ReadOptions{})
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	if k := got[0].Key; k.Digits != 8 || k.Period != 60 || k.Algorithm != "SHA256" || got[0].Stated != (Stated{Digits: true, Period: true, Algorithm: true}) {
		t.Errorf("%+v", got[0])
	}
	if got[1].Key != totp("MFRGGZDFMZTWQ2LK") || got[1].Stated != (Stated{}) || got[2].Refuse == nil {
		t.Errorf("%+v", got[1:])
	}
}
