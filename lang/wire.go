package lang

import "encoding/json"

// wire is the JSON encoding of an Error: the id of its message and the values in it, so that the other side says it in
// the language of whoever reads it. The system's error in it stays behind; what it
// means goes along.
type wire struct {
	ID     string         `json:"id"`
	Values map[string]any `json:"values,omitempty"`
}

// MarshalJSON writes the id and the values.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(wire{ID: e.ID, Values: e.said()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Error) UnmarshalJSON(data []byte) error {
	var w struct {
		ID     string                     `json:"id"`
		Values map[string]json.RawMessage `json:"values"`
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*e = Error{ID: w.ID, Values: make(map[string]any, len(w.Values))}
	for k, raw := range w.Values {
		var inner Error
		if len(raw) > 0 && raw[0] == '{' && json.Unmarshal(raw, &inner) == nil {
			e.Values[k] = &inner
			continue
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		if f, ok := v.(float64); ok && f == float64(int(f)) {
			v = int(f) // a count chooses the plural form
		}
		e.Values[k] = v
	}
	return nil
}
