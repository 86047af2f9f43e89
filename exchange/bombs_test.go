package exchange

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"kapu/internal/examples"
)

// bombs are small files that want to be large ones.
type bombFile struct {
	said string // in the sentence that refuses it, "" where it is not
	make func(testing.TB) []byte
}

var bombs = map[string]bombFile{
	"zeros": {"", func(t testing.TB) []byte { return bomb(t, "xl/media/image1.png", strings.Repeat("\x00", 1<<27)) }},
	"sheet": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 1<<28))
	}},
	"strings": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`">`+fill(`<si><t>x</t></si>`)+`</sst>`)
	}},
	"empty strings": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`">`+fill(`<si/>`)+`</sst>`)
	}},
	"runs": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/sharedStrings.xml", `<sst xmlns="`+mainSpace+`"><si>`+fill(`<r/>`)+`</si></sst>`)
	}},
	"styles": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/styles.xml", `<styleSheet xmlns="`+mainSpace+`"><cellXfs>`+fill(`<xf/>`)+`</cellXfs></styleSheet>`)
	}},
	"fonts": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/styles.xml", `<styleSheet xmlns="`+mainSpace+`"><fonts>`+fill(`<font/>`)+`</fonts></styleSheet>`)
	}},
	"last columns": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c r="XFD1"><v>1</v></c></row>`, 4<<20))
	}},
	"one cell": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c><v>`+strings.Repeat("7", 14<<20)+`</v></c></row>`, 1))
	}},
	"sheets": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/workbook.xml", `<workbook xmlns="`+mainSpace+`"><sheets>`+fill(`<sheet name="x"/>`)+`</sheets></workbook>`)
	}},
	"relationships": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+fill(`<Relationship/>`)+`</Relationships>`)
	}},
	"over the limit": {"", func(t testing.TB) []byte { return bomb(t, "xl/styles.xml", strings.Repeat("<xf/>", maxUnpacked/5+1)) }},
	"attributes": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", `<worksheet`+fill(` a=""`)+fill(` b=""`)+`/>`)
	}},
	"deep": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row>`+fill(`<c>`)+fill(`<c>`), 1))
	}},
	"rich cell": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="inlineStr"><is>`+fill(`<r/>`)+fill(`<r/>`)+`</is></c></row>`, 1))
	}},
	"calc chain": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/calcChain.xml", `<calcChain xmlns="`+mainSpace+`">`+fill(`<c/>`)+`</calcChain>`)
	}},
	"repeated": {"", func(t testing.TB) []byte {
		row := `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`
		return odsOf(t, "", `<table:table>`+row+row+`</table:table>`)
	}},
	"repeated empty": {"", func(t testing.TB) []byte {
		row := `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="999999999"/></table:table-row>`
		return odsOf(t, "", `<table:table>`+fill(row)+`</table:table>`)
	}},
	"spanned": {"", func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table>`+fill(`<table:table-row><table:table-cell table:number-rows-spanned="1048576" table:number-columns-spanned="16384"><text:p>x</text:p></table:table-cell></table:table-row>`)+`</table:table>`)
	}},
	"pieces": {"", func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table><table:table-row><table:table-cell><text:p>`+fill(`<text:s text:c="100"/>x`)+`</text:p></table:table-cell></table:table-row></table:table>`)
	}},
	"merged": {"", func(t testing.TB) []byte {
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(`<row><c t="str"><v>x</v></c></row>`, 8<<20)+`<mergeCells>`+fill(`<mergeCell ref="A1:XFD1048576"/>`)+`</mergeCells>`)
	}},
	"row spans": {"", func(t testing.TB) []byte {
		return []byte(`<table>` + strings.Repeat(`<tr><td rowspan=1000000 colspan=1000>x`, 1<<20) + `</table>`)
	}},
	"cells of XML": {"", func(t testing.TB) []byte {
		return []byte(`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>` +
			strings.Repeat(`<Row><Cell Index="16384"><Data>x</Data></Cell></Row>`, 1<<20) + `</Table></Worksheet></Workbook>`)
	}},
	"deep groups": {"", func(t testing.TB) []byte {
		return odsOf(t, "", `<table:table>`+fill(`<table:table-row-group>`)+fill(`</table:table-row-group>`)+`</table:table>`)
	}},
	"zip of WinAuth": {"", func(t testing.TB) []byte {
		return zipped(t, map[string]string{"a.txt": "otpauth://totp/a?secret=AAAA\n" + strings.Repeat("#", 1<<26)})
	}},
	// What lies in several places at once, or may be unpacked again and again.
	"overlapping zip": {"larger than 4 MB", func(t testing.TB) []byte { return overlapping(t, 900, maxList-100) }},
	"directory of a zip": {"", func(t testing.TB) []byte {
		line := "PK\x01\x02" + strings.Repeat("\x00", 42)
		end := "PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00"
		return []byte("PK\x03\x04" + strings.Repeat(line, 1_300_000) + end)
	}},
	"shared note": {"texts of the entries", func(t testing.TB) []byte {
		note := `<sst xmlns="` + mainSpace + `"><si><t>név</t></si><si><t>kulcs</t></si><si><t>megjegyzés</t></si><si><t>` +
			strings.Repeat("szó ", 1200) + `</t></si><si><t>JBSWY3DPEHPK3PXP</t></si></sst>`
		row := func(a, b, c int) string {
			return fmt.Sprintf(`<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, a, b, c)
		}
		return zipped(t, map[string]string{
			"xl/workbook.xml":            `<workbook><sheets><sheet name="x" id="a"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<R><Relationship Id="a" Type="/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="/sharedStrings" Target="sharedStrings.xml"/></R>`,
			"xl/sharedStrings.xml":       note,
			"xl/worksheets/sheet1.xml":   sheet(row(0, 1, 2)+strings.Repeat(row(4, 4, 3), 90_000), 1),
		})
	}},
	"lists within JSON": {"more than 100000 entries", func(t testing.TB) []byte {
		return []byte(`[{"secret":"x","label":"x","type":"x","tags":[` + strings.Repeat(`"",`, 20<<20) + `""]}]`)
	}},
	"slots": {"more than 100000 entries", func(t testing.TB) []byte {
		return []byte(`{"version":1,"header":{"slots":[` + strings.Repeat(`{},`, 20<<20) + `{}]},"db":"AAAA"}`)
	}},
	"lines": {"far more rows", func(t testing.TB) []byte {
		return append([]byte("név;kulcs\n"), bytes.Repeat([]byte("\n"), 63<<20)...)
	}},
	"short lines": {"far more rows", func(t testing.TB) []byte {
		return append([]byte("név;kulcs\n"), bytes.Repeat([]byte("a;b\n"), 15<<20)...)
	}},
	"columns": {"far more rows", func(t testing.TB) []byte { return append([]byte("név;kulcs\n"), bytes.Repeat([]byte(";"), 63<<20)...) }},
	"long text in XML": {"more than 16 MB", func(t testing.TB) []byte {
		return []byte(`<KeePassFile><Root><Group><Entry><String><Key>` + strings.Repeat(`a`, 63<<20) + `</Key></String></Entry></Group></Root></KeePassFile>`)
	}},
	"long text of brackets in XML": {"", func(t testing.TB) []byte {
		text := `<KeePassFile><Root><Group><Entry><String><Key>a</Key><Value><![CDATA[` + strings.Repeat(`<a`, 60<<20) +
			`]]></Value></String></Entry></Group></Root></KeePassFile>`
		return sealKdbx(nil, gzipped(t, kdbxInner+text), true, 1<<20, 2)
	}},
	"fields of an entry": {"far more rows", func(t testing.TB) []byte {
		return sealKdbx(nil, gzipped(t, kdbxInner+`<KeePassFile><Root><Group><Entry>`+strings.Repeat(`<String><Key>a</Key></String>`, 8<<20)), true, 1<<20, 2)
	}},
	"database that unpacks": {"larger than 128 MB", func(t testing.TB) []byte {
		return sealKdbx(nil, gzipped(t, kdbxInner+`<KeePassFile><Root>`+strings.Repeat(`<a></a>`, 20<<20)), true, 1<<20, 2)
	}},
	"key of a gigabyte": {"1024 MB of memory", func(t testing.TB) []byte {
		return sealKdbx([]byte(kdbxInner), nil, false, 1<<30, 2)
	}},
	"key beside a large file": {"", func(t testing.TB) []byte {
		return sealKdbx(attached(60<<20), []byte(keepassText(100)), false, maxKeyMemory, 1)
	}},
	"striped picture": {"", func(t testing.TB) []byte { return picturePNG(t, stripes(6000)) }},
	"blank picture":   {"", func(t testing.TB) []byte { return picturePNG(t, image.NewRGBA(image.Rect(0, 0, 6400, 6500))) }},
	"deep picture":    {"", func(t testing.TB) []byte { return picturePNG(t, image.NewRGBA64(image.Rect(0, 0, 4500, 4600))) }},
}

func gzipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picturePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stripes is a picture in which every line looks like a finder pattern, everywhere.
func stripes(side int) image.Image {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		if m := i % side % 9; m == 1 || m == 5 || m >= 7 {
			img.Pix[i] = 255
		}
	}
	return img
}

// largest are good files, as large as a file may be or of as many clients as there may be.
var largest = map[string]func(testing.TB) []byte{
	"CSV": func(testing.TB) []byte {
		return []byte("név;kulcs;megjegyzés\n" + everyClient("%[1]s;%[2]s;%[3]s\n", strings.Repeat("szó ", 115)))
	},
	"Excel": func(t testing.TB) []byte {
		cell := `<c t="inlineStr"><is><t>%s</t></is></c>`
		head := `<row>` + fmt.Sprintf(cell+cell+cell, "név", "kulcs", "megjegyzés") + `</row>`
		row := `<row>` + strings.Replace(cell, "%s", "%[1]s", 1) + strings.Replace(cell, "%s", "%[2]s", 1) +
			strings.Repeat(strings.Replace(cell, "%s", "%[3]s", 1), 8) + `</row>`
		return bomb(t, "xl/worksheets/sheet1.xml", sheet(head+everyClient(row, "szöveg"), 1))
	},
	"LibreOffice": func(t testing.TB) []byte {
		cell := `<table:table-cell><text:p>%s</text:p></table:table-cell>`
		head := `<table:table-row>` + fmt.Sprintf(cell+cell+cell, "név", "kulcs", "megjegyzés") + `</table:table-row>`
		row := `<table:table-row>` + strings.Replace(cell, "%s", "%[1]s", 1) + strings.Replace(cell, "%s", "%[2]s", 1) +
			strings.Replace(cell, "%s", "%[3]s", 1) + `</table:table-row>`
		return odsOf(t, "", `<table:table>`+head+everyClient(row, strings.Repeat("szó ", 100))+`</table:table>`)
	},
	"Bitwarden": func(testing.TB) []byte {
		row := `{"type":1,"name":"%[1]s","notes":"%[3]s","login":{"totp":"otpauth://totp/X:x?secret=%[2]s"}},`
		return []byte(`{"encrypted":false,"folders":[],"items":[` +
			strings.TrimSuffix(everyClient(row, strings.Repeat("szó ", 90)), ",") + `]}`)
	},
	"KeePass": func(testing.TB) []byte {
		return sealKdbx([]byte(kdbxInner), []byte(keepassText(90_000)), false, 64<<20, 2)
	},
	"KeePass, packed": func(t testing.TB) []byte {
		return sealKdbx(nil, gzipped(t, kdbxInner+keepassText(90_000)), true, 64<<20, 2)
	},
	"KeePass, attachments": func(testing.TB) []byte {
		return sealKdbx(attached(60<<20), []byte(keepassText(1000)), false, 64<<20, 2)
	},
}

