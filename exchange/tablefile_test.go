package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kapu/internal/need"
	"kapu/lang"
)

// sheetOf makes a workbook of the XML of one sheet, as a program that computes nothing writes it.
func sheetOf(t testing.TB, inner string) []byte {
	return zipped(t, map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="Egy" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<?xml version="1.0"?><worksheet xmlns="` + mainSpace + `">` + inner + `</worksheet>`,
	})
}

// ods makes an OpenDocument spreadsheet of its tables.
func odsOf(t testing.TB, styles, tables string) []byte {
	return zipped(t, map[string]string{
		"mimetype": odsType,
		"content.xml": `<?xml version="1.0"?><office:document-content><office:automatic-styles>` + styles +
			`</office:automatic-styles><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`,
	})
}

func cellText(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }

func odsCellText(s string) string {
	return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
}

// Each format has one table of two businesses with one key, merged; a formula without a result; a row and a sheet that
// are hidden; and a comment that is none of the cell.
func TestWhatSpreadsheetsHide(t *testing.T) {
	const other = "MFRGGZDFMZTWQ2LK"
	files := map[string][]byte{
		"XLSX": workbook(t, [][]any{
			{"Cégnév", "Egyedi kulcs", "Adószám", "Mappa"},
			{"Első Kft.", testKey, 12345678142, "Kft-k"},
			{"Második Bt.", nil, nil, nil},
			{"Rejtett Kft.", other, nil, nil},
		}, func(f *excelize.File) {
			_ = f.MergeCell("Sheet1", "B2", "B3")
			_ = f.SetCellFormula("Sheet1", "C3", `CONCATENATE("1","2")`)
			_ = f.SetRowVisible("Sheet1", 4, false)
			_ = f.AddComment("Sheet1", excelize.Comment{Cell: "A2", Text: "titok"})
			_, _ = f.NewSheet("Régiek")
			_ = f.SetSheetRow("Régiek", "A1", &[]any{"Cégnév", "Kulcs"})
			_ = f.SetSheetVisible("Régiek", false)
		}),
		"ODS": odsOf(t, `<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>`,
			`<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell><text:p>x</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>`+
				`<table:table table:name="Sheet1"><table:table-row>`+odsCellText("Cégnév")+odsCellText("Egyedi kulcs")+odsCellText("Adószám")+odsCellText("Mappa")+`</table:table-row>`+
				`<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>titok</text:p></office:annotation><text:p>Első<text:s/><text:span>Kft.</text:span></text:p></table:table-cell>`+
				`<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>`+testKey+`</text:p></table:table-cell>`+
				`<table:table-cell office:value-type="float" office:value="12345678142"><text:p>1,2E+10</text:p></table:table-cell>`+odsCellText("Kft-k")+`</table:table-row>`+
				`<table:table-row>`+odsCellText("Második Bt.")+`<table:covered-table-cell/><table:table-cell table:formula="of:=CONCATENATE(&quot;1&quot;)"/></table:table-row>`+
				`<table:table-row table:visibility="collapse">`+odsCellText("Rejtett Kft.")+odsCellText(other)+`</table:table-row>`+
				`<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`+
				`<table:table table:name="Régiek" table:style-name="ta2"><table:table-row>`+odsCellText("Cégnév")+odsCellText("Kulcs")+`</table:table-row></table:table>`),
		"Excel 2003 XML": []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">` +
			`<Worksheet ss:Name="Sheet1"><Table><Row><Cell><Data ss:Type="String">Cégnév</Data></Cell><Cell><Data ss:Type="String">Egyedi kulcs</Data></Cell><Cell><Data ss:Type="String">Adószám</Data></Cell><Cell><Data ss:Type="String">Mappa</Data></Cell></Row>` +
			`<Row><Cell><Data ss:Type="String">Első Kft.</Data><Comment><ss:Data>titok</ss:Data></Comment></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">` + testKey + `</Data></Cell><Cell><Data ss:Type="Number">12345678142</Data></Cell><Cell><Data ss:Type="String">Kft-k</Data></Cell></Row>` +
			`<Row><Cell><Data ss:Type="String">Második Bt.</Data></Cell><Cell ss:Index="3" ss:Formula="=1"></Cell></Row>` +
			`<Row ss:Hidden="1"><Cell><Data ss:Type="String">Rejtett Kft.</Data></Cell><Cell><Data ss:Type="String">` + other + `</Data></Cell></Row></Table></Worksheet>` +
			`<Worksheet ss:Name="Régiek"><Table><Row><Cell><Data ss:Type="String">Cégnév</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>`),
	}
	want := func(hidden bool) []Entry {
		list := []Entry{
			{Line: 2, Sheet: "Sheet1", Name: "Első Kft.", Key: totp(testKey), TaxNumber: "12345678-1-42", Folder: "Kft-k"},
			{Line: 3, Sheet: "Sheet1", Name: "Második Bt.", Key: totp(testKey), Warn: lang.E("table-formula-empty")},
		}
		if hidden {
			return append(list, Entry{Line: 4, Sheet: "Sheet1", Name: "Rejtett Kft.", Key: totp(other)})
		}
		return append(list, Entry{Line: 4, Sheet: "Sheet1", Name: "Rejtett Kft.", Skip: lang.E("table-hidden-row")},
			Entry{Line: 1, Sheet: "Régiek", Name: "Régiek", Skip: lang.E("table-hidden-sheet")})
	}
	for name, data := range files {
		for _, hidden := range []bool{false, true} {
			format, got, err := Read(data, ReadOptions{Hidden: hidden})
			if err != nil {
				t.Fatalf("%s, read as %s: %v", name, format, err)
			}
			if hidden { // the sheet has no client, and says so
				got = got[:3]
			}
			same(t, name, want(hidden), got)
		}
	}
}

