package exchange

import (
	"kapu/lang"
	"kapu/qr"
)

// picture reads the QR codes in a picture of them.
type picture struct{}

func (picture) Name() string { return "QR" }

func (picture) Detect(data []byte) bool { return qr.IsPicture(data) }

func (picture) Read(data []byte, _ Ask) ([]Entry, error) {
	texts, err := qr.Read(data)
	return Codes(texts), err
}

// Codes makes entries of the texts of QR codes, numbered in their order.
func Codes(texts []string) []Entry {
	var entries []Entry
	for i, text := range texts {
		if isURI(text) {
			entries = append(entries, readLine(i+1, text)...)
			continue
		}
		e := Entry{Line: i + 1}
		e.refused(lang.E("import-qr-other"))
		entries = append(entries, e)
	}
	return settle(entries)
}
