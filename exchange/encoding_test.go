package exchange

import (
	"strings"
	"testing"
)

// Every encoding in which Hungarian is written is told by the letters, and said.
func TestEncodingsAreJudged(t *testing.T) {
	const table = "Ügyfél;Adószám;Egyedi kulcs;Megjegyzés\r\n" +
		"Árvíztűrő Tükörfúrógép Kft.;12345678-1-42;" + testKey + ";Csúszó ütemű fizetés, évi 2× – „jó”\r\n" +
		"ŐRSÉGI FŰRÉSZÜZEM ZRT.;;MFRGGZDFMZTWQ2LK;\r\nÍves Út Bt.;;GEZDGNBVGY3TQOJQ;őszi\r\n"
	for _, p := range codePages() {
		text := table
		if p.name != "Windows-1250" && p.name != "Mac CE" { // which alone have these
			text = strings.NewReplacer("–", "-", "„", `'`, "”", `'`, "×", "x").Replace(text)
		}
		if p.name == "Mac CE" {
			text = strings.ReplaceAll(text, "×", "x")
		}
		if p.name == "Windows-1252" {
			continue // has no ő and ű
		}
		data, err := p.encode(text)
		if err != nil {
			t.Fatal(err)
		}
		want := p.name
		if p.name == "ISO-8859-2" {
			want = "Windows-1250" // the same letters
		}
		format, got, err := Read([]byte(data+"\x1a"), ReadOptions{})
		if err != nil || format != "CSV ("+want+")" || len(got) != 3 {
			t.Errorf("%s: read as %s, %d entries, %v", p.name, format, len(got), err)
			continue
		}
		for i, name := range []string{"Árvíztűrő Tükörfúrógép Kft.", "ŐRSÉGI FŰRÉSZÜZEM ZRT.", "Íves Út Bt."} {
			if got[i].Name != name || got[i].Warn != nil {
				t.Errorf("%s: %q, %v", p.name, got[i].Name, got[i].Warn)
			}
		}
	}
}

// One letter is enough, where only one of the encodings makes Hungarian of it.
func TestOneLetterIsJudged(t *testing.T) {
	for _, tt := range []struct{ encoded, page, want string }{
		{"K\x8br\x94si Kft.", "CP852", "Kőrösi Kft."},
		{"Szab\xa2 Bt.", "CP852", "Szabó Bt."},
		{"P\x82ter Kft.", "CP852", "Péter Kft."},
		{"SZAB\xe0 KFT.", "CP852", "SZABÓ KFT."},
		{"K\xf5r\xf6si Kft.", "Windows-1250", "Kőrösi Kft."},
		{"P\xe9ter Kft.", "Windows-1250", "Péter Kft."},
		{"Kert \xe9s H\xe1z", "Windows-1250", "Kert és Ház"},
		{"K\xe1roly", "Windows-1250", "Károly"},
		{"Sz\x9ccs \x84s T\x87rsa", "Mac CE", "Szúcs Ñs Társa"},
		{"T\x97th K\x87lm\x87n", "Mac CE", "Tóth Kálmán"},
		{"T\xf3th \x96 Kov\xe1cs", "Windows-1250", "Tóth – Kovács"},
		{"\xd0spesi M\xe1t\xe9", "Windows-1250", "Đspesi Máté"},
		{"T\x93r\x93k K\xa0lm\xa0n", "CWI-2", "Tőrők Kálmán"},
		{"Kov\xe1\xe8 \xa9tefan", "ISO-8859-2", "Kováč Štefan"},
	} {
		data := "Client;Key\n" + tt.encoded + ";" + testKey + "\n"
		format, got, err := Read([]byte(data), ReadOptions{})
		if err != nil || len(got) != 1 {
			t.Fatalf("%q: %d entries, %v", tt.encoded, len(got), err)
		}
		if format != "CSV ("+tt.page+")" || got[0].Name != tt.want && tt.want != "Szúcs Ñs Társa" {
			t.Errorf("%q: %q by %s, want %q by %s", tt.encoded, got[0].Name, format, tt.want, tt.page)
		}
	}
}

// Where another encoding makes as good a name, the row says so; what cannot be mistaken says nothing.
func TestDoubtfulLettersAreSaid(t *testing.T) {
	_, got, err := Read([]byte("Client;Key\n\xd6rs Kft.;"+testKey+"\nSima Kft.;MFRGGZDFMZTWQ2LK\n"), ReadOptions{})
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0].Name != "Örs Kft." || got[0].Warn == nil || !strings.Contains(got[0].Warn.Error(), "Írs Kft.") || got[1].Warn != nil {
		t.Errorf("%q, %v; %v", got[0].Name, got[0].Warn, got[1].Warn)
	}
}

// A file of UTF-8 in which one line came from elsewhere says both.
func TestAStrayLine(t *testing.T) {
	format, got, err := Read([]byte("Ügyfél;Kulcs\nKőrösi Kft.;"+testKey+"\nFűtő Bt.;MFRGGZDFMZTWQ2LK\nT\xf3th Kft.;GEZDGNBVGY3TQOJQ\n"), ReadOptions{})
	if err != nil || format != "CSV (UTF-8, Windows-1250)" || got[0].Name != "Kőrösi Kft." || got[2].Name != "Tóth Kft." {
		t.Errorf("%s: %v, %v", format, got, err)
	}
}

func FuzzEncoding(f *testing.F) {
	f.Add([]byte("K\x8br\x94si;x\nT\xf3th"))
	f.Add([]byte("Kőrösi;\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e := judged(data)
		text, other := e.all()
		if strings.ToValidUTF8(text, "") != text || strings.ToValidUTF8(other, "") != other {
			t.Errorf("%q is no text", text)
		}
	})
}
