package exchange

import (
	"encoding/json"
	"strings"

	"kapu/lang"
)

// ente reads Ente Auth's plain export: otpauth lines with what Ente knows beside the key in the parameter
// codeDisplay, or the JSON of its older versions.
type ente struct{}

func (ente) Name() string { return "Ente Auth" }

func (ente) Detect(data []byte) bool {
	text := plainText(data)
	if isJSON(text) {
		return strings.Contains(text, `"rawData"`)
	}
	return strings.Contains(text, "codeDisplay=") && isList(text)
}

func isJSON(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "{") }

func (ente) Read(data []byte, _ Ask) ([]Entry, error) {
	text := plainText(data)
	if isJSON(text) {
		return readEnteJSON([]byte(text))
	}
	var entries []Entry
	for line, s := range uris(text) {
		e, query := readURI(line, s)
		e.show([]byte(escaped(query["codedisplay"])))
		entries = append(entries, e)
	}
	return entries, nil
}

func readEnteJSON(data []byte) ([]Entry, error) {
	var file struct {
		Items []json.RawMessage `json:"items"` // raw, so that one bad item does not spoil the others
	}
	if err := json.Unmarshal(data, &file); err != nil || file.Items == nil {
		return nil, lang.E("import-ente-damaged")
	}
	var entries []Entry
	for i, raw := range file.Items {
		var item struct {
			RawData string          `json:"rawData"`
			Display json.RawMessage `json:"display"`
		}
		_ = json.Unmarshal(raw, &item) // what cannot be read stays empty and is refused as such
		s, _ := bare(item.RawData, separators)
		e, query := readURI(i+1, s)
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
		e.Skip, e.Refuse = lang.E("import-trashed"), nil
	}
	if e.Refuse != nil {
		return
	}
	e.Favourite, e.Note = d.Pinned, d.Note
	if len(d.Tags) > 0 {
		e.Folder = d.Tags[0] // a client has one folder
	}
	if e.Skip != nil {
		return
	}
	if err := e.fit(); err != nil {
		e.refused(err)
	}
}
