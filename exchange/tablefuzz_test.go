package exchange

import (
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// fuzzTable feeds a reader; what it makes of anything must be as the vault keeps it, and add up.
func fuzzTable(f *testing.F, r Reader, files ...string) {
	for _, file := range files {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r.Detect(data)
		entries, err := r.Read(data, ReadOptions{Budget: budgetOf(t), Ask: func(string) (string, error) { return "proba", nil }})
		if err != nil {
			if len(entries) != 0 || sentence(err).ID == "import-entry-wrong" {
				t.Fatalf("%d entries, %v", len(entries), err)
			}
			return
		}
		check(t, entries)
	})
}

func FuzzCSV(f *testing.F) {
	for _, sep := range []string{";", ",", "\t"} {
		f.Add([]byte(save(everything, sep, "\n")))
	}
	fuzzTable(f, csv{}, "keepassxc.csv")
}

func FuzzKeePassXC(f *testing.F)    { fuzzTable(f, keepassxc{}, "keepassxc.csv") }
func FuzzBitwardenCSV(f *testing.F) { fuzzTable(f, bitwardenCSV{}, "bitwarden.csv") }
func FuzzWinAuth(f *testing.F) {
	fuzzTable(f, winAuthZip{}, "winauth.txt", "winauth-classic.zip", "winauth-aes.zip")
}

func FuzzXLSX(f *testing.F) {
	f.Add(workbook(f, clientsTable, nil))
	fuzzTable(f, xlsx{}, "office.xlsx")
}

// FuzzSheet feeds the XML itself, which a fuzzer hardly finds within an archive.
func FuzzSheet(f *testing.F) {
	f.Add(`<sheetData><row r="2" hidden="1"><c r="B1" t="str" s="1"><f>A1</f><v>a&amp;b</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B9"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, inner string) { fuzzed(t, xlsx{}, sheetOf(t, inner)) })
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2" table:number-rows-spanned="2"><text:p>név<text:s text:c="3"/></text:p></table:table-cell></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, tables string) { fuzzed(t, ods{}, odsOf(t, "", tables)) })
}

func FuzzSpreadsheetML(f *testing.F) {
	f.Add([]byte(`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="a"><Table><Row Index="3" Hidden="1"><Cell Index="2" MergeDown="1"><Data Type="String">név</Data></Cell></Row></Table></Worksheet></Workbook>`))
	fuzzTable(f, spreadsheetML{})
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(`<table><tr><td rowspan=2 colspan="3">név<br>&amp;<td>kulcs<tr><th>a</table>`))
	fuzzTable(f, htmlTable{})
}

// FuzzCompound feeds what stands before a password has opened anything.
func FuzzCompound(f *testing.F) {
	f.Add(workbook(f, clientsTable, nil, excelize.Options{Password: "proba"}))
	fuzzTable(f, xlsx{})
}

func fuzzed(t *testing.T, r Reader, data []byte) {
	entries, err := r.Read(data, ReadOptions{Budget: budgetOf(t)})
	if err != nil {
		if len(entries) != 0 || sentence(err).ID == "import-entry-wrong" {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		return
	}
	check(t, entries)
}

func FuzzDay(f *testing.F) {
	for _, s := range []string{"2026. 12. 31.", "31/12/2026", "46387", "2026. december 31."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var order dayOrder
		order.learn(s)
		day, err := order.day(s, since1900)
		if e := (Entry{Name: "a", Key: totp(testKey), MandateUntil: day}); err == nil && e.fit() != nil {
			t.Errorf("%q is %q", s, day)
		}
	})
}

// Every character of a text is in some cell, or separates two.
func FuzzSplit(f *testing.F) {
	f.Add("a;\"b;\"\"c\n\";d\r\n\"5 col;x")
	f.Fuzz(func(t *testing.T, text string) {
		kept := 0
		for _, r := range split(text, ';') {
			for _, cell := range r.cells {
				kept += strings.Count(cell, "x")
			}
		}
		if want := strings.Count(text, "x"); kept != want {
			t.Errorf("%d of %d letters", kept, want)
		}
	})
}
