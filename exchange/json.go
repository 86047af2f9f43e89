package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"kapu/lang"
	"kapu/vault"
)

// oneEncoding is a file's content, in UTF-8 if it is JSON or XML in UTF-16: every reader looks at it, and each would
// decode it for itself. A table's encoding is its reader's business, which names it.
func oneEncoding(data []byte) []byte {
	if _, ok := utf16Order(data); !ok {
		return data
	}
	start := strings.TrimSpace(plainText(beginning(data, 64)))
	if start == "" || strings.IndexByte("{[", start[0]) < 0 {
		return data
	}
	return []byte(plainText(data))
}

// jsonOf is a file's content without what stands around its JSON: PowerShell's ">" makes it UTF-16.
func jsonOf(data []byte) []byte {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		data = []byte(plainText(data))
	}
	return bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
}

// hasKeys says whether data looks like JSON that begins with this bracket and has all of these keys somewhere. A
// large file is searched, not parsed: within a JSON text an unescaped quote never stands before a name, so what is
// found is a key and no part of somebody's note.
func hasKeys(data []byte, bracket byte, keys ...string) bool {
	data = jsonOf(data)
	if len(data) == 0 || data[0] != bracket {
		return false
	}
	for _, key := range keys {
		if !hasKey(data, []byte(`"`+key+`"`)) {
			return false
		}
	}
	return true
}

func hasKey(data, quoted []byte) bool {
	for {
		i := bytes.Index(data, quoted)
		if i < 0 {
			return false
		}
		data = data[i+len(quoted):]
		if bytes.HasPrefix(bytes.TrimLeft(data[:min(len(data), 8)], " \t\r\n"), []byte(":")) {
			return true
		}
	}
}

// decode reads a JSON value. What can be read of it is there also where there is an error.
func decode[T any](data []byte) (value T, err error) {
	if !utf8.Valid(data) {
		data = []byte(valid(string(data)))
	}
	err = json.Unmarshal(data, &value)
	return value, err
}

// decodeFile is decode for a whole file, of which either all can be read or nothing.
func decodeFile[T any](format string, data []byte) (T, error) {
	var file T
	data = jsonOf(data)
	if err := countJSON(data); err != nil {
		return file, err
	}
	if json.Unmarshal(data, &file) != nil {
		return file, damaged(format)
	}
	return file, nil
}

func damaged(format string) error { return lang.E("import-damaged", "Format", format) }

// upTo refuses a file of a version that came after those this program knows.
func upTo(known, version int, format string) error {
	if version > known {
		return lang.E("import-newer", "Format", format, "Version", version, "Known", known)
	}
	return nil
}

// entriesOf makes an entry of each item. The items are raw, so that one bad item does not spoil the others.
func entriesOf[T any](b *Budget, format string, list items, read func(item T, e *Entry) error) []Entry {
	entries := make([]Entry, len(list))
	for i, raw := range list {
		if b.err() != nil {
			return nil // which Read says
		}
		e := &entries[i]
		item, broken := decode[T](raw)
		err := read(item, e)
		e.Line = i + 1
		switch {
		case e.Skip != nil:
			// What else it holds is not asked for.
			*e = Entry{Line: e.Line, Name: shorten(vault.CleanText(e.Name), vault.MaxName), Skip: e.Skip}
			continue
		case broken != nil: // also of a field that seems to be of no account: it may say how the code is made
			err = lang.E("import-entry-damaged", "Format", format)
		case err == nil:
			e.wholeKey()
			err = e.fit()
		}
		if err != nil {
			e.refused(err)
		}
	}
	return entries
}

// code is how programs that keep a key in fields of its own say how codes are made; what is null or missing there
// is empty here.
type code struct {
	Secret    string      `json:"secret"`
	Algorithm string      `json:"algorithm"`
	Digits    json.Number `json:"digits"`
	Period    json.Number `json:"period"`
	Counter   json.Number `json:"counter"`
}

// codeFrom makes the entry's key of such fields.
func (e *Entry) codeFrom(c code, kind string) error {
	return e.keyFrom(parameters{
		"secret": c.Secret, "algorithm": c.Algorithm,
		"digits": c.Digits.String(), "period": c.Period.String(), "counter": c.Counter.String(),
	}, kind)
}

// wholeKey brings a key that a program gave out into the form of the vault. Some programs accept what a person typed in
// whatever length and pass over the bits behind the last whole byte; so does this, where Base32 has no such length.
func (e *Entry) wholeKey() {
	clean := strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '=' {
			return -1
		}
		return r
	}, e.Key.Secret))
	last := len(clean) - 1
	if n := len(clean) % 8; n != 1 && n != 3 && n != 6 || last == 0 || strings.TrimLeft(clean[last:], base32Digits) != "" {
		return
	}
	raw, err := base32Raw.DecodeString(clean[:last]) // one character less always makes whole bytes
	if err == nil {                                  // otherwise the vault says what is wrong
		e.Key.Secret = base32Raw.EncodeToString(raw)
		e.warn(lang.E("import-odd-key"))
	}
}

const base32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// folders are the names of a file's folders by their ids. One that cannot be read has no name.
func folders(list items) map[string]string {
	names := make(map[string]string, len(list))
	for _, raw := range list {
		f, _ := decode[struct{ ID, UUID, Name string }](raw)
		names[f.ID+f.UUID] = f.Name // one of the two
	}
	return names
}

// first of a list, such as the tags of an entry: a client has one folder.
func first(of []string) string {
	for _, s := range of {
		if vault.CleanText(s) != "" {
			return s
		}
	}
	return ""
}
