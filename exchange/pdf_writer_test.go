package exchange

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kapu/internal/need"
)

// The codes on the printed page are those of the clients, to a camera, and the page speaks the person's language.
func TestPage(t *testing.T) {
	need.Program(t, "zbarimg", "zbar-tools")
	need.Program(t, "pdftoppm", "poppler-utils")
	entries := toWrite()[:6]
	files, left, err := Write(pdfWriter{}, entries, Options{Language: "hu"})
	if err != nil || left != 0 {
		t.Fatalf("%d left out, %v", left, err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	writeFile(t, path, string(files[0]))
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return string(out)
	}
	run("pdftoppm", "-r", "200", "-singlefile", "-png", path, path)
	got := strings.Split(strings.TrimSpace(run("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path+".png")), "\n")
	var want []string
	for _, e := range entries {
		want = append(want, e.URI())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("a camera reads\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if said := run("pdftotext", path, "-"); !strings.Contains(said, "Felhasználónév") || !strings.Contains(said, "arviz.anna") {
		t.Errorf("the page says:\n%s", said)
	}
}