// everyClient writes as many clients as there may be; %[1]s is the name, %[2]s the key, %[3]s the note.
func everyClient(format, note string) string {
	var b strings.Builder
	for i, c := range examples.Clients(1000, 0) {
		for n := range maxEntries / 1000 {
			name := strings.NewReplacer("&", "és", "<", "", ">", "", `"`, "", ",", "").Replace(c.Name)
			fmt.Fprintf(&b, format, fmt.Sprintf("%s %d", name, n), c.Key[:12]+keyDigits(i*100+n), note)
		}
	}
	return b.String()
}

// keyDigits are four digits of a key.
func keyDigits(n int) string {
	var s string
	for range 4 {
		s += base32Digits[n%32 : n%32+1]
		n /= 32
	}
	return s
}

// keepassText is the text of a database of so many entries.
func keepassText(entries int) string {
	row := `<Entry><String><Key>Title</Key><Value>%[1]s</Value></String><String><Key>otp</Key><Value>otpauth://totp/x?secret=%[2]s</Value></String>` +
		`<String><Key>Notes</Key><Value>%[3]s</Value></String></Entry>`
	all := everyClient(row+"\n", strings.Repeat("szó ", 60))
	at := 0
	for range entries {
		at += strings.IndexByte(all[at:], '\n') + 1
	}
	return `<KeePassFile><Meta></Meta><Root><Group><Name>x</Name>` + all[:at] + `</Group></Root></KeePassFile>`
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