// A name or a key that a formula should have made is refused, and the cell is named; also where a program that does not
// compute has stored a zero.
func TestFormulasWithoutAResult(t *testing.T) {
	data := sheetOf(t, `<sheetData><row>`+cellText("Név")+cellText("Kulcs")+cellText("Mappa")+`</row>`+
		`<row>`+cellText("Jó")+`<c t="str"><f>A1</f><v>`+testKey+`</v></c><c t="str"><f>""</f><v></v></c></row>`+
		`<row><c><f>A9</f><v>0</v></c>`+cellText(testKey)+`</row>`+
		`<row>`+cellText("B")+`<c><f>A9</f></c></row>`+
		`<row>`+cellText("C")+cellText("MFRGGZDFMZTWQ2LK")+`<c t="e"><f>A9</f><v>#REF!</v></c></row>`+
		`<row><c><f>A9</f></c></row></sheetData>`)
	_, got, err := Read(data, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "entries", []Entry{
		{Line: 2, Name: "Jó", Key: totp(testKey)},
		{Line: 3, Refuse: lang.E("table-formula-empty")},
		{Line: 4, Name: "B", Refuse: lang.E("table-formula-empty")},
		{Line: 5, Name: "C", Key: totp("MFRGGZDFMZTWQ2LK"), Warn: lang.E("table-formula")},
		{Line: 6, Refuse: lang.E("table-formula-empty")},
	}, got)
	if said := got[1].Refuse.Error(); !strings.Contains(said, "A3 (Név)") {
		t.Errorf("the cell is not named: %s", said)
	}
}

// A page that was saved as .xls, written carelessly.
func TestPageAsASpreadsheet(t *testing.T) {
	page := "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=windows-1250><style>td { a: b }</style></head><body>\r\n" +
		"<TABLE border=0><tr><td colspan=3>ÜGYFELEK<tr><th>Cégnév<th>Egyedi&nbsp;kulcs<th>Megjegyzés</tr>" +
		"<tr><td>Kőris &amp; Társa Kft.<td rowspan=2>" + testKey + "<td>egy<br>kettő<tr><td>Hárs \"Fa\" Bt.<td>x\n<tr style='display: none'><td>Rejtett</td><td>MFRGGZDFMZTWQ2LK</td></tr></table></body></html>"
	encoded, err := codePages()[0].encode(page)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"UTF-8": page, "Windows-1250": encoded} {
		format, got, err := Read([]byte(data), ReadOptions{})
		if err != nil || format != "HTML" {
			t.Fatalf("%s: read as %s, %v", name, format, err)
		}
		same(t, name, []Entry{
			{Line: 3, Name: "Kőris & Társa Kft.", Key: totp(testKey), Note: "egy\nkettő"},
			{Line: 4, Name: `Hárs "Fa" Bt.`, Key: totp(testKey), Note: "x"},
			{Line: 5, Name: "Rejtett", Skip: lang.E("table-hidden-row")},
		}, got)
	}
}

