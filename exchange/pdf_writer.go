package exchange

import (
	"time"

	"kapu/internal/paper"
	"kapu/lang"
	"kapu/qr"
)

// pdfWriter writes pages to be printed, for a telephone or a safe: the key and its QR code of every client.
type pdfWriter struct{}

func (pdfWriter) Name() string      { return "PDF" }
func (pdfWriter) Sealed() bool      { return false }
func (pdfWriter) Fits(e Entry) bool { return len(e.URI()) <= qr.Most }

func (pdfWriter) Write(entries []Entry, o Options) ([][]byte, error) {
	codes := paper.Codes{Cards: make([]paper.Card, len(entries)), Made: time.Now()}
	for i, e := range entries {
		codes.Cards[i] = paper.Card{
			Name: e.Name, TaxNumber: e.TaxNumber, Service: e.Service, UserName: e.UserName, Key: e.Key.Secret, URI: e.URI(),
		}
	}
	pdf, err := codes.PDF(lang.In(o.Language))
	return [][]byte{pdf}, err
}
