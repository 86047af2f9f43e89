package paper

import (
	"bytes"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"kapu/internal/need"
)

// reader reads a PDF with other programs' eyes.
type reader struct {
	t    testing.TB
	path string
}

func read(t testing.TB, pdf []byte) reader {
	t.Helper()
	need.Program(t, "pdftotext", "poppler-utils")
	need.Program(t, "zbarimg", "zbar-tools")
	path := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return reader{t, path}
}

func (r reader) run(name string, args ...string) string {
	r.t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// text is what the pages say, with a blank wherever there is space.
func (r reader) text() string {
	return strings.Join(strings.Fields(r.run("pdftotext", "-layout", r.path, "-")), " ")
}

func (r reader) properties() string { return r.run("pdfinfo", r.path) }

// codes are the QR codes of a page, as a printer and a camera see them.
func (r reader) codes(page string) []string {
	r.t.Helper()
	picture := filepath.Join(filepath.Dir(r.path), "page-"+page)
	r.run("pdftoppm", "-r", "150", "-f", page, "-l", page, "-singlefile", "-png", r.path, picture)
	out := r.run("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture+".png")
	found := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	slices.Sort(found)
	return found
}

func TestWritable(t *testing.T) {
	const alphabet = "aábcdeéfghiíjklmnoóöőpqrstuúüűvwxyz AÁBCDEÉFGHIÍJKLMNOÓÖŐPQRSTUÚÜŰVWXYZ „” – … 0123456789"
	for in, want := range map[string]string{
		alphabet:               alphabet,
		"A\u0301rvi\u0301z":    "Árvíz", // taken apart by a file system
		"שלום":                 "□□□□",
		"a😀b":                  "a□b",
		"Alfa\u202e.tfK":       "Alfa.tfK", // a mark that turns the direction round
		"két\nsor\tés\u00a0én": "két sor és én",
		"\xff":                 "�",
	} {
		if got := writable(in); got != want {
			t.Errorf("writable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	for in, want := range map[string]string{"": "", "ABC": "ABC", "ABCDE": "ABCD E", "ABCDEFGH": "ABCD EFGH"} {
		if got := groups(in); got != want {
			t.Errorf("groups(%q) = %q", in, got)
		}
	}
}

// The library that writes the pages leaves the built-in fonts as they are.
func TestFontsStay(t *testing.T) {
	before := sha256.Sum256(goregular.TTF)
	for range 2 {
		if _, err := sheet().PDF(hungarian); err != nil {
			t.Fatal(err)
		}
	}
	if sha256.Sum256(goregular.TTF) != before {
		t.Error("the font has changed")
	}
}

func same(t *testing.T, pdf func() ([]byte, error)) []byte {
	t.Helper()
	first, err := pdf()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, err := pdf(); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("made again, the file is another one (%v)", err)
		}
	}
	return first
}