// encode is decode the other way round.
func (p *codePage) encode(s string) (string, error) {
	var b strings.Builder
next:
	for _, r := range s {
		if r < 128 {
			b.WriteRune(r)
			continue
		}
		for i, letter := range p.letters {
			if letter == r {
				b.WriteByte(byte(128 + i))
				continue next
			}
		}
		return "", fmt.Errorf("%s has no %q", p.name, r)
	}
	return b.String(), nil
}

// What cannot be read says why, and the way out.
func TestSpreadsheetsThatCannotBeRead(t *testing.T) {
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"encrypted ODS": {zipped(t, map[string]string{"mimetype": odsType, "content.xml": "\x01", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "ods-encrypted"},
		"no ODS":        {zipped(t, map[string]string{"mimetype": odsType, "content.xml": "<x/>"}), "xlsx-damaged"},
		"empty ODS":     {odsOf(t, "", `<table:table/>`), "xlsx-empty"},
		"binary":        {zipped(t, map[string]string{"_rels/.rels": `<Relationship Type="x/officeDocument" Target="xl/workbook.bin"/>`, "xl/workbook.bin": "\x83\x01"}), "other-sheet"},
		"no names":      {workbook(t, [][]any{{"Telefonos egyedi kulcs", "Hely", "Kulcs"}, {"1", "2", testKey}}, nil), "table-no-name-found"},
		"no names, CSV": {[]byte("Kulcs;Hely\n" + testKey + ";12\n"), "table-no-name-found"},
		"no keys, CSV":  {[]byte("Cégnév;Székhely\nA Kft.;Pécs\nB Kft.;Vác\n"), "table-no-key"},
		"cells alone":   {[]byte("<table><td rowspan=9>Nincs<td>semmi<tr></table>"), "table-no-header"},
		"page":          {[]byte("<html><table><tr><td>Nincs itt semmi</table>"), "table-no-header"},
	} {
		format, entries, err := Read(tt.data, ReadOptions{})
		if err == nil || sentence(err).ID != tt.want {
			t.Errorf("%s: %s, %d entries, %v, want %s", name, format, len(entries), err, tt.want)
		}
	}
}

// A number in a cell is what a person sees of it, as far as its digits go.
func TestNumbersInCells(t *testing.T) {
	for _, tt := range []struct{ value, format, want string }{
		{"12345", "000000", "012345"},
		{"1234567142", `00000000\-0\-00`, "01234567-1-42"},
		{"12345678142", `00000000"-"0"-"00`, "12345678-1-42"},
		{"1234567890", "00", "1234567890"},
		{"5", "0", "5"},
		{"12.5", "000", "12.5"},
		{"12345", "#,##0", "12345"},
		{"12345", "General", "12345"},
		{"", "000", ""},
	} {
		if got := masked(tt.value, tt.format); got != tt.want {
			t.Errorf("%s by %s is %s, want %s", tt.value, tt.format, got, tt.want)
		}
	}
	for value, want := range map[string]string{"1.2345678142E10": "12345678142", "0.10000000000000001": "0.1", "7": "7", "1.23456789012346E+15": "1.23456789012346E+15", "x.y": "x.y"} {
		if got := plainNumber(value); got != want {
			t.Errorf("%s is %s, want %s", value, got, want)
		}
	}
	for format, want := range map[string]bool{"yyyy\\-mm\\-dd": true, `[$-40E]yyyy/\ m/\ d\.;@`: true, "d-mmm": true, "h:mm:ss": false, `0.00" day"`: false, "[Red]0": false, "General": false, "mm:ss": false} {
		if got := isDateFormat(format); got != want {
			t.Errorf("%s: %v", format, got)
		}
	}
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := columnLetters(i); got != want {
			t.Errorf("%d is %s, want %s", i, got, want)
		}
		if at, line, ok := reference(want + "12"); at != i || line != 12 || !ok {
			t.Errorf("%s is column %d", want, at)
		}
	}
}

