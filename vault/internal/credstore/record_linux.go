package credstore

import "encoding/json"

// record is the form of an item on Linux: that of github.com/99designs/keyring, in which the first Kapus wrote it.
type record struct {
	Key   string
	Data  []byte
	Label string
}

func pack(name, text string) []byte {
	packed, _ := json.Marshal(record{name, []byte(text), name}) // texts and bytes always can be
	return packed
}

func unpack(packed []byte) (string, error) {
	var r record
	err := json.Unmarshal(packed, &r)
	return string(r.Data), err
}
