package exchange

import (
	"bytes"
	stdcsv "encoding/csv"
	"slices"

	"kapu/vault"
)

// csvWriter writes a table that a spreadsheet opens by a double click and that Kapu reads again: UTF-8 with a mark,
// semicolons, Hungarian headings, nothing that a spreadsheet takes for a number and changes. It has a column of
// deletion codes only if an entry has one.
type csvWriter struct{}

func (csvWriter) Name() string    { return "CSV" }
func (csvWriter) Sealed() bool    { return false }
func (csvWriter) Fits(Entry) bool { return true }

func (csvWriter) Write(entries []Entry, _ Options) ([][]byte, error) {
	columns := []struct {
		heading string
		of      func(Entry) string
	}{
		{"Ügyfél", func(e Entry) string { return spreadsheetText(e.Name) }},
		{"Adószám", func(e Entry) string { return spreadsheetText(e.TaxNumber) }},
		{"Mappa", func(e Entry) string { return spreadsheetText(e.Folder) }},
		{"Szolgáltatás", func(e Entry) string { return spreadsheetText(e.Service) }},
		{"Felhasználónév", func(e Entry) string { return spreadsheetText(e.UserName) }},
		{"Egyedi kulcs", keyCell},
		{"Meghatalmazás vége", mandateCell},
		{"Jelszó lejárata", func(e Entry) string { return e.PasswordUntil }},
		{"Kedvenc", func(e Entry) string {
			if e.Favourite {
				return "igen"
			}
			return ""
		}},
		{"Megjegyzés", func(e Entry) string { return spreadsheetText(e.Note) }},
		{"Törlőkód", func(e Entry) string { return spreadsheetText(e.DeletionCode) }},
	}
	if !slices.ContainsFunc(entries, func(e Entry) bool { return e.DeletionCode != "" }) {
		columns = columns[:len(columns)-1]
	}
	b := bytes.NewBufferString("\ufeff")
	w := stdcsv.NewWriter(b)
	w.Comma, w.UseCRLF = ';', true
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.heading
	}
	_ = w.Write(row)
	for _, e := range entries {
		for i, c := range columns {
			row[i] = c.of(e)
		}
		_ = w.Write(row)
	}
	w.Flush()
	return [][]byte{b.Bytes()}, w.Error()
}

// keyCell is the key alone where its codes are made in the usual way, else all of it as an URI.
func keyCell(e Entry) string {
	usual := vault.Key{Kind: vault.TOTP, Secret: e.Key.Secret, Algorithm: "SHA1", Digits: 6, Period: 30}
	if e.Key == usual {
		return spreadsheetText(e.Key.Secret)
	}
	return e.URI()
}

// mandateCell is the last day of a mandate, or the word by which one without an end is read again.
func mandateCell(e Entry) string {
	if e.MandateUntil == vault.Indefinite {
		return "határozatlan"
	}
	return e.MandateUntil
}

// TextCell keeps a spreadsheet from taking a name for a formula, by the apostrophe that means "this is text". A name's
// own apostrophe gets another before it, so that reading takes away no more than was put there.
func TextCell(s string) string {
	if s != "" && bytes.IndexByte([]byte("=+-@\t\r'"), s[0]) >= 0 {
		return "'" + s
	}
	return s
}
