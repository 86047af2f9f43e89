package exchange

import (
	"context"
	"slices"
	"strings"

	"kapu/lang"
	"kapu/qr"
)

// picture reads the QR codes in a picture of them.
type picture struct{}

func (picture) Name() string { return "QR" }

// Detect knows the pictures that cannot be read too: their reader says what to do.
func (picture) Detect(data []byte) bool { return qr.IsPicture(data) || qr.Foreign(data) != "" }

func (picture) Read(data []byte, o ReadOptions) ([]Entry, error) {
	ctx := o.Context
	if ctx == nil {
		ctx = context.Background()
	}
	symbols, err := qr.Read(ctx, data)
	return Codes(symbols), err
}

// Codes makes entries of QR codes, numbered in their order.
func Codes(symbols []qr.Symbol) []Entry {
	var entries []Entry
	for i, s := range symbols {
		if s.Part.Split() {
			entries = append(entries, Entry{Line: i + 1, Share: &Share{part: s}})
			continue
		}
		entries = append(entries, readSymbol(i+1, s.Text)...)
	}
	return settle(entries)
}

// readSymbol makes entries of the text of a QR code.
func readSymbol(line int, text string) []Entry {
	if text = strings.TrimSpace(text); isURI(text) {
		return readLine(line, text)
	}
	e := Entry{Line: line}
	e.refused(lang.E("import-qr-other"))
	return []Entry{e}
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
