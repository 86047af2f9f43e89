package paper

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

var hungarian = lang.In(lang.Hungarian)

func sheet() Sheet {
	return Sheet{
		Key:    "AGE-SECRET-KEY-PQ-18Z6T9QWYP5TS49NEFSH8XFYGJL9V74PUY7F95R6YAQKK4KDV69ZS09MTSM",
		Vault:  "/home/őrség/széfek/vault.age",
		Office: "Kis Iroda", Store: "s3://konyveles/kapu?endpoint=https://s3.example.hu",
		Computer: "iroda-01", Program: "Kapu 0.1.0",
		Made: time.Date(2026, 11, 22, 19, 5, 0, 0, time.UTC),
	}
}

// `make pictures` takes the sheet from here.
var sheetFolder = flag.String("sheets", "", "save the sheets in this folder, as sheet-hu.pdf and sheet-en.pdf")

// A person and a camera find the key on the sheet, and what to do with it.
func TestSheet(t *testing.T) {
	for _, language := range []string{lang.Hungarian, lang.English} {
		texts, s := lang.In(language), sheet()
		pdf := same(t, func() ([]byte, error) { return s.PDF(texts) })
		r := read(t, pdf)
		if *sheetFolder != "" {
			if err := os.WriteFile(filepath.Join(*sheetFolder, "sheet-"+language+".pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		said := r.text()
		for _, want := range []string{
			"AGE-SECRET-KEY-PQ-1", "8Z6T 9QWY P5TS 49NE FSH8", "XFYG JL9V 74PU Y7F9 5R6Y", "AQKK 4KDV 69ZS 09MT SM",
			s.Vault, s.Computer, s.Program, s.Made.Format(texts.T("paper-time")), "kapu open", texts.T("page-restore"),
			texts.T("page-restore-sheet"), s.Office, s.Store,
			texts.T("paper-use-age-command", "Vault", "vault.age"), texts.T("paper-sign-name"), texts.T("paper-todo-delete"),
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not on the sheet:\n%s", language, want, said)
			}
		}
		if codes := r.codes("1"); len(codes) != 1 || codes[0] != s.Key {
			t.Errorf("%s: a camera reads %q", language, codes)
		}
		properties := r.properties()
		if !regexp.MustCompile(`Pages: +1\n`).MatchString(properties) {
			t.Errorf("not one page:\n%s", properties)
		}
		if strings.Contains(properties, "AGE-") || strings.Contains(properties, s.Computer) {
			t.Errorf("the file's properties say what the sheet says:\n%s", properties)
		}
	}
}

// However long the path is, nothing runs into the lines for the signature.
func TestSheetHasRoom(t *testing.T) {
	s := sheet()
	s.Vault = "/" + strings.Repeat("nagyon-hosszú mappanév/", 100) + "vault.age"
	s.Computer = strings.Repeat("gép", 200)
	s.Office, s.Store = strings.Repeat("Iroda ", 40), "/"+strings.Repeat("közös-mappa/", 100)
	pdf, err := s.PDF(hungarian)
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, pdf)
	words := regexp.MustCompile(`yMax="([0-9.]+)">([^<]+)<`).FindAllStringSubmatch(r.run("pdftotext", "-bbox", r.path, "-"), -1)
	lowest := map[bool]float64{}
	for _, word := range words {
		y, err := strconv.ParseFloat(word[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		line := strings.Contains(hungarian.T("paper-sign-date")+hungarian.T("paper-sign-place")+hungarian.T("paper-sign-name"), word[2])
		lowest[line] = max(lowest[line], y)
	}
	if lowest[false] > lowest[true]-40 {
		t.Errorf("the text ends at %v, the signature at %v points", lowest[false], lowest[true])
	}
	if said := r.text(); !strings.Contains(said, "…") {
		t.Errorf("what is left out is not marked:\n%s", said)
	}
}
