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

// Save edits the file until it parses as c, and leaves everything else in it as the person wrote it: comments, order,
// spacing, settings that are at their default. It is an atomic write; what would not read back as c is never written.
func Save(path string, c Config) error {
	if err := c.check(); err != nil {
		return lang.E("config-save", "Path", path, "Reason", err)
	}
	old, err := disk.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.E("config-unreadable", "Path", path, "Reason", err)
	}
	now, err := decode(string(old))
	if err != nil { // a person is in the middle of something here
		return lang.E("config-wrong", "Path", path, "Line", lineOf(string(old), err), "Reason", err)
	}
	text := document(old)
	before := settings(now)
	for key, value := range settings(c) {
		if value != before[key] {
			text = text.set(key, value)
		}
	}
	if !reflect.DeepEqual(now.Groups, c.Groups) {
		text = text.setGroups(now.Groups, c.Groups)
	}
	if again, err := decode(string(text)); err != nil || !same(again, c) {
		return lang.E("config-uneditable", "Path", path)
	}
	if err := replace(path, []byte(text)); err != nil {
		return lang.E("config-unwritable", "Path", path, "Reason", err)
	}
	return nil
}

// settings are the values of the file's keys as they are written in TOML. Groups are not among them.
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
			if v.Field(i).Kind() == reflect.Struct {
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
	return reflect.DeepEqual(settings(a), settings(b)) && reflect.DeepEqual(normal(a.Groups), normal(b.Groups))
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
	if err := disk.Folder(filepath.Dir(path)); err != nil {
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
