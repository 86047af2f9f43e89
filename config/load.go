package config

import (
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"kapu/internal/disk"
	"kapu/lang"
)

// Load reads the settings that count for this person on this machine: the documented defaults, over them the machine's
// file, over that the person's, and over all the administrator's policy. A missing file changes nothing.
func Load(p Paths) (Config, error) {
	l, err := load(p)
	return l.config, err
}

// PolicyOf reads the policy alone, which counts whatever a person's file says.
func PolicyOf(p Paths) (Policy, error) {
	m, err := loadMachine(p)
	return m.config.Policy, err
}

// loaded are the settings with what is known of where they come from.
type loaded struct {
	config  Config
	machine machine
	person  layer
	mine    toml.MetaData // of the person's file
}

func load(p Paths) (l loaded, err error) {
	if l.machine, err = loadMachine(p); err != nil {
		return loaded{}, err
	}
	l.person = layer{path: p.Config, base: l.machine.config, foreign: "policy"}
	if l.config, l.mine, err = l.person.read(); err != nil {
		return loaded{}, err
	}
	l.config.Policy.apply(&l.config)
	return l, nil
}

// machine is what an administrator has set for everybody on this machine.
type machine struct {
	config  Config // the defaults of people here, with the policy
	keys    toml.MetaData
	ignored error // why there is a file that does not count
}

// loadMachine reads the machine's settings. A file that belongs to somebody else is not an administrator's word, and so
// does not count; one of theirs that others could change stops everything, since it may have been changed.
func loadMachine(p Paths) (m machine, err error) {
	m.config = Default()
	if p.Machine == "" {
		return m, nil
	}
	ours, closed, err := disk.Administrators(p.Machine)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return m, lang.E("config-unreadable", "Path", p.Machine, "Reason", err)
	case !ours:
		m.ignored = lang.E("config-machine-foreign", "Path", p.Machine)
	case !closed:
		return m, lang.E("config-machine-open", "Path", p.Machine)
	default:
		l := layer{path: p.Machine, base: Default(), foreign: "group", everybody: true}
		if m.config, m.keys, err = l.read(); err != nil {
			return m, err
		}
	}
	m.config.Policy, err = withKeys(m.config.Policy)
	return m, err
}

// layer is one file of settings.
type layer struct {
	path    string
	base    Config // what it is laid over
	foreign string // the table that has no place in it

	everybody bool // it is the machine's, and so not this person's to correct
}

// read reads the file; a missing one gives the base.
func (l layer) read() (Config, toml.MetaData, error) {
	read := disk.ReadTrusted
	if l.everybody { // Administrators has said that it is one's
		read = disk.ReadFile
	}
	text, err := read(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return l.base, toml.MetaData{}, nil
	}
	if errors.Is(err, disk.ErrForeign) {
		return Config{}, toml.MetaData{}, err
	}
	if err != nil {
		return Config{}, toml.MetaData{}, lang.E("config-unreadable", "Path", l.path, "Reason", err)
	}
	c, keys, err := l.decode(string(text))
	if err != nil {
		return Config{}, keys, l.fault(string(text), err)
	}
	return c, keys, nil
}

// fault is the sentence about what is wrong in the text, with its line.
func (l layer) fault(text string, err error) error {
	line := l.lineOf(text, err)
	if l.everybody {
		return lang.E("config-machine-wrong", "Path", l.path, "Line", line, "Reason", err)
	}
	return lang.E("config-wrong", "Path", l.path, "Line", line, "Reason", err)
}

// lineOf is the line of a wrong key or value: where the shortest prefix of the text that has the same fault ends. The
// library knows positions only for some errors, and of a key that stands in several [[group]] tables it names the
// last.
func (l layer) lineOf(text string, fault error) int {
	var syntax toml.ParseError
	if _, err := toml.Decode(text, &map[string]any{}); errors.As(err, &syntax) {
		// Its line is the next one where a line ends too early; the offset is right.
		return 1 + strings.Count(text[:min(max(syntax.Position.Start, 0), len(text))], "\n")
	}
	lines := strings.SplitAfter(text, "\n")
	for n := 1; n < len(lines); n++ {
		if _, _, err := l.decode(strings.Join(lines[:n], "")); err != nil && err.Error() == fault.Error() {
			return n
		}
	}
	return len(lines)
}

func (l layer) decode(text string) (Config, toml.MetaData, error) {
	c := l.base
	meta, err := toml.Decode(text, &c)
	unknown := slices.DeleteFunc(meta.Keys(), func(k toml.Key) bool { return known(reflect.TypeFor[Config](), k) })
	switch {
	case err != nil:
		return c, meta, faultOf(err)
	case len(unknown) > 0:
		return c, meta, lang.E("config-unknown-key", "Key", unknown[0].String())
	case meta.IsDefined(l.foreign):
		return c, meta, lang.E("config-foreign-" + l.foreign)
	}
	return c, meta, c.check()
}
