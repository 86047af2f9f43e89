package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"encoding/binary"
	"encoding/json"
	"strings"
	"unicode/utf16"

	"kapu/lang"
)

// freeOTP2 reads the backup of FreeOTP 2, externalBackup.xml: in spite of its name a map that Java has serialised, from
// ids to JSON texts, the secrets in them encrypted.
type freeOTP2 struct{}

// javaMap is how a serialised java.util.HashMap begins.
const javaMap = "\xac\xed\x00\x05sr\x00\x11java.util.HashMap"

func (freeOTP2) Name() string { return "FreeOTP" }

func (freeOTP2) Detect(data []byte) bool { return bytes.HasPrefix(data, []byte(javaMap)) }

func (f freeOTP2) Read(data []byte, o ReadOptions) ([]Entry, error) {
	ids, texts, err := javaStrings(f.Name(), data)
	if err != nil {
		return nil, err
	}
	master, err := f.unlock(texts["masterKey"], o)
	if err != nil {
		return nil, err
	}
	var tokens items
	var secrets []string
	for _, id := range ids {
		if of, ok := strings.CutSuffix(id, "-token"); ok {
			tokens = append(tokens, json.RawMessage(texts[id]))
			secrets = append(secrets, texts[of])
		}
	}
	at := -1
	return entriesOf(o.Budget, f.Name(), tokens, func(x freeOTPToken, e *Entry) error {
		at++
		x.called(e)
		sealed, _ := decode[struct{ Key string }]([]byte(secrets[at]))
		key, err := decode[javaSealed]([]byte(sealed.Key))
		secret, ok := key.open(master)
		if err != nil || !ok {
			return lang.E("import-entry-damaged", "Format", f.Name())
		}
		return x.read(e, secret)
	}), nil
}

// unlock opens the key that the secrets are under by one that is made of the password.
func (f freeOTP2) unlock(text string, o ReadOptions) ([]byte, error) {
	m, err := decode[struct {
		MAlgorithm    string
		MIterations   uint64
		MSalt         javaBytes
		MEncryptedKey javaSealed
	}]([]byte(text))
	if err != nil || len(m.MSalt) != keyLength { // it makes the key as long as the salt
		return nil, damaged(f.Name())
	}
	var k kdf
	switch strings.ToLower(m.MAlgorithm) {
	case "pbkdf2withhmacsha512":
		k = pbkdf2Of(sha512.New, m.MSalt, m.MIterations)
	case "pbkdf2withhmacsha1":
		k = pbkdf2SHA1(m.MSalt, m.MIterations)
	}
	key, err := k.key(o, f.Name())
	if err != nil {
		return nil, err
	}
	master, ok := m.MEncryptedKey.open(key)
	if !ok {
		return nil, wrongPassword(f.Name())
	}
	return master, nil
}

// javaSealed is a key under AES-GCM, about the name of what the key is for.
type javaSealed struct {
	MCipher, MToken          string
	MCipherText, MParameters javaBytes
}

// open reads the parameters, in DER the nonce and the length of the tag, and opens the key.
func (s javaSealed) open(key []byte) (plain []byte, ok bool) {
	p := s.MParameters // 48 length, 4 12 nonce, 2 1 tag
	const nonce = 12
	if s.MCipher != "AES/GCM/NoPadding" || len(p) < 4+nonce || p[0] != 0x30 || p[2] != 0x04 || p[3] != nonce {
		return nil, false
	}
	tag := 12 // DER leaves the usual length out
	if rest := p[4+nonce:]; len(rest) == 3 && rest[0] == 0x02 && rest[1] == 1 {
		tag = int(rest[2])
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	gcm, err := cipher.NewGCMWithTagSize(block, tag)
	if err != nil {
		return nil, false
	}
	plain, err = gcm.Open(nil, p[4:4+nonce], s.MCipherText, []byte(s.MToken))
	return plain, err == nil
}

// javaBytes are bytes as Java has them, with a sign.
type javaBytes []byte

// UnmarshalJSON reads a list of numbers.
func (b *javaBytes) UnmarshalJSON(data []byte) error {
	var signed []int16
	if err := json.Unmarshal(data, &signed); err != nil {
		return err
	}
	*b = make([]byte, len(signed))
	for i, n := range signed {
		(*b)[i] = byte(n)
	}
	return nil
}

// javaStrings reads a serialised map from texts to texts, of which there is nothing else in the file.
func javaStrings(format string, data []byte) (keys []string, texts map[string]string, err error) {
	const blockOfTwoNumbers, text, longText, end = "\x77\x08", 't', '|', 'x'
	at := bytes.Index(data[:min(len(data), 200)], []byte(blockOfTwoNumbers)) // behind the description of the class
	if at < 0 || len(data) < at+10 {
		return nil, nil, damaged(format)
	}
	n := int(binary.BigEndian.Uint32(data[at+6:]))
	data = data[at+10:]
	if n > 2*maxEntries+1 {
		return nil, nil, tooMany()
	}
	next := func() (string, bool) {
		size, width := uint64(0), 0
		switch {
		case len(data) > 3 && data[0] == text:
			size, width = uint64(binary.BigEndian.Uint16(data[1:])), 3
		case len(data) > 9 && data[0] == longText:
			size, width = binary.BigEndian.Uint64(data[1:]), 9
		default:
			return "", false
		}
		if size > uint64(len(data)-width) {
			return "", false
		}
		s := javaText(data[width : width+int(size)])
		data = data[width+int(size):]
		return s, true
	}
	texts = map[string]string{}
	for range n {
		key, ok := next()
		value, whole := next()
		if !ok || !whole {
			return nil, nil, damaged(format)
		}
		keys, texts[key] = append(keys, key), value
	}
	if len(data) != 1 || data[0] != end {
		return nil, nil, damaged(format)
	}
	return keys, texts, nil
}

// javaText reads Java's own UTF-8: a character beyond the first plane is two halves there, and NUL has two bytes.
func javaText(b []byte) string {
	var units []uint16
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c < 0x80 || i+1 >= len(b):
			units = append(units, uint16(c))
			i++
		case c < 0xe0 || i+2 >= len(b):
			units = append(units, uint16(c&0x1f)<<6|uint16(b[i+1]&0x3f))
			i += 2
		default:
			units = append(units, uint16(c&0x0f)<<12|uint16(b[i+1]&0x3f)<<6|uint16(b[i+2]&0x3f))
			i += 3
		}
	}
	return string(utf16.Decode(units))
}
