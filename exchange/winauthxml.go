package exchange

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	//lint:ignore SA1019 the format's choice
	"golang.org/x/crypto/blowfish"

	"kapu/lang"
	"kapu/vault"
)

// winAuthXML reads WinAuth's own file, winauth.xml: plain, or behind a password. One that is tied to the Windows
// account or to a YubiKey is opened by nothing else.
type winAuthXML struct{}

func (winAuthXML) Name() string { return "WinAuth" }

func (winAuthXML) Detect(data []byte) bool {
	start := bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1<<10)], []byte("\ufeff")))
	return bytes.HasPrefix(start, []byte("<")) && bytes.Contains(start, []byte("<WinAuth"))
}

func (w winAuthXML) Read(data []byte, o ReadOptions) ([]Entry, error) {
	r := winAuthReader{ask: o.Ask, budget: o.Budget}
	if err := r.document(bytes.TrimPrefix(data, []byte("\ufeff")), 0); err != nil {
		return nil, err
	}
	switch len(r.entries) {
	case 0:
		return nil, damaged(w.Name())
	case r.unopened:
		return nil, wrongPassword(w.Name())
	}
	return r.entries, nil
}

// winAuthReader collects the entries of a file, which may have encrypted documents within it.
type winAuthReader struct {
	ask      Ask
	budget   *Budget
	password string
	entries  []Entry
	unopened int // entries that the password does not open
}

// maxNesting is how deep encrypted documents may lie within each other: the file, its data, an entry's.
const maxNesting = 3

// document reads one XML text. Nothing in it is expanded: entities of its own are an error.
func (r *winAuthReader) document(text []byte, depth int) error {
	format := winAuthXML{}.Name()
	if depth > maxNesting {
		return damaged(format)
	}
	d := decoderOf(r.budget, bytes.NewReader(text))
	elements := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && elements > 0 {
			return nil
		}
		if _, declares := t.(xml.Directive); err != nil || declares {
			return damaged(format)
		}
		if start, ok := t.(xml.StartElement); ok {
			elements++
			if err := r.element(d, start, depth); err != nil {
				return err
			}
		}
	}
}

