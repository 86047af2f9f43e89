package exchange

import (
	"slices"
	"strings"

	"kapu/lang"
	"kapu/qr"
)

// picture reads the QR codes in a picture of them.
type picture struct{}

func (picture) Name() string { return "QR" }

func (picture) Detect(data []byte) bool { return qr.IsPicture(data) }

func (picture) Read(data []byte, _ ReadOptions) ([]Entry, error) {
	texts, err := qr.Read(data)
	return Codes(texts), err
}

// Codes makes entries of the texts of QR codes, numbered in their order.
func Codes(texts []string) []Entry {
	var entries []Entry
	for i, text := range texts {
		if text = strings.TrimSpace(text); isURI(text) {
			entries = append(entries, readLine(i+1, text)...)
			continue
		}
		e := Entry{Line: i + 1}
		e.refused(lang.E("import-qr-other"))
		entries = append(entries, e)
	}
	return settle(entries)
}

// One picks the one key that is meant for a single client: the only one there is, or the only one with that name.
func One(entries []Entry, name string) (Entry, error) {
	var keys, named []Entry
	var labels []string
	for _, e := range entries {
		same := func(other Entry) bool { return other.Key == e.Key }
		if e.Refuse != nil || e.Skip != nil || slices.ContainsFunc(keys, same) {
			continue
		}
		keys = append(keys, e)
		labels = append(labels, e.Name)
		if lang.Fold(e.Name) == lang.Fold(name) {
			named = append(named, e)
		}
	}
	switch {
	case len(keys) == 1:
		return keys[0], nil
	case len(named) == 1:
		return named[0], nil
	case len(keys) > 1:
		return Entry{}, lang.E("qr-several", "Count", len(keys), "Labels", strings.Join(labels, "; "))
	case len(entries) > 0 && entries[0].Refuse != nil:
		return Entry{}, entries[0].Refuse
	default:
		return Entry{}, lang.E("qr-none")
	}
}
