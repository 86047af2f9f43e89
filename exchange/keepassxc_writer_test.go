package exchange

import (
	"encoding/xml"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The program itself understands the codes that are written for it, and exports the same entries in the same table.
// (Its command line imports no tables, only XML; so the cells travel in that.)
func TestKeePassXCTakesWhatIsWritten(t *testing.T) {
	run := keepassxcProgram(t)
	want := slices.DeleteFunc(toWrite(), func(e Entry) bool { return !keepassxcWriter{}.Fits(e) })
	files, err := keepassxcWriter{}.Write(want, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ours := split(string(files[0]), ',')

	var b strings.Builder
	put := func(texts ...string) {
		for i, text := range texts {
			if i%2 == 1 {
				_ = xml.EscapeText(&b, []byte(text))
			} else {
				b.WriteString(text)
			}
		}
	}
	put(`<KeePassFile><Meta/><Root><Group><Name>`, keepassxcRoot, `</Name>`)
	for _, r := range ours[1:] {
		group := strings.TrimPrefix(strings.TrimPrefix(r.cells[0], keepassxcRoot), "/")
		if group != "" {
			put(`<Group><Name>`, group, `</Name>`)
		}
		b.WriteString(`<Entry>`)
		for key, column := range map[string]int{"Title": 1, "UserName": 2, "Notes": 5, "otp": 6} {
			put(`<String><Key>`+key+`</Key><Value>`, r.cells[column], `</Value></String>`)
		}
		b.WriteString(`</Entry>`)
		if group != "" {
			b.WriteString(`</Group>`)
		}
	}
	b.WriteString(`</Group></Root></KeePassFile>`)
	dir := t.TempDir()
	source, db := filepath.Join(dir, "t.xml"), filepath.Join(dir, "t.kdbx")
	writeFile(t, source, b.String())
	run("test\ntest\n", "import", "-p", source, db)
	exported := run("test\n", "export", "-f", "csv", db)

	theirs := split(string(exported), ',')
	if diff := cmp.Diff(theirs[0].cells, ours[0].cells); diff != "" || len(theirs) != len(ours) {
		t.Fatalf("%d rows, ours %d; the headings:\n%s", len(theirs), len(ours), diff)
	}
	format, got, err := Read(exported, ReadOptions{})
	if err != nil || format != "KeePassXC" {
		t.Fatalf("%s, %v", format, err)
	}
	plain := func(entries []Entry) (kept []Entry) {
		for _, e := range entries { // the issuer is lost: KeePassXC writes the title there
			kept = append(kept, Entry{Name: e.Name, Folder: e.Folder, UserName: e.UserName, Note: e.Note, Key: e.Key})
		}
		slices.SortFunc(kept, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
		return kept
	}
	if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
		t.Errorf("%s\n%s", diff, exported)
	}
}