// Entities that a file defines are never expanded.
func TestBillionLaughs(t *testing.T) {
	laughs := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`
	row := `<row>` + cellText("Név") + cellText("Kulcs") + `</row><row>` + cellText("&b; Kft. &c;") + cellText(testKey) + `</row>`
	sheet := zipped(t, map[string]string{
		"xl/workbook.xml":            laughs + `<workbook xmlns:r="x"><sheets><sheet name="Egy" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   laughs + `<worksheet><sheetData>` + row + `</sheetData></worksheet>`,
	})
	ods := zipped(t, map[string]string{"mimetype": odsType, "content.xml": laughs + `<a><table:table><table:table-row>` + odsCellText("Név") + odsCellText("Kulcs") +
		`</table:table-row><table:table-row>` + odsCellText("&b; Kft. &c;") + odsCellText(testKey) + `</table:table-row></table:table></a>`})
	for name, data := range map[string][]byte{"XLSX": sheet, "ODS": ods} {
		_, got, err := Read(data, ReadOptions{})
		if err != nil || len(got) != 1 || got[0].Name != "&b; Kft. &c;" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// wide is a table of two hundred columns, which are all kept.
func TestTwoHundredColumns(t *testing.T) {
	var headings, cells []any
	for i := range 200 {
		headings, cells = append(headings, fmt.Sprint("Adat ", i)), append(cells, fmt.Sprint("érték ", i))
	}
	headings[77], cells[77], headings[199], cells[199] = "Társaság neve", "Széles Kft.", "Kétfaktoros kulcs", testKey
	_, got, err := Read(workbook(t, [][]any{headings, cells}, nil), ReadOptions{})
	if err != nil || len(got) != 1 || got[0].Name != "Széles Kft." || got[0].Key != totp(testKey) {
		t.Fatalf("%v, %v", got, err)
	}
	if n := strings.Count(got[0].Note, "\n"); n != 197 || !strings.Contains(got[0].Note, "Adat 198: érték 198") {
		t.Errorf("%d lines of 198", n+1)
	}
}

// damaged files are read in part or not at all, never with a panic, and what is read of them is as the vault keeps it.
func TestDamagedTables(t *testing.T) {
	files := map[string][]byte{
		"XLSX": readFile(t, "testdata/office.xlsx"), "ODS": readFile(t, "testdata/office.ods"),
		"password": workbook(t, clientsTable, nil, excelize.Options{Password: "próba"}),
	}
	for name, data := range files { // what is damaged within the archive, too
		if part := map[string]string{"XLSX": "xl/worksheets/sheet1.xml", "ODS": "content.xml"}[name]; part != "" {
			files["plain "+name] = unpackedPart(t, data, part)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	o := ReadOptions{Ask: func(string) (string, error) { return "próba", nil }}
	try := func(what string, data []byte) {
		defer func() {
			if why := recover(); why != nil {
				t.Errorf("%s: %v", what, why)
			}
		}()
		_, entries, err := Read(data, o)
		if err == nil {
			check(t, entries)
		} else if len(entries) > 0 {
			t.Errorf("%s: %d entries, and %v", what, len(entries), err)
		}
	}
	for name, data := range files {
		for i := range 50 {
			try(fmt.Sprint(name, " cut at ", i), data[:len(data)*i/50])
			changed := bytes.Clone(data)
			for range 20 {
				changed[random.IntN(len(changed))] = byte(random.IntN(256))
			}
			try(fmt.Sprint(name, " changed ", i), changed)
		}
	}
}

// unpackedPart stores a part of an archive uncompressed, so that what is changed in it is changed in the XML.
func unpackedPart(t testing.TB, data []byte, part string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := openParts(data, budgetOf(t))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		if f.Name != part {
			err = w.Copy(f)
		} else if to, e := w.CreateHeader(&zip.FileHeader{Name: part, Method: zip.Store}); e == nil {
			text, _ := p.text(part)
			_, err = to.Write([]byte(text))
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

// What we write is what we read after LibreOffice has opened the table and saved it, as a workbook and as text again.
func TestOurTableSurvivesLibreOffice(t *testing.T) {
	need.Program(t, "soffice", "libreoffice-calc-nogui")
	entries := awkward()
	files, _, err := Write(csvWriter{}, entries, Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), files[0], 0o600); err != nil {
		t.Fatal(err)
	}
	infilter := map[string]string{".csv": "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1038,false,true", ".xlsx": "--norestore", ".ods": "--norestore"}
	convert := func(to, file string) []byte {
		cmd := exec.Command("soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless",
			// Without a person, it has to be told what they would see in the dialog: semicolons, UTF-8, Hungarian, and numbers
			// and dates to be recognised as such.
			infilter[filepath.Ext(file)], "--convert-to", to, "--outdir", dir, filepath.Join(dir, file))
		cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		ext, _, _ := strings.Cut(to, ":")
		return readFile(t, filepath.Join(dir, "a."+ext))
	}
	for _, step := range []struct{ to, from string }{
		{"xlsx:Calc MS Excel 2007 XML", "a.csv"}, {"ods", "a.xlsx"}, {"csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false", "a.ods"},
	} {
		_, got, err := Read(convert(step.to, step.from), ReadOptions{})
		if err != nil {
			t.Fatalf("%s: %v", step.to, err)
		}
		for i := range got {
			got[i].Sheet = ""
		}
		same(t, step.to, entries, got)
	}
}

// awkward are clients whose texts a spreadsheet likes to change.
func awkward() []Entry {
	var entries []Entry
	for i, s := range []string{
		"012345", "1-2", "12E5", "2026-12-31", "3/4", "1234567890123456", "00", "1e3", "+36301234567", "=SUM(A1)", "-5", "@x", "'56-os Kör", "''x", "TRUE", "igaz",
		"5 jan", "Mar-1", "12:30", "50%", "1.5", "1,5", "0,10", "$5", "Kovács \"Jó\" Kft.", "a;b", "12345678", "01234567", ".5", "1 000", "2026. 12. 31.", "Err:502", "május 1.",
	} {
		e := Entry{Line: i + 2, Name: "Ügyfél " + fmt.Sprint(i), Key: totp(numbered(i)), Service: "Ügyfélkapu+", Folder: s, UserName: s, Note: s}
		if e.fit() != nil || formulaError().MatchString(s) {
			continue
		}
		entries = append(entries, e)
	}
	for i := range entries {
		entries[i].Line = i + 2
	}
	return entries
}

// Without LibreOffice, too, what we write is what we read.
func TestOurTableReadsBack(t *testing.T) {
	entries := awkward()
	for i, name := range []string{"'Kovács Kft.", "''Dupla", "1956", "012", "-Mínusz Bt.", "=A1"} {
		entries = append(entries, Entry{Line: len(entries) + 2, Name: name, Key: totp(numbered(100 + i)), Service: "Ügyfélkapu+", DeletionCode: "00123"})
	}
	files, _, err := Write(csvWriter{}, entries, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, got, err := Read(files[0], ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "entries", entries, got)
}

// An apostrophe in front of a name is part of it in a workbook, where none means "this is text".
func TestApostropheInAWorkbook(t *testing.T) {
	data := workbook(t, [][]any{{"Név", "Kulcs", "Törlőkód"}, {"'56-os Szövetség", testKey, "'0123"}, {"'s-Gravenhage Bt.", "MFRGGZDFMZTWQ2LK", ""}}, nil)
	_, got, err := Read(data, ReadOptions{})
	if err != nil || len(got) != 2 || got[0].Name != "'56-os Szövetség" || got[1].Name != "'s-Gravenhage Bt." || got[0].DeletionCode != "0123" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLostZeros(t *testing.T) {
	for _, tt := range []struct {
		have, want string
		lost       bool
	}{
		{"012345", "12345", true},
		{"00123", "123", true},
		{"12345", "12345", false},
		{"012345", "", false},
		{"", "12", false},
		{"012345", "12346", false},
		{"0x", "x", false},
		{"00", "0", false},
	} {
		if got := lostZeros(tt.have, tt.want); got != tt.lost {
			t.Errorf("%q, %q: %v", tt.have, tt.want, got)
		}
	}
}
