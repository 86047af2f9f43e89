package exchange

import (
	"encoding/json"
	"strings"
)

// enteWriter writes Ente Auth's plain export: otpauth lines with what Ente shows beside the code.
type enteWriter struct{}

func (enteWriter) Name() string    { return ente{}.Name() }
func (enteWriter) Sealed() bool    { return false }
func (enteWriter) Fits(Entry) bool { return true }

func (enteWriter) Write(entries []Entry, _ Options) ([][]byte, error) {
	lines, err := enteLines(entries)
	return [][]byte{lines}, err
}

// enteLines are the entries with what Ente knows of them.
func enteLines(entries []Entry) ([]byte, error) {
	var b strings.Builder
	for i, e := range entries {
		display := struct {
			Pinned     bool     `json:"pinned"`
			Trashed    bool     `json:"trashed"`
			LastUsedAt int      `json:"lastUsedAt"`
			TapCount   int      `json:"tapCount"`
			Tags       []string `json:"tags"`
			Note       string   `json:"note"`
			Position   int      `json:"position"`
			IconSrc    string   `json:"iconSrc"`
			IconID     string   `json:"iconID"`
		}{Pinned: e.Favourite, Tags: []string{}, Note: e.Note, Position: i}
		if e.Folder != "" {
			display.Tags = []string{e.Folder}
		}
		shown, err := json.Marshal(display)
		if err != nil {
			return nil, err
		}
		b.WriteString(e.URI() + "&codeDisplay=" + component(string(shown)) + "\n")
	}
	return []byte(b.String()), nil
}
