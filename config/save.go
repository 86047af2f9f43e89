package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
)

// Save edits the person's file until, over the machine's, it parses as c, and leaves everything else in it as the
// person wrote it: comments, order, spacing, settings that are at their default. It is an atomic write; what would not
// read back as c is never written. What the policy forbids is ErrPolicy.
func Save(p Paths, c Config) error {
	l, err := load(p)
	if err != nil { // a person is in the middle of something here
		return err
	}
	c.Policy = l.config.Policy
	err = c.check()
	if err == nil {
		err = c.Policy.allows(c)
	}
	if err != nil {
		return lang.E("config-save", "Path", p.Config, "Reason", err).Kind(err)
	}
	old, err := disk.ReadTrusted(p.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.E("config-unreadable", "Path", p.Config, "Reason", err)
	}
	text := document(old)
	before := settings(l.config)
	for key, value := range settings(c) {
		if value != before[key] {
			text = text.set(key, value)
		}
	}
	if !reflect.DeepEqual(l.config.Groups, c.Groups) {
		text = text.setGroups(l.config.Groups, c.Groups)
	}
	again, _, err := l.person.decode(string(text))
	if err == nil {
		again.Policy.apply(&again)
	}
	if err != nil || !same(again, c) {
		return lang.E("config-uneditable", "Path", p.Config)
	}
	if err := replace(p.Config, []byte(text)); err != nil {
		return lang.E("config-unwritable", "Path", p.Config, "Reason", err)
	}
	return nil
}

// settings are the values of a person's keys as they are written in TOML. Groups are not among them.
func settings(c Config) map[string]string {
	values := map[string]string{}
	collect(values, "", reflect.ValueOf(c))
	return values
}

func collect(values map[string]string, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("toml")
		switch field := v.Field(i).Interface().(type) {
		case Duration:
			values[key] = strconv.Quote(short(field.Duration))
		case string:
			values[key] = quote(field)
		case bool:
			values[key] = strconv.FormatBool(field)
		default:
			if v.Field(i).Kind() == reflect.Struct && key != "policy" {
				collect(values, key+".", v.Field(i))
			}
		}
	}
}

// short writes "15m" where the library writes "15m0s".
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if n := len(s) - len(zero); n > 0 && s[n:] == zero {
			s = s[:n+1]
		}
	}
	return s
}

// Equal is semantic equality: an absent list of clients is an empty one.
func (c Config) Equal(d Config) bool { return same(c, d) }

func same(a, b Config) bool {
	return reflect.DeepEqual(settings(a), settings(b)) && reflect.DeepEqual(normal(a.Groups), normal(b.Groups)) &&
		a.Policy.Equal(b.Policy)
}

// normal makes no difference between no clients and an empty list of them.
func normal(groups []Group) []Group {
	list := make([]Group, len(groups))
	for i, g := range groups {
		if len(g.Clients) == 0 {
			g.Clients = nil
		}
		list[i] = g
	}
	return list
}

// replace is an atomic write: a temporary file beside it, fsync, rename. A power cut leaves the old settings or the
// new.
func replace(path string, data []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays a link
	}
	if err := disk.TrustedFolder(filepath.Dir(path)); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*.toml")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if info, statErr := os.Stat(path); err == nil && statErr == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return disk.Rename(f.Name(), path)
}
