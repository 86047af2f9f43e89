package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Where a setting comes from.
const (
	FromDefault = "default"
	FromMachine = "machine" // the machine's file; a person may choose otherwise
	FromPerson  = "person"
	FromPolicy  = "policy" // an administrator's decision; a person may choose only what is stricter
)

// Setting is one setting as it counts.
type Setting struct {
	Key   string `json:"key"`
	Value string `json:"value"` // as TOML writes it
	From  string `json:"from"`
}

// Explain lists the settings that count, and those of the policy that decide something, each with where it comes from.
// ignored is why a file for the machine does not count.
func Explain(p Paths) (list []Setting, ignored, err error) {
	l, err := load(p)
	if err != nil {
		return nil, nil, err
	}
	person, _, err := l.person.read()
	if err != nil {
		return nil, nil, err
	}
	chosen, values := settings(person), settings(l.config)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		path := strings.Split(key, ".")
		from := FromDefault
		switch {
		case values[key] != chosen[key]:
			from = FromPolicy
		case defined(l.mine, path):
			from = FromPerson
		case defined(l.machine.keys, path):
			from = FromMachine
		}
		list = append(list, Setting{key, values[key], from})
	}
	return append(list, l.config.Policy.settings()...), l.machine.ignored, nil
}

func defined(m toml.MetaData, path []string) bool { return len(m.Keys()) > 0 && m.IsDefined(path...) }

// Equal says whether both decide the same.
func (p Policy) Equal(q Policy) bool { return slices.Equal(p.written(), q.written()) }

// settings are the decisions that there are.
func (p Policy) settings() (list []Setting) {
	zero := Policy{}.written()
	for _, line := range p.written() {
		if !slices.Contains(zero, line) {
			list = append(list, line)
		}
	}
	return list
}

func (p Policy) written() []Setting {
	quoted := make([]string, len(p.Methods))
	for i, m := range p.Methods {
		quoted[i] = quote(m)
	}
	value := func(key, text string) Setting { return Setting{"policy." + key, text, FromPolicy} }
	plain := "false"
	if p.NoPlainExport {
		plain = "true"
	}
	return []Setting{
		value("methods", "["+strings.Join(quoted, ", ")+"]"), value("idle_most", quote(short(p.IdleMost.Duration))),
		value("no_plain_export", plain), value("office_store", quote(p.Store)), value("audit", quote(p.Audit)),
		value("update_url", quote(p.UpdateURL)),
	}
}
