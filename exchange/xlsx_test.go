package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kapu/lang"
	"kapu/vault"
)

// What LibreOffice wrote: two sheets of clients and one of words, a title, empty rows, a formula, dates, numbers.
func TestLibreOfficeWorkbook(t *testing.T) {
	format, got, err := Read(readFile(t, "testdata/office.xlsx"), ReadOptions{})
	if err != nil || format != "Excel" {
		t.Fatalf("read as %q, %v", format, err)
	}
	same(t, "entries", wantOffice(), got)
}

func wantOffice() []Entry {
	eight := totp("GEZDGNBVGY3TQOJQ")
	eight.Digits = 8
	const first = "Kft-k"
	return []Entry{
		{
			Line: 4, Sheet: first, Name: "Kőrösi Bútor Kft.", TaxNumber: "12345678-1-42", Key: totp(testKey), DeletionCode: "00123456",
			MandateUntil: "2026-12-31", Favourite: true, Note: "első sor\nmásodik; \"sor\"\nTelefon: 1/234-5678",
		},
		{Line: 6, Sheet: first, Name: "Árvíz Bt.", TaxNumber: "87654321-2-13", Key: eight, Service: "NAV", MandateUntil: vault.Indefinite},
		{Line: 7, Sheet: first, Name: "Hibás Kft.", Refuse: lang.E("key-base32")},
		{Line: 2, Sheet: "Egyéni vállalkozók", Name: "Tóth Éva e.v.", Folder: "E.v.", Key: totp("MFRGGZDFMZTWQ2LK")},
		{Line: 1, Sheet: "Tudnivalók", Name: "Tudnivalók", Skip: lang.E("table-no-header")},
	}
}

// The same table in LibreOffice's own format says the same.
func TestLibreOfficesOwn(t *testing.T) {
	format, got, err := Read(readFile(t, "testdata/office.ods"), ReadOptions{})
	if err != nil || format != "LibreOffice" {
		t.Fatalf("read as %q, %v", format, err)
	}
	same(t, "entries", wantOffice(), got)
}

// workbook writes a table as Excel's users do.
func workbook(t testing.TB, rows [][]any, change func(*excelize.File), options ...excelize.Options) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b, options...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var clientsTable = [][]any{
	{"Név", "Kulcs", "Adószám", "Érvényes", "Jelszó lejárata"},
	{"Kovács Kft.", testKey, 12345678142, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), "2027.01.15."},
}

func wantClients() []Entry {
	return []Entry{{Line: 2, Name: "Kovács Kft.", Key: totp(testKey), TaxNumber: "12345678-1-42", MandateUntil: "2026-12-31", PasswordUntil: "2027-01-15"}}
}

func TestWorkbook(t *testing.T) {
	yes := true
	for name, change := range map[string]func(*excelize.File){
		"as it is":        nil,
		"an empty sheet":  func(f *excelize.File) { _, _ = f.NewSheet("Üres") },
		"a lone far cell": func(f *excelize.File) { _ = f.SetCellValue("Sheet1", "A100000", " ") },
		"tax number shown": func(f *excelize.File) {
			s, _ := f.NewStyle(&excelize.Style{CustomNumFmt: new("00000000-0-00")})
			_ = f.SetCellStyle("Sheet1", "C2", "C2", s)
		},
		"rounded on show": func(f *excelize.File) {
			s, _ := f.NewStyle(&excelize.Style{NumFmt: 11})
			_ = f.SetCellStyle("Sheet1", "C2", "C2", s)
		},
		"since 1904": func(f *excelize.File) {
			_ = f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
			_ = f.SetCellValue("Sheet1", "D2", 44925)
		},
	} {
		_, got, err := Read(workbook(t, clientsTable, change), ReadOptions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, name, wantClients(), got)
	}
}

func TestWorkbookBehindAPassword(t *testing.T) {
	data := workbook(t, clientsTable, nil, excelize.Options{Password: "próba"})
	asked := ""
	answer := func(password string) Ask {
		return func(format string) (string, error) { asked += format; return password, nil }
	}
	_, got, err := Read(data, ReadOptions{Ask: answer("próba")})
	if err != nil || asked != "Excel" {
		t.Fatalf("asked %q, %v", asked, err)
	}
	same(t, "entries", wantClients(), got)
	if _, _, err := Read(data, ReadOptions{Ask: answer("más")}); !errors.Is(err, ErrPassword) {
		t.Errorf("a wrong password: %v", err)
	}
	if _, _, err := Read(data, ReadOptions{}); sentence(err).ID != "import-encrypted" {
		t.Errorf("nobody to ask: %v", err)
	}
	gone := errors.New("gone away")
	if _, _, err := Read(data, ReadOptions{Ask: func(string) (string, error) { return "", gone }}); !errors.Is(err, gone) {
		t.Errorf("the person gave up: %v", err)
	}
}

func TestWorkbookThatCannotBeRead(t *testing.T) {
	whole := workbook(t, clientsTable, nil)
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"Excel 97":         {append(bytes.Clone(compound), make([]byte, 600)...), "xlsx-other"},
		"cut off":          {whole[:len(whole)/2], "import-unknown"},
		"another office's": {zipped(t, map[string]string{"word/document.xml": "<x/>"}), "other-document"},
		"no workbook":      {zipped(t, map[string]string{"xl/x.xml": "<x/>"}), "xlsx-damaged"},
		"no header":        {workbook(t, [][]any{{"Kovács", testKey}}, nil), "table-no-header"},
		"no keys":          {workbook(t, [][]any{{"Név", "Mappa", "Hely"}}, nil), "table-no-key-found"},
		"nothing":          {workbook(t, nil, nil), "xlsx-empty"},
	} {
		_, entries, err := Read(tt.data, ReadOptions{})
		if err == nil || sentence(err).ID != tt.want {
			t.Errorf("%s: %d entries, %v, want %s", name, len(entries), err, tt.want)
		}
	}
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
