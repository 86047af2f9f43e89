package exchange

import "encoding/json"

// items are the entries of a JSON file, each as it stands there.
type items []json.RawMessage

// countJSON refuses a JSON text of which some list or object has more members than an import may have entries, before
// room is made for them: "{}," takes three bytes, and a hundred times that when it is decoded. What is no JSON is left
// to the decoder.
func countJSON(data []byte) error {
	const deepest = 10_000 // encoding/json's own limit
	var counts []int       // of the members before, of each list and object that is open
	quoted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if counts = append(counts, 0); len(counts) > deepest {
				return nil
			}
		case (c == ']' || c == '}') && len(counts) > 0:
			counts = counts[:len(counts)-1]
		case c == ',' && len(counts) > 0:
			last := &counts[len(counts)-1]
			if *last++; *last >= maxEntries {
				return tooMany()
			}
		}
	}
	return nil
}
