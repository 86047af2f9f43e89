package exchange

import (
	"encoding/json"
	"errors"

	"kapu/lang"
)

// maxEntries is how many entries one file may have. A short line that is none costs a hundred times its length as a
// refused entry, with all that the report says of it.
const maxEntries = 200_000

var errMany = errors.New("too many entries")

func tooMany() error { return lang.E("import-many", "Most", maxEntries).Kind(errMany) }

// items are the entries of a JSON file, each as it stands there. A list that is too long is refused before room is made
// for it.
type items []json.RawMessage

// UnmarshalJSON is given whole JSON; of that only the commas of the list itself separate entries.
func (list *items) UnmarshalJSON(data []byte) error {
	depth, quoted, commas := 0, false, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ',' && depth == 1:
			commas++
		}
	}
	if commas >= maxEntries {
		return tooMany()
	}
	return json.Unmarshal(data, (*[]json.RawMessage)(list))
}
