package exchange

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/need"
	"kapu/qr"
)

// splitAmong splits a text among codes by structured append, so many bytes to each.
func splitAmong(text string, size int) (codes []qr.Symbol) {
	var parity byte
	for i := range len(text) {
		parity ^= text[i]
	}
	for piece := range slices.Chunk([]byte(text), size) {
		codes = append(codes, qr.Symbol{Text: string(piece), Part: qr.Part{Index: len(codes), Parity: parity}})
	}
	for i := range codes {
		codes[i].Part.Of = len(codes)
	}
	return codes
}

func TestPartsOfASplitCode(t *testing.T) {
	const (
		alma  = "otpauth://totp/Ügyfélkapu+:Álmos?secret=JBSWY3DPEHPK3PXP&issuer=NISZ"
		korte = "otpauth://totp/Körte?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	)
	const differ = "import-qr-parts-differ"
	a, k := splitAmong(alma, 16), splitAmong(korte, 24) // 16 is within a character
	damaged := slices.Clone(k)
	damaged[1].Text = strings.Replace(damaged[1].Text, "GNBV", "GNBW", 1)
	stranger := k[0]
	stranger.Text = "otpauth://totp/Más?secret=ONSWG4"
	for _, tt := range []struct {
		name  string
		codes []qr.Symbol
		want  []string // names of those that are taken, reasons of those that are not
	}{
		{"whole", a, []string{"Álmos"}},
		{"in any order, one twice", append([]qr.Symbol{a[4], a[2], a[2]}, a...), []string{"Álmos"}},
		{"two at once", append(slices.Clone(k), a...), []string{"Körte", "Álmos"}},
		{"one missing", slices.Delete(slices.Clone(k), 1, 2), slices.Repeat([]string{"import-qr-part: 2 of 3"}, 2)},
		{"one alone", a[1:2], []string{"import-qr-part: 1, 3, 4, 5 of 5"}},
		{"beside a whole code", append(symbols(korte), k[0]), []string{"Körte", "import-qr-part: 2, 3 of 3"}},
		{"damaged", damaged, slices.Repeat([]string{differ}, 3)},
		{"of two texts with one mark", append([]qr.Symbol{stranger}, k...), slices.Repeat([]string{differ}, 4)},
		{"a web address in parts", splitAmong("https://example.com/", 12), []string{"import-qr-other"}},
	} {
		entries := Codes(tt.codes)
		if diff := cmp.Diff(tt.want, told(entries)); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.want, told(settle(entries))); diff != "" {
			t.Errorf("%s, once more:\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.want, told(settle(separately(tt.codes)))); diff != "" {
			t.Errorf("%s, in a picture each:\n%s", tt.name, diff)
		}
	}
}

func separately(codes []qr.Symbol) (entries []Entry) {
	for _, c := range codes {
		entries = append(entries, Codes([]qr.Symbol{c})...)
	}
	return entries
}

// told is the name of each entry that is taken, and the reason of each that is not.
func told(entries []Entry) (texts []string) {
	for _, e := range entries {
		switch {
		case e.Refuse == nil:
			texts = append(texts, e.Name)
		case e.Refuse.ID == "import-qr-part":
			texts = append(texts, fmt.Sprintf("%s: %v of %v", e.Refuse.ID, e.Refuse.Values["Missing"], e.Refuse.Values["All"]))
		default:
			texts = append(texts, e.Refuse.ID)
		}
	}
	return texts
}

// A transfer split among codes, each of which says nothing alone, is a transfer once they are together.
func TestSplitTransfer(t *testing.T) {
	codes := append(splitAmong(transfer(7, 2, 0, simple(1)), 40), symbols(transfer(7, 2, 1, simple(2)))...)
	entries := settle(separately(codes))
	if len(entries) != 2 || entries[0].Doubt != nil || entries[1].Doubt != nil || entries[0].Refuse != nil {
		t.Errorf("%+v", entries)
	}
	entries = settle(separately(codes[:len(codes)-1]))
	if len(entries) != 1 || id(entries[0].Doubt) != "import-migration-missing" || entries[0].Key.Secret == "" {
		t.Errorf("%+v", entries)
	}
}

// qrencode writes real ones.
func TestPicturesOfASplitCode(t *testing.T) {
	need.Program(t, "qrencode", "qrencode")
	dir := t.TempDir()
	cmd := exec.Command("qrencode", "-8", "-S", "-v", "3", "-o", filepath.Join(dir, "part.png"))
	cmd.Stdin = strings.NewReader(
		"otpauth://totp/%C3%9Cgyf%C3%A9lkapu%2B:Alma%20Kft.?secret=JBSWY3DPEHPK3PXP&issuer=NISZ")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(names) < 2 {
		t.Fatal(names, err)
	}
	slices.Reverse(names)
	if taken, reasons := together(t, names...); !slices.Equal(taken, []string{"Alma Kft."}) || reasons != nil {
		t.Errorf("took %q, not %q", taken, reasons)
	}
	if taken, reasons := together(t, names[1:]...); taken != nil || len(reasons) != len(names)-1 {
		t.Errorf("without its last part took %q, not %q", taken, reasons)
	}
}

// Who picks one key of a picture is told of the parts that are missing too.
func TestOneOfASplitCode(t *testing.T) {
	part := splitAmong("otpauth://totp/Alma?secret=JBSWY3DPEHPK3PXP", 20)[:1]
	if _, err := One(Codes(part), ""); sentence(err).ID != "import-qr-part" {
		t.Error(err)
	}
}

func TestPicturesThatCannotBeRead(t *testing.T) {
	for name, data := range map[string]string{
		"HEIC": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "PDF": "%PDF-1.4\n", "SVG": "<svg/>",
	} {
		format, _, err := Read([]byte(data), ReadOptions{})
		if format != "QR" || err == nil || sentence(err).ID != "qr-picture-foreign" || sentence(err).Values["Format"] != name {
			t.Errorf("%s: %s, %v", name, format, err)
		}
	}
}

// Of several keys each is named so that the person can choose: two of one name by what tells them apart.
func TestSeveralKeysAreToldApart(t *testing.T) {
	_, err := One([]Entry{
		{Name: "Alfa", UserName: "egy", Key: totp(keyA)}, {Name: "Alfa", UserName: "ket", Key: totp(keyB)}, {Name: "Béta", Key: totp(keyC)},
	}, "alfa")
	if e := sentence(err); e.ID != "qr-several" || e.Values["Labels"] != "Alfa (egy); Alfa (ket); Béta" {
		t.Errorf("%v", err)
	}
}