// element reads an authenticator or an encrypted document; all else is passed over, and what is within it is not.
func (r *winAuthReader) element(d *xml.Decoder, start xml.StartElement, depth int) error {
	format := winAuthXML{}.Name()
	sealed := attribute(start, "encrypted")
	switch {
	case start.Name.Local == "WinAuthAuthenticator":
		var a winAuthElement
		if err := d.DecodeElement(&a, &start); err != nil {
			return damaged(format)
		}
		if len(r.entries) == maxEntries {
			return tooMany()
		}
		return r.authenticator(a)
	case sealed != "" && (start.Name.Local == "WinAuth" || start.Name.Local == "data"):
		var inner string
		if err := d.DecodeElement(&inner, &start); err != nil {
			return damaged(format)
		}
		plain, err := r.open(inner, sealed)
		if err != nil {
			return err
		}
		return r.document(plain, depth+1)
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// winAuthElement is one authenticator.
type winAuthElement struct {
	Type string      `xml:"type,attr"`
	Name string      `xml:"name"`
	Data winAuthData `xml:"authenticatordata"`
}

type winAuthData struct {
	Encrypted string `xml:"encrypted,attr"`
	Sealed    string `xml:",chardata"`
	Secret    string `xml:"secretdata"`
}

// authenticator makes an entry. An error is one of the whole file.
func (r *winAuthReader) authenticator(a winAuthElement) error {
	e := Entry{Line: len(r.entries) + 1}
	if service, account, both := strings.Cut(a.Name, ":"); both { // it keeps a URI's label as it is
		e.called(vault.CleanText(account), vault.CleanText(service))
	} else {
		e.Name = vault.CleanText(a.Name)
	}
	var err error
	if a.Data.Encrypted != "" {
		var plain []byte
		if plain, err = r.open(a.Data.Sealed, a.Data.Encrypted); err == nil {
			a.Data = winAuthData{}
			if xml.Unmarshal(plain, &a.Data) != nil {
				err = lang.E("import-entry-damaged", "Format", winAuthXML{}.Name())
			}
		}
		if err != nil && !isEntrys(err) {
			return err
		}
		if errors.Is(err, ErrPassword) {
			r.unopened++
		}
	}
	if err == nil {
		err = e.winAuthSecret(a)
	}
	if err == nil {
		err = e.fit()
	}
	if err != nil {
		e.refused(err)
	}
	r.entries = append(r.entries, e)
	return nil
}

// isEntrys says whether an error is of one entry, others being whole: not that nobody gave a password.
func isEntrys(err error) bool {
	of := []string{"winauth-tied", "import-entry-damaged", "import-damaged"}
	return errors.Is(err, ErrPassword) || slices.Contains(of, sentence(err).ID)
}

// winAuthSecret reads the secret, in hexadecimal digits, and how codes come from it, by tabs; what stands behind a bar
// is the counter, or another service's.
func (e *Entry) winAuthSecret(a winAuthElement) error {
	data, further, _ := strings.Cut(a.Data.Secret, "|")
	parts := append(strings.Split(strings.Trim(data, " \r\n"), "\t"), "", "", "")
	raw, err := hex.DecodeString(parts[0])
	if err != nil {
		return lang.E("import-entry-damaged", "Format", winAuthXML{}.Name())
	}
	q := parameters{
		"secret": base32Raw.EncodeToString(raw), "digits": parts[1], "algorithm": parts[2], "period": parts[3],
	}
	kind := vault.TOTP
	switch _, of, _ := strings.Cut(a.Type, "."); strings.TrimSuffix(of, "Authenticator") {
	case "HOTP":
		kind = vault.HOTP
		last, err := strconv.ParseUint(strings.TrimSpace(further), 10, 63)
		if err != nil {
			return lang.E("import-counter")
		}
		q["counter"] = strconv.FormatUint(last+1, 10) // WinAuth counts the last code
	case "Steam":
		kind, e.Service = vault.Steam, "Steam"
	case "BattleNet":
		e.Service = "Battle.net"
		if q["digits"] == "" {
			q["digits"] = "8"
		}
	case "Trion":
		kind = "Trion"
	}
	return e.keyFrom(q, string(kind))
}

// open decrypts a text, whose letters say how it is encrypted: y by a password, u and m by Windows, a and b by a
// YubiKey.
func (r *winAuthReader) open(text, letters string) ([]byte, error) {
	format := winAuthXML{}.Name()
	if strings.Trim(letters, "y") != "" {
		return nil, lang.E("winauth-tied")
	}
	data, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, damaged(format)
	}
	if r.password == "" {
		if r.password, err = password(r.ask, format); err != nil {
			return nil, err
		}
	}
	const header, saltSize = "WINAUTH3", 8
	rest, hashed := bytes.CutPrefix(data, []byte(header))
	var salt, hash []byte
	if hashed {
		if len(rest) < saltSize+sha256.Size {
			return nil, damaged(format)
		}
		salt, hash, rest = rest[:saltSize], rest[saltSize:saltSize+sha256.Size], rest[saltSize+sha256.Size:]
	}
	plain, ok := openBlowfish(rest, r.password)
	if !ok {
		return nil, wrongPassword(format)
	}
	sum := sha256.Sum256(append(bytes.Clone(salt), plain...))
	if hashed && !bytes.Equal(sum[:], hash) || !hashed && !isText(plain) {
		return nil, wrongPassword(format)
	}
	return plain, nil
}

// openBlowfish opens what WinAuth seals by a password: salt, and text under Blowfish, block by block. It makes a key of
// 256 bytes, of which the cipher takes 72: as many as there are of its own subkeys.
func openBlowfish(data []byte, password string) (plain []byte, ok bool) {
	const saltSize, subkeys = 8, 72
	if len(data) < saltSize+blowfish.BlockSize || (len(data)-saltSize)%blowfish.BlockSize != 0 {
		return nil, false
	}
	salt, text := data[:saltSize], data[saltSize:]
	key, err := pbkdf2.Key(sha1.New, password, salt, 2000, subkeys)
	if err != nil {
		return nil, false
	}
	block, err := blowfish.NewSaltedCipher(key, make([]byte, blowfish.BlockSize)) // the other constructor takes 56 bytes
	if err != nil {
		return nil, false
	}
	plain = make([]byte, len(text))
	for at := 0; at < len(text); at += blowfish.BlockSize {
		block.Decrypt(plain[at:], text[at:])
	}
	padding := int(plain[len(plain)-1]) // ISO 10126: the bytes before it are random
	if padding == 0 || padding > blowfish.BlockSize {
		return nil, false
	}
	return plain[:len(plain)-padding], true
}
