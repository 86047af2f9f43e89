package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
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

// bombs are small files that want to be large ones.
var bombs = map[string]func(t testing.TB) []byte{
	"zeros": func(t testing.TB) []byte { return bomb(t, "xl/media/image1.png", strings.Repeat("\x00", 1<<27)) },
	"sheet": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 1<<28))
	},
	"strings": func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`">`+fill(`<si><t>x</t></si>`)+`</sst>`)
	},
	"empty strings": func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`">`+fill(`<si/>`)+`</sst>`)
	},
	"runs": func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`"><si>`+fill(`<r/>`)+`</si></sst>`)
	},
	"styles": func(t testing.TB) []byte {
		return bomb(t, "xl/styles.xml", `<styleSheet xmlns="`+mainSpace+`"><cellXfs>`+fill(`<xf/>`)+`</cellXfs></styleSheet>`)
	},
	"fonts": func(t testing.TB) []byte {
		return bomb(t, "xl/styles.xml", `<styleSheet xmlns="`+mainSpace+`"><fonts>`+fill(`<font/>`)+`</fonts></styleSheet>`)
	},
	"last columns": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c r="XFD1"><v>1</v></c></row>`, 4<<20))
	},
	"one cell": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c><v>`+strings.Repeat("7", 14<<20)+`</v></c></row>`, 1))
	},
	"sheets": func(t testing.TB) []byte {
		return bomb(t, "xl/workbook.xml", `<workbook xmlns="`+mainSpace+`"><sheets>`+fill(`<sheet name="x"/>`)+`</sheets></workbook>`)
	},
	"relationships": func(t testing.TB) []byte {
		return bomb(t, "xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+fill(`<Relationship/>`)+`</Relationships>`)
	},
	"over the limit": func(t testing.TB) []byte { return bomb(t, "xl/styles.xml", strings.Repeat("<xf/>", maxUnpacked/5+1)) },
	"attributes": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", `<worksheet`+fill(` a=""`)+fill(` b=""`)+`/>`)
	},
	"deep": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row>`+fill(`<c>`)+fill(`<c>`), 1))
	},
	"rich cell": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="inlineStr"><is>`+fill(`<r/>`)+fill(`<r/>`)+`</is></c></row>`, 1))
	},
	"calc chain": func(t testing.TB) []byte {
		return bomb(t, "xl/calcChain.xml", `<calcChain xmlns="`+mainSpace+`">`+fill(`<c/>`)+`</calcChain>`)
	},
	"repeated": func(t testing.TB) []byte {
		row := `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`
		return odsOf(t, "", `<table:table>`+row+row+`</table:table>`)
	},
	"repeated empty": func(t testing.TB) []byte {
		row := `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="999999999"/></table:table-row>`
		return odsOf(t, "", `<table:table>`+fill(row)+`</table:table>`)
	},
	"spanned": func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table>`+fill(`<table:table-row><table:table-cell table:number-rows-spanned="1048576" table:number-columns-spanned="16384"><text:p>x</text:p></table:table-cell></table:table-row>`)+`</table:table>`)
	},
	"pieces": func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table><table:table-row><table:table-cell><text:p>`+fill(`<text:s text:c="100"/>x`)+`</text:p></table:table-cell></table:table-row></table:table>`)
	},
	"merged": func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="str"><v>x</v></c></row>`, 8<<20)+`<mergeCells>`+fill(`<mergeCell ref="A1:XFD1048576"/>`)+`</mergeCells>`)
	},
	"row spans": func(t testing.TB) []byte {
		return []byte(`<table>` + strings.Repeat(`<tr><td rowspan=1000000 colspan=1000>x`, 1<<20) + `</table>`)
	},
	"cells of XML": func(t testing.TB) []byte {
		return []byte(`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>` +
			strings.Repeat(`<Row><Cell Index="16384"><Data>x</Data></Cell></Row>`, 1<<20) + `</Table></Worksheet></Workbook>`)
	},
	"deep groups": func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table>`+fill(`<table:table-row-group>`)+fill(`</table:table-row-group>`)+`</table:table>`)
	},
	"zip of WinAuth": func(t testing.TB) []byte {
		return zipped(t, map[string]string{"a.txt": "otpauth://totp/a?secret=AAAA\n" + strings.Repeat("#", 1<<26)})
	},
}

const mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

// fill makes so many elements of a part that twice as many are just below the limit.
func fill(element string) string { return strings.Repeat(element, maxUnpacked*7/16/len(element)) }

func sheet(rows string, size int) string {
	return `<worksheet xmlns="` + mainSpace + `"><sheetData>` + strings.Repeat(rows, max(1, size/len(rows))) + `</sheetData></worksheet>`
}

// bomb puts another part into a good workbook.
func bomb(t testing.TB, part, text string) []byte {
	t.Helper()
	whole := workbook(t, clientsTable, nil)
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		if f.Name != part {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := w.Create(part)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A bomb is read by a process of its own, which then tells the most memory it ever had.
func TestBombs(t *testing.T) {
	if path := os.Getenv("KAPU_TEST_BOMB"); path != "" {
		_, entries, err := ReadFile(path, ReadOptions{})
		status, _ := os.ReadFile("/proc/self/status")
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		peak, _, _ = strings.Cut(peak, "kB")
		fmt.Printf("\npeak %s kB; %d entries, %v\n", strings.TrimSpace(peak), len(entries), err)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells how much memory a process had")
	}
	for name, make := range bombs {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := dir + "/bomb"
			if err := os.WriteFile(path, make(t), 0o600); err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			cmd := exec.Command(os.Args[0], "-test.run=^TestBombs$")
			cmd.Env = append(os.Environ(), "KAPU_TEST_BOMB="+path, "TMPDIR="+dir)
			out, err := cmd.Output()
			_, said, _ := strings.Cut(string(out), "\npeak ")
			peak := 0
			if _, scan := fmt.Sscan(said, &peak); err != nil || scan != nil {
				t.Fatalf("%v, %s", err, out)
			}
			said, _, _ = strings.Cut(said, "\n")
			t.Log(said)
			if peak > 300<<10 && !raceEnabled {
				t.Errorf("%s", said)
			}
			if files, _ := os.ReadDir(dir); len(files) != 1 {
				t.Errorf("%d files were left in the temporary folder", len(files))
			}
		})
	}
}
