package lang

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible is a text as it may be shown: without what nobody sees of it and what changes how its neighbours are shown.
// That are control characters (with those that command a terminal), bidirectional controls, zero-width and other
// default-ignorable characters, and half of a surrogate pair; so a joined emoji falls into its parts. Lines and tabs
// stay. It is idempotent, and lets a text that is all right alone.
func Visible(s string) string {
	if Plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u2028' || r == '\u2029': // separators of lines and paragraphs
			return '\n'
		case invisible(r):
			return -1
		}
		return r
	}, s)
}

// Plain says at little cost that a text is all right, as most are: it is printable ASCII, lines and tabs, and letters
// of Latin-1 and Latin Extended-A (U+00C0 to U+017F), among them all of Hungarian. Visible leaves it alone, and it is
// NFC.
func Plain(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= ' ' && c <= '~', c == '\n', c == '\t':
		case c >= 0xc3 && c <= 0xc5 && i+1 < len(s) && s[i+1]&0xc0 == 0x80: // a letter's two bytes in UTF-8
			i++
		default:
			return false
		}
	}
	return true
}

func invisible(r rune) bool {
	if r < utf8.RuneSelf {
		return (r < ' ' || r == 0x7f) && r != '\n' && r != '\t'
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Clean replaces every text in what a pointer leads to by what clean makes of it: in structs, slices, maps and
// interfaces, but not the keys of maps. Nobody else may hold the value.
func Clean(value any, clean func(string) string) { cleanIn(reflect.ValueOf(value), clean) }

func cleanIn(v reflect.Value, clean func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			cleanIn(v.Elem(), clean)
		}
	case reflect.Interface:
		if s, ok := v.Interface().(string); ok && v.CanSet() {
			v.Set(reflect.ValueOf(clean(s)))
		} else if !v.IsNil() {
			cleanIn(v.Elem(), clean)
		}
	case reflect.String:
		if v.CanSet() {
			if s := clean(v.String()); s != v.String() {
				v.SetString(s)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				cleanIn(v.Field(i), clean)
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			for i := range v.Len() {
				cleanIn(v.Index(i), clean)
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if was := v.MapIndex(key); was.CanInterface() {
				now := reflect.New(was.Type()).Elem() // what is in a map cannot be changed in its place
				now.Set(was)
				cleanIn(now, clean)
				v.SetMapIndex(key, now)
			}
		}
	}
}
