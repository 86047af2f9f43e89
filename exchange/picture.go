package exchange

import (
	"slices"
	"strconv"
	"strings"

	"kapu/lang"
	"kapu/qr"
	"kapu/vault"
)

// picture reads the QR codes in a picture of them.
type picture struct{}

func (picture) Name() string { return "QR" }

// Detect knows the pictures that cannot be read too: their reader says what to do.
func (picture) Detect(data []byte) bool { return qr.IsPicture(data) || qr.Foreign(data) != "" }

func (picture) Read(data []byte, o ReadOptions) ([]Entry, error) {
	symbols, err := qr.Read(o.Budget.ctx, data)
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
	for _, e := range entries {
		same := func(other Entry) bool { return other.Key == e.Key }
		if e.Refuse != nil || e.Skip != nil || slices.ContainsFunc(keys, same) {
			continue
		}
		keys = append(keys, e)
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
		return Entry{}, lang.E("qr-several", "Count", len(keys), "Labels", strings.Join(labelsOf(keys), "; "))
	case len(entries) > 0 && entries[0].Refuse != nil:
		return Entry{}, entries[0].Refuse
	default:
		return Entry{}, lang.E("qr-none")
	}
}

// labelsOf are the names of the entries of a file, with what tells those of one name apart: at worst their places.
func labelsOf(entries []Entry) []string {
	byName := map[string][]vault.Namesake{}
	for i, e := range entries {
		n := vault.Namesake{ID: strconv.Itoa(i + 1), Name: e.Name, TaxNumber: e.TaxNumber, UserName: e.UserName, Folder: e.Service}
		byName[lang.Fold(e.Name)] = append(byName[lang.Fold(e.Name)], n)
	}
	labels := make([]string, len(entries))
	for i, e := range entries {
		labels[i] = e.Name
		if same := byName[lang.Fold(e.Name)]; len(same) > 1 {
			beside := vault.TellApart(same, func(label string) bool { return byName[label] != nil })
			labels[i] = vault.Label(e.Name, beside[strconv.Itoa(i+1)])
		}
	}
	return labels
}
