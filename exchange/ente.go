package exchange

import (
	"encoding/json"
	"strings"

	"kapu/lang"
)

// ente reads Ente Auth's export: otpauth lines with what Ente knows beside the key in the parameter codeDisplay,
// these encrypted, or the JSON of its older versions.
type ente struct{}

func (ente) Name() string { return "Ente Auth" }

func (ente) Detect(data []byte) bool {
	if hasKeys(data, '{', "rawData") || hasKeys(data, '{', "kdfParams", "encryptedData") {
		return true
	}
	text := plainText(data)
	return strings.Contains(text, "codeDisplay=") && isList(text)
}

func (f ente) Read(data []byte, o ReadOptions) ([]Entry, error) {
	if hasKeys(data, '{', "kdfParams") {
		plain, err := openEnte(f.Name(), data, o)
		if err != nil {
			return nil, err
		}
		data = plain
	}
	if hasKeys(data, '{') {
		return f.readJSON(data, o)
	}
	text := plainText(data)
	var entries []Entry
	for line, s := range uris(text) {
		if hasPrefixFold(s, migration) { // lists are put together by hand
			entries = append(entries, readMigration(line, s)...)
			continue
		}
		if err := o.Budget.err(); err != nil {
			return nil, err
		}
		if len(entries) == maxEntries {
			return nil, tooMany()
		}
		e, query := readGivenURI(line, s)
		e.show([]byte(escaped(query["codedisplay"])))
		entries = append(entries, e)
	}
	return entries, nil
}

func (f ente) readJSON(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct{ Items items }](f.Name(), data)
	if err == nil && file.Items == nil {
		err = damaged(f.Name())
	}
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for i, raw := range file.Items {
		if err := o.Budget.err(); err != nil {
			return nil, err
		}
		item, _ := decode[struct {
			RawData string
			Display json.RawMessage
		}](raw) // what cannot be read stays empty and is refused as such
		s, _ := bare(item.RawData, separators)
		e, query := readGivenURI(i+1, s)
		if len(item.Display) == 0 {
			item.Display = []byte(escaped(query["codedisplay"]))
		}
		e.show(item.Display)
		entries = append(entries, e)
	}
	return entries, nil
}

// show adds what Ente shows beside a code. What of it cannot be read is left out: the key is what matters.
func (e *Entry) show(display []byte) {
	var d struct {
		Pinned  bool     `json:"pinned"`
		Trashed bool     `json:"trashed"`
		Tags    []string `json:"tags"`
		Note    string   `json:"note"`
	}
	_ = json.Unmarshal(display, &d)
	if d.Trashed {
		e.Skip, e.Refuse = lang.E("import-trashed", "Format", ente{}.Name()), nil
	}
	if e.Refuse != nil {
		return
	}
	e.Favourite, e.Note = d.Pinned, d.Note
	if len(d.Tags) > 0 {
		e.Folder = d.Tags[0] // a client has one folder
	}
	e.further("Tags", d.Tags)
	if e.Skip != nil {
		return
	}
	if err := e.fit(); err != nil {
		e.refused(err)
	}
}
