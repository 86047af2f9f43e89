package exchange

import (
	"archive/zip"
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"

	"kapu/lang"
)

// xlsx reads an office's own table from an Excel workbook: every sheet that has a column of keys.
type xlsx struct{}

var compound = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") // Microsoft's older container

func (xlsx) Name() string { return "Excel" }

func (xlsx) Detect(data []byte) bool {
	return bytes.HasPrefix(data, compound) || holds(data, "xl/") || isODS(data)
}

// holds says whether data is a zip archive with a file of such a name.
func holds(data []byte, prefix string) bool {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	for _, f := range archive.File {
		if hasPrefixFold(f.Name, prefix) {
			return true
		}
	}
	return false
}

func isODS(data []byte) bool { // the type stands first in the archive, unpacked
	return bytes.Contains(data[:min(len(data), 200)], []byte("application/vnd.oasis.opendocument.spreadsheet"))
}

func (x xlsx) Read(data []byte, o ReadOptions) ([]Entry, error) {
	switch {
	case isODS(data):
		return nil, lang.E("xlsx-other")
	case !bytes.HasPrefix(data, compound):
		return readWorkbook(data)
	case !bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")):
		return nil, lang.E("xlsx-other") // Excel's before 2007
	}
	password, err := password(o.Ask, x.Name())
	if err != nil {
		return nil, err
	}
	data, err = decrypt(data, password)
	if err != nil || !holds(data, "xl/") {
		return nil, wrongPassword(x.Name())
	}
	return readWorkbook(data)
}

func decrypt(data []byte, password string) (archive []byte, err error) {
	defer trusted(&err)
	return excelize.Decrypt(data, &excelize.Options{Password: password})
}

// trusted makes an error of a panic: the library trusts the numbers in a file more than it should.
func trusted(err *error) {
	if recover() != nil {
		*err = lang.E("xlsx-damaged")
	}
}

func readWorkbook(data []byte) (entries []Entry, err error) {
	defer trusted(&err)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	if err := payable(archive); err != nil {
		return nil, err
	}
	// Both limits are one, so that no part is unpacked to a file.
	options := excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked}
	book, err := excelize.OpenReader(bytes.NewReader(data), options)
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	defer book.Close()
	epoch := since1900
	if p, err := book.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		epoch = since1904
	}
	var without []Entry // the sheets that were left out
	var reason error
	cells := 0
	for _, name := range book.GetSheetList() {
		rows, err := sheetRows(book, name, &cells)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		more, err := office.read(rows, epoch)
		if err != nil {
			without = append(without, Entry{Line: rows[0].line, Name: name, Skip: sentence(err)})
			if reason == nil {
				reason = err
			}
			continue
		}
		entries = append(entries, more...)
	}
	switch {
	case len(entries) > 0:
	case reason != nil:
		return nil, reason
	default:
		return nil, lang.E("xlsx-empty")
	}
	return append(entries, without...), nil
}

// sheetRows reads the rows of a sheet that are not empty.
func sheetRows(book *excelize.File, name string, cells *int) ([]row, error) {
	raw, err := book.Rows(name)
	if err != nil {
		return nil, nil // a chart is a sheet too
	}
	defer raw.Close()
	shown, err := book.Rows(name)
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	defer shown.Close()
	var rows []row
	for number := 1; raw.Next() && shown.Next(); number++ {
		r := row{line: number}
		if r.cells, err = raw.Columns(); err != nil {
			return nil, lang.E("xlsx-damaged")
		}
		formatted, err := shown.Columns(excelize.Options{})
		if err != nil {
			return nil, lang.E("xlsx-damaged")
		}
		if *cells += len(r.cells); *cells > maxCells {
			return nil, tooBig()
		}
		for i, s := range r.cells {
			// Zeros in front of a number are a matter of its format; what else a format does is none of ours.
			if i < len(formatted) && strings.HasPrefix(formatted[i], "0") && strings.TrimLeft(formatted[i], "0") == s {
				r.cells[i] = formatted[i]
			}
		}
		if strings.TrimSpace(strings.Join(r.cells, "")) != "" {
			rows = append(rows, r)
		}
	}
	return rows, nil
}
